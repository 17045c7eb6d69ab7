"""What an AD changed in a coop's books, told on the coop's first page until it is seen, and by mail once a day at most."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import Settings

from retkoop.assistance import telling
from retkoop.assistance.models import VisitMark
from retkoop.assistance.telling import tell_the_day
from retkoop.assistance.visits import Visit, unseen_visits
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.books.services import delete_operation
from retkoop.mailing.models import Letter
from retkoop.network.access import Access, open_coop
from retkoop.network.models import RoleKind
from tests.archive.sent import picture_bytes, receive
from tests.assistance.at_hand import asked, wrote
from tests.books.coops import at, client_of, note, plain, queries_of, said
from tests.cast import ALICE, make_staff
from tests.clock import Clock

pytestmark = pytest.mark.django_db

BY_MAIL = "- Julie (OCCE 91) a modifié 1 ligne le 3 mars 2026."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    telling._TOLD.clear()  # noqa: SLF001 -- each test is another day
    clock = Clock(monkeypatch)
    clock.set(2026, 3, 3, 9)
    return clock


@pytest.fixture
def mail(settings: Settings, alice: Access) -> None:
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, "https://retkoop.exemple.fr"


def sentences(access: Access) -> list[str]:
    return [plain(visit.sentence("OCCE 91")) for visit in unseen_visits(access)]


def test_the_first_page_tells_who_changed_what_until_it_is_seen(alice: Access, julie: Access, book: Book) -> None:
    row = note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    note(julie, book, "D2", "2026-03-02", "Train", -20_00)
    delete_operation(access=julie, book=book, key=row.pk, version=row.version)
    note(alice, book, "D3", "2026-03-02", "Cahiers", -5_00)
    client = client_of(alice)
    page = client.get(at(book, "home"))
    assert "Julie (OCCE 91) a modifié 2 lignes le 3 mars 2026 Voir ce qui a changé J’ai vu" in said(page)
    place = unseen_visits(alice)[0].last
    assert client.post(at(book, "see_visits"), {"place": str(place)}).status_code == 302
    assert "Julie" not in said(client.get(at(book, "home")))
    note(julie, book, "D4", "2026-03-02", "Bus", -7_00)
    assert sentences(alice) == ["Julie (OCCE 91) a modifié 1 ligne le 3 mars 2026"]


def test_those_who_changed_it_are_told_nothing(alice: Access, julie: Access, book: Book) -> None:
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    assert "a modifié" not in said(client_of(julie).get(at(book, "home")))
    assert client_of(julie).post(at(book, "see_visits"), {"place": "99"}).status_code == 404


def test_each_day_and_each_person_apart(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    clock.set(2026, 3, 4, 9)
    receive(julie, book, picture_bytes())
    note(julie, book, "D2", "2026-03-02", "Musée", -10_00)
    fanny = open_coop(make_staff("fanny", RoleKind.FEDERATION, None), ALICE)
    AuditEvent.objects.filter(action="document.received").update(actor_name="Fanny", role=fanny.role)
    assert sentences(alice) == [
        "Julie (OCCE 91) a modifié 1 ligne le 4 mars 2026",
        "Fanny (fédération) a fait 1 changement le 4 mars 2026",
        "Julie (OCCE 91) a modifié 1 ligne le 3 mars 2026",
    ]


def test_other_things_are_counted_apart() -> None:
    visits = [Visit("Julie", RoleKind.ANIMATEUR, date(2026, 3, 3), lines, others, 1) for lines, others in ((2, 1), (1, 3), (0, 2))]
    assert [plain(visit.sentence("OCCE 91")) for visit in visits] == [
        "Julie (OCCE 91) a modifié 2 lignes et fait 1 autre changement le 3 mars 2026",
        "Julie (OCCE 91) a modifié 1 ligne et fait 3 autres changements le 3 mars 2026",
        "Julie (OCCE 91) a fait 2 changements le 3 mars 2026",
    ]


def test_an_answer_is_no_change_of_the_books(alice: Access, julie: Access, book: Book) -> None:
    wrote(julie, asked(alice, book))
    assert sentences(alice) == []


def test_nobody_marks_as_seen_what_has_not_happened(alice: Access, julie: Access, book: Book) -> None:
    client_of(alice).post(at(book, "see_visits"), {"place": "999999"})
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    assert len(sentences(alice)) == 1


def test_the_first_page_costs_no_more_for_it(alice: Access, julie: Access, book: Book) -> None:
    for number in range(30):
        note(julie, book, f"D{number}", "2026-03-02", "Musée", -10_00)
    assert queries_of(client_of(alice), at(book, "home")) <= 12


@pytest.mark.usefixtures("mail")
def test_in_the_evening_the_coop_is_told_by_mail_once(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    assert tell_the_day() == 0
    clock.set(2026, 3, 3, 18)
    assert [tell_the_day(), tell_the_day()] == [1, 0]
    telling._TOLD.clear()  # noqa: SLF001 -- another worker
    assert tell_the_day() == 0
    letter = Letter.objects.get()
    assert (letter.address, letter.subject) == (alice.coop.email, "Vos comptes ont été modifiés par votre association")
    assert plain(letter.body).split("\n\n")[1].strip() == BY_MAIL
    assert "https://retkoop.exemple.fr/coop/0910000A/2025-2026/historique/" in letter.body
    assert "10,00" not in letter.body
    clock.set(2026, 3, 4, 18)
    assert tell_the_day() == 0


@pytest.mark.usefixtures("mail")
def test_what_the_coop_has_seen_is_not_told(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    VisitMark.objects.create(coop=alice.coop, seen=9999)
    clock.set(2026, 3, 3, 19)
    assert (tell_the_day(), Letter.objects.count()) == (0, 0)


@pytest.mark.usefixtures("mail")
def test_what_is_long_past_is_told_on_the_first_page_alone(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    note(julie, book, "D1", "2026-03-02", "Musée", -10_00)
    clock.set(2026, 3, 9, 19)
    assert (tell_the_day(), len(sentences(alice))) == (0, 1)
