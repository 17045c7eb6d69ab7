"""What the federation announces, and to whom it shows until they have read it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from retkoop.audit.models import AuditEvent
from retkoop.network.models import RoleKind
from retkoop.oversight.national.announcing import announcements_for
from retkoop.oversight.national.models import Announcement, Readers
from retkoop.users.models import User
from tests.books.coops import a_book, keeper
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.oversight.national.at_hand import announced
from tests.pages import controls, errors, main_text, notices

PAGE = "/federation/annonces/"


def sent(client: Client, **given: str) -> dict[str, str]:
    form = {"submission": controls(client.get(PAGE), "submission")[0]["value"], "title": "Envoi des comptes", "text": "Avant le 30."}
    return form | {"readers": "all", "first_day": "05/10/2026", "last_day": "15/10/2026"} | given


@pytest.fixture
def bob(db: None) -> User:
    return make_staff("bob", RoleKind.ANIMATEUR)


@pytest.mark.django_db
def test_it_is_announced_changed_and_withdrawn(client: Client) -> None:
    form = sent(client)
    assert notices(client.post(PAGE, form, follow=True)) == ["L’annonce est enregistrée."]
    client.post(PAGE, form)  # a double click
    row = Announcement.objects.get()
    assert (row.title, row.readers, row.first_day, row.last_day) == ("Envoi des comptes", "all", date(2026, 10, 5), date(2026, 10, 15))
    assert "Envoi des comptes Visible Avant le 30. Tout le monde, du 05/10/2026 au 15/10/2026 · 0\u00a0compte l’a lue" in main_text(
        client.get(PAGE)
    )
    change = sent(client, title="Envoi des CRF", version="1")
    assert notices(client.post(f"{PAGE}{row.pk}/", change, follow=True)) == ["L’annonce est modifiée."]
    again = client.post(f"{PAGE}{row.pk}/", sent(client, title="Autre", version="1"))
    assert (again.status_code, "Cette annonce a été modifiée entre-temps" in main_text(again)) == (422, True)
    assert notices(client.post(f"{PAGE}{row.pk}/retirer/", follow=True)) == ["L’annonce est retirée."]
    assert client.get(f"{PAGE}{row.pk}/").status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="announcement").order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["announcement.made", "announcement.changed", "announcement.withdrawn"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"title": ""}, "Donnez un titre à l’annonce."),
        ({"text": ""}, "Écrivez ce que vous annoncez."),
        ({"readers": "autres"}, "Choisissez pour qui."),
        ({"first_day": ""}, "Indiquez le premier jour."),
        ({"last_day": ""}, "Indiquez le dernier jour."),
    ],
)
def test_what_is_missing_is_told_beside_it(client: Client, given: dict[str, str], refusal: str) -> None:
    answer = client.post(PAGE, sent(client, **given))
    assert (answer.status_code, errors(answer)) == (422, [refusal])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("last_day", "refusal"),
    [("01/10/2026", "La dernière date est avant la première."), ("15/10/2028", "Une annonce reste un an au plus.")],
)
def test_days_that_cannot_be(client: Client, last_day: str, refusal: str) -> None:
    answer = client.post(PAGE, sent(client, last_day=last_day))
    assert (answer.status_code, errors(answer)) == (422, [refusal])


@pytest.mark.django_db
def test_each_sees_what_is_said_to_them_until_they_have_read_it(bob: User) -> None:
    alice = keeper()
    a_book(alice)
    for title, readers in (("À tous", Readers.ALL), ("Aux coops", Readers.COOPS), ("Aux AD", Readers.ASSOCIATIONS)):
        announced(title, readers)
    coop, board = logged_in(alice.user), logged_in(bob)
    home = f"/coop/{alice.coop.rne}/2025-2026/"

    def titles(client: Client, address: str) -> list[str]:
        text = main_text(client.get(address))
        assert ('hx-get="/annonces/' in client.get(address).content.decode()) is (client is coop and address == home)
        return [title for title in ("À tous", "Aux coops", "Aux AD") if title in text]

    assert (titles(coop, "/annonces/"), titles(board, "/ad/91/")) == (["À tous", "Aux coops"], ["À tous", "Aux AD"])
    assert (titles(coop, home), titles(board, home)) == ([], [])  # home asks for them by itself
    for_all = Announcement.objects.get(readers=Readers.ALL)
    assert coop.post(f"/annonces/{for_all.pk}/lu/", {"retour": home})["Location"] == home
    assert coop.post(f"/annonces/{for_all.pk}/lu/", {"retour": "//ailleurs.fr/"})["Location"] == "/"
    assert coop.post("/annonces/999/lu/")["Location"] == "/"
    assert (titles(coop, "/annonces/"), titles(board, "/ad/91/")) == (["Aux coops"], ["À tous", "Aux AD"])
    part = coop.get("/annonces/", {"retour": home}, HTTP_HX_REQUEST="true").content.decode()
    assert ("<html" in part, part.count("J’ai lu"), f'value="{home}"' in part) == (False, 2, True)


@pytest.mark.django_db
def test_it_shows_from_its_first_day_to_its_last(bob: User, clock: Clock) -> None:
    announced(first=date(2026, 10, 6), days=1)
    shown = []
    for day in (5, 6, 7, 8):
        clock.set(2026, 10, day, 9)
        shown.append(len(announcements_for(bob, Readers.ASSOCIATIONS)))
    assert shown == [0, 1, 1, 0]


@pytest.mark.django_db
def test_said_anew_it_shows_again(client: Client, bob: User) -> None:
    row = announced()
    logged_in(bob).post(f"/annonces/{row.pk}/lu/")
    same = {"text": row.text, "last_day": "20/10/2026"}
    client.post(f"{PAGE}{row.pk}/", sent(client, version="1", **same))
    assert announcements_for(bob, Readers.ASSOCIATIONS) == []  # later, in the same words
    client.post(f"{PAGE}{row.pk}/", sent(client, version="2", text="Avant le 15 octobre."))
    assert announcements_for(bob, Readers.ASSOCIATIONS) == [row]
