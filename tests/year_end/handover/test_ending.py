"""The end of a coop: closed, or merged into another; what stands in the way, and what is left of it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pikepdf
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone
from pytest_django.fixtures import Settings

from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.banking.services import point_until
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.queries import standing_of
from retkoop.books.services import open_book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import lamps
from retkoop.network.access import Access, AssociationAccess, open_coop
from retkoop.network.models import Coop, Mandate, RoleKind
from retkoop.network.services import give_mandate
from retkoop.oversight.rules.signatures import set_signature
from retkoop.upkeep.verification import faults
from retkoop.year_end.closing.queries import entry_refusal, state_of
from retkoop.year_end.closing.review import books_in, years_of
from retkoop.year_end.closing.services import Reviewing, reopen
from retkoop.year_end.handover.ending import CoopEnd, end_coop
from retkoop.year_end.handover.services import cancel_handover
from tests.archive.sent import picture_bytes, receive
from tests.banking.books_at_hand import count, now, statement
from tests.books.coops import a_book, client_of, keeper, note
from tests.cast import CHARLIE, FAR_AWAY, logged_in, make_coop
from tests.clock import Clock
from tests.pages import links
from tests.year_end.handover.at_hand import administrateur, filled, mandate_of, planned, signed
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import in_state, letters

pytestmark = pytest.mark.django_db

DAY: Final = date(2026, 8, 31)
TODAY: Final = date(2026, 9, 10)
END: Final = CoopEnd(DAY, "L’école ferme.")
SEPTEMBER: Final = CoopEnd(date(2026, 9, 5), "L’école ferme.")
OWNED: Final = (1_028_20, 21_50)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 10, 9, 5)
    return clock


@pytest.fixture
def ad(alice: Access) -> AssociationAccess:
    return administrateur()


@pytest.fixture
def ready(alice: Access, book: Book) -> Book:
    """The musée with each operation on the last statement, and its cash counted."""
    row = statement(alice, book, OWNED[0], number="8")
    point_until(access=alice, statement=row, day=DAY)
    count(alice, book, DAY, {20_00: 1, 1_00: 1, 50: 1})
    return now(book)


@pytest.fixture
def charlie(alice: Access) -> Access:
    access = keeper(CHARLIE)
    a_book(access)
    return access


def end(ad: AssociationAccess, coop: Coop, how: CoopEnd = END) -> Coop:
    return end_coop(access=ad, coop=coop, end=how, today=TODAY, submission=uuid.uuid4())


def told_of(ad: AssociationAccess, start: int) -> dict[ClosingState, int]:
    """Return how many books of an AD are in each state in a year, the states that have some."""
    return {state: count for state, count in years_of(ad.association, start).items() if count}


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        verb()
    return str(refusal.value).replace("\u202f", " ")


class TestClose:
    def test_what_it_owns_goes_to_the_ad(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        coop = end(ad, alice.coop)
        assert (coop.closed_on, coop.merged_into, coop.end_reason) == (DAY, None, "L’école ferme.")
        row = Operation.objects.get(book=ready, piece="FIN")
        told = (row.date, row.label, row.tiers, row.accounts, row.bank, row.cash, row.proof, row.pointed_year)
        label = "Fermeture\u202f: solde versé à l’OCCE 91"
        assert told == (DAY, label, "OCCE 91", "67000008", -OWNED[0], -OWNED[1], Proof.PAPER, None)
        assert row.proof_place == "Décision de l’OCCE 91 du 31 août 2026"
        standing = standing_of(now(ready))
        assert (standing.bank, standing.cash, standing.imbalance, standing.reconciliation.gap) == (0, 0, 0, 0)
        assert [lamp.state for lamp in lamps(standing)][:2] == ["good", "good"]
        assert list(faults()) == []

    def test_the_trail_tells_who_and_what(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        end(ad, alice.coop)
        events = AuditEvent.objects.filter(chain=alice.coop.chain, actor=ad.user).order_by("sequence")
        assert [event.action for event in events] == [
            "operation.recorded",
            "operation.on_paper",
            "book.sealed",
            "closing.closed",
            "coop.closed",
        ]
        assert {event.role for event in events} == {"administrateur"}

    def test_mandates_end_that_day(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        mandate = mandate_of(alice)
        end(ad, alice.coop)
        mandate.refresh_from_db()
        assert mandate.end == DAY

    def test_mandates_that_would_begin_later_end_too(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        for holder, start, last in (("A", 2, None), ("B", 2, date(2027, 8, 31)), ("C", 2, date(2026, 9, 2))):
            mandate_of(alice, holder, start=date(2026, 9, start), end=last)
        mandate_of(alice, "D", end=date(2026, 6, 30))
        end(ad, alice.coop)
        rows = Mandate.objects.filter(coop=alice.coop).order_by("holder").values_list("holder", "end")
        first_day = date(2026, 9, 2)
        assert list(rows) == [("A", first_day), ("B", first_day), ("C", first_day), ("D", date(2026, 6, 30))]
        assert AuditEvent.objects.filter(chain=alice.coop.chain, action="mandate.ended").count() == 2

    def test_an_empty_coop_hands_over_nothing(self, charlie: Access, ad: AssociationAccess) -> None:
        end(ad, charlie.coop)
        assert (Operation.objects.count(), Coop.objects.get(rne=CHARLIE).closed_on) == (0, DAY)

    def test_sent_twice_it_is_done_once(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        given = {"access": ad, "coop": alice.coop, "end": END, "today": TODAY, "submission": uuid.uuid4()}
        end_coop(**given)  # type: ignore[arg-type]  # the same form, twice
        with pytest.raises(AlreadySubmitted):
            end_coop(**given)  # type: ignore[arg-type]  # idem
        assert Operation.objects.filter(piece="FIN").count() == 1

    def test_the_coop_is_told(self, alice: Access, ready: Book, ad: AssociationAccess, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        Coop.objects.filter(pk=alice.coop.pk).update(email="ecole@exemple.fr")
        end(ad, alice.coop)
        (letter,) = letters()
        assert (letter.to, letter.subject) == (["ecole@exemple.fr"], "École Jean-Jaurès (0910000A) : la coopérative est fermée")
        assert "Ce qu’elle possédait revient à l’association." in str(mail.outbox[0].body)

    @pytest.mark.parametrize("merged", [True, False])
    def test_the_ad_prints_a_letter_under_its_signature(
        self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess, *, merged: bool
    ) -> None:
        path, client = f"/ad/91/coops/{alice.coop.rne}/fin/lettre/", logged_in(ad.user)
        assert client.get(path).status_code == 404
        end(ad, alice.coop, replace(END, heir=charlie.coop if merged else None))
        assert path in links(client.get(f"/ad/91/coops/{alice.coop.rne}/fin/"))
        answer = client.get(path)
        told = words(answer.content)
        assert ("Réunion de deux coopératives" in told, "revient à l’association" in told) == (merged, not merged)
        assert (answer["Content-Disposition"], images(answer.content)) == ('inline; filename="Fin-0910000A.pdf"', 0)
        image = SimpleUploadedFile("signature.png", picture_bytes())
        set_signature(author=ad.author, association=ad.association, year=SchoolYear.containing(timezone.localdate()), image=image)
        assert images(client.get(path).content) == 1
        assert [client_of(one).get(path).status_code for one in (alice, charlie)] == [404, 404]


def images(content: bytes) -> int:
    return sum(len(page.get_images()) for page in pikepdf.open(io.BytesIO(content)).pages)


class TestRefused:
    def test_all_that_stands_in_the_way_is_told_at_once(self, alice: Access, book: Book, ad: AssociationAccess) -> None:
        note(alice, book, "D91", "2026-05-04", "Livres", -10_00, 0, ("61800008", 9_00))
        in_state(book, ClosingState.SIGNING)
        before = Chain.objects.get(pk=alice.coop.chain).sequence
        assert refused(lambda: end(ad, alice.coop)).splitlines() == [
            "2 erreurs restent dans le cahier : corrigez d’abord.",
            "2 opérations ne sont pas pointées : pointez d’abord le dernier relevé.",
            "Les comptes 2025-2026 sont en cours de signature ou transmis : finissez d’abord.",
        ]
        assert (Chain.objects.get(pk=alice.coop.chain).sequence, Coop.objects.get(pk=alice.coop.pk).closed_on) == (before, None)

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (date(2026, 9, 11), "Choisissez un jour passé, ou aujourd’hui : la fin se note quand elle a eu lieu."),
            (
                date(2026, 9, 1),
                (
                    "Le dernier cahier est celui de 2025-2026 : choisissez un jour de cette année, "
                    "ou ouvrez d’abord l’année 2026-2027 avec son report à nouveau."
                ),
            ),
        ],
    )
    def test_the_day(self, alice: Access, ready: Book, ad: AssociationAccess, day: date, said: str) -> None:
        assert refused(lambda: end(ad, alice.coop, replace(END, day=day))) == said

    def test_a_year_that_is_sealed(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        Book.objects.filter(pk=ready.pk).update(sealed_at="2026-09-09T10:00Z")
        assert "validés et scellés" in refused(lambda: end(ad, alice.coop))

    def test_without_a_book(self, alice: Access, ad: AssociationAccess) -> None:
        assert refused(lambda: end(ad, alice.coop)) == "Aucun cahier n’est ouvert : ouvrez d’abord l’année 2025-2026."

    def test_twice(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        end(ad, alice.coop)
        assert refused(lambda: end(ad, alice.coop)) == "École Jean-Jaurès est déjà fermée depuis le 31 août 2026."

    def test_others_than_an_administrateur_of_the_ad(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        told = "Seuls les administrateurs de l’association départementale ferment une coopérative."
        for other in (replace(ad, role=RoleKind.COMPTABLE), administrateur("92")):
            assert refused(lambda other=other: end(other, alice.coop)) == told  # type: ignore[misc]  # a default


class TestMerge:
    def merge(self, ad: AssociationAccess, coop: Coop, heir: Coop) -> Coop:
        return end(ad, coop, CoopEnd(DAY, "Fusion des deux écoles.", heir))

    def test_what_one_owned_the_other_receives(self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess) -> None:
        coop = self.merge(ad, alice.coop, charlie.coop)
        assert coop.merged_into == charlie.coop
        out, back = Operation.objects.get(piece="FIN"), Operation.objects.get(piece="FUSION-0910000A")
        assert (out.date, out.bank, out.cash, out.accounts) == (DAY, -OWNED[0], -OWNED[1], "67000008")
        assert (back.date, back.bank, back.cash, back.accounts) == (DAY, *OWNED, "77000008")
        assert back.label == "Fusion\u202f: solde reçu d’École Jean-Jaurès (0910000A)"
        heir = Book.objects.get(coop=charlie.coop)
        assert (standing_of(heir).bank, standing_of(heir).cash, standing_of(now(ready)).assets) == (*OWNED, 0)
        assert (back.book_id, back.proof) == (heir.pk, Proof.PAPER)
        assert list(faults()) == []

    def test_the_book_of_the_other_is_opened_where_it_is_missing(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        heir = make_coop(CHARLIE, "École Marie-Curie")
        self.merge(ad, alice.coop, heir)
        assert Book.objects.get(coop=heir).start == 2025

    @pytest.mark.parametrize("blocked", [ClosingState.SENT])
    def test_nothing_is_done_where_the_other_cannot_receive(
        self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess, blocked: ClosingState
    ) -> None:
        in_state(Book.objects.get(coop=charlie.coop), blocked)
        said = refused(lambda: self.merge(ad, alice.coop, charlie.coop))
        assert said.startswith(f"{charlie.coop.name} ne peut rien recevoir. Les comptes de 2025-2026 sont transmis")
        assert (Operation.objects.filter(piece="FIN").count(), Coop.objects.filter(closed_on=None).count()) == (0, 2)

    def test_into_itself_another_ad_or_a_closed_one(self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess) -> None:
        assert refused(lambda: self.merge(ad, alice.coop, alice.coop)) == "Une coopérative ne peut pas se reprendre elle-même."
        far = make_coop(FAR_AWAY, "École lointaine")
        assert refused(lambda: self.merge(ad, alice.coop, far)) == "École lointaine n’est pas de la même association départementale."
        end(ad, charlie.coop)
        told = f"{charlie.coop.name} est fermée : choisissez une coopérative ouverte."
        assert refused(lambda: self.merge(ad, alice.coop, charlie.coop)) == told

    def test_its_people_read_the_other_and_write_nothing(self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess) -> None:
        with pytest.raises(Http404):
            open_coop(charlie.user, alice.coop.rne)
        self.merge(ad, alice.coop, charlie.coop)
        access = open_coop(charlie.user, alice.coop.rne)
        assert (access.by_merger, access.can_write, access.from_afar) == (True, False, False)
        with pytest.raises(Http404):
            open_coop(charlie.user, alice.coop.rne, to_write=True)
        with pytest.raises(Http404):
            open_coop(alice.user, charlie.coop.rne)

    def test_along_a_line_of_mergers(self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess) -> None:
        self.merge(ad, alice.coop, charlie.coop)
        last = keeper("0911234B")
        book = Book.objects.get(coop=charlie.coop)
        row = statement(charlie, book, OWNED[0])
        point_until(access=charlie, statement=row, day=DAY)
        count(charlie, now(book), DAY, {20_00: 1, 1_00: 1, 50: 1})
        self.merge(ad, charlie.coop, last.coop)
        assert open_coop(last.user, alice.coop.rne).by_merger is True
        assert list(faults()) == []


class TestAfter:
    def test_nothing_is_written_and_it_says_why(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        coop = end(ad, alice.coop)
        told = "La coopérative est fermée depuis le 31 août 2026 : rien ne s’y écrit plus. Elle se lit jusqu’au 31 août 2036."
        assert (entry_refusal(now(ready)) or "").replace("\u202f", " ") == told
        late = Access(alice.user, alice.role, alice.coop)
        assert refused(lambda: note(late, ready, "D99", "2026-08-31", "Trop tard", -1_00)) == told
        assert refused(lambda: receive(late, ready)) == told
        assert coop.closed_on == DAY

    def test_no_year_is_opened(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        end(ad, alice.coop)
        said = refused(lambda: open_book(access=alice, year=SchoolYear(2026)))
        assert said == "Cette coopérative est fermée : aucune année ne s’y ouvre plus."
        assert open_book(access=alice, year=SchoolYear(2025)) == ready

    def test_nothing_is_handed_over_any_more(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        row = planned(alice, ready)
        cancel_handover(access=alice, book=ready, key=row.pk)
        end(ad, alice.coop)
        mandate = give_mandate(author=SYSTEM, coop=alice.coop, holder="X", start=date(2025, 9, 1))
        assert refused(lambda: planned(alice, ready, mandate)) == "Cette coopérative est fermée : il n’y a plus rien à passer."

    def test_a_handover_under_way_is_not_signed_any_more(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        row = filled(alice, ready)
        end(ad, alice.coop)
        assert refused(lambda: signed(alice, ready, row)) == "Cette coopérative est fermée : il n’y a plus rien à passer."

    def test_it_is_read_as_before(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        end(ad, alice.coop)
        assert open_coop(alice.user, alice.coop.rne).coop.closed_on == DAY

    def test_it_owes_the_ad_no_accounts(self, alice: Access, ready: Book, charlie: Access, ad: AssociationAccess) -> None:
        assert told_of(ad, 2025) == {ClosingState.PREPARING: 2}
        end(ad, alice.coop)
        assert told_of(ad, 2025) == {ClosingState.PREPARING: 1, ClosingState.CLOSED: 1}
        assert [book.pk for book in books_in(ad.association, 2025, ClosingState.CLOSED, None)] == [ready.pk]

    def test_its_accounts_are_not_reopened(self, alice: Access, ready: Book, ad: AssociationAccess) -> None:
        end(ad, alice.coop)
        said = refused(lambda: reopen(reviewing=Reviewing(ad, alice.coop, ready), reason="Une erreur."))
        assert said == "Cette coopérative est fermée : ses comptes ne se rouvrent plus."
        assert (state_of(ready), now(ready).sealed_at is None) == (ClosingState.CLOSED, False)
