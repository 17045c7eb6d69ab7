"""The end of a coop, and its years before and after."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from retkoop.audit.services import SYSTEM
from retkoop.banking.services import point_until
from retkoop.books.models import Book, Operation
from retkoop.books.opening import opening_of
from retkoop.books.queries import standing_of
from retkoop.books.services import import_book, open_book
from retkoop.books.years import open_due_years
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import Coop
from retkoop.upkeep.verification import faults
from retkoop.year_end.closing.services import Reviewing, accept, close, rule_entry
from retkoop.year_end.handover.ending_queries import facts_of_end
from tests.banking.books_at_hand import count, now, statement
from tests.books.coops import a_book, keeper, note
from tests.cast import CHARLIE
from tests.clock import Clock
from tests.upkeep.sample import example, rows_of
from tests.year_end.handover.at_hand import administrateur
from tests.year_end.handover.test_ending import DAY, OWNED, SEPTEMBER, TODAY, end, refused, told_of
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db


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


class TestOtherYears:
    """The worker has passed on 1 September: the next year is there, and holds what this one ends with."""

    @pytest.fixture
    def later(self, ready: Book) -> Book:
        assert open_due_years(today=date(2026, 9, 1), most=10) == 1
        return Book.objects.get(coop=ready.coop_id, start=2026)

    @pytest.mark.parametrize("state", [None, ClosingState.TO_CORRECT])
    def test_the_accounts_of_a_former_year_are_accepted_first(
        self, alice: Access, ready: Book, later: Book, ad: AssociationAccess, state: ClosingState | None
    ) -> None:
        if state:
            in_state(ready, state)
        said = refused(lambda: end(ad, alice.coop, SEPTEMBER))
        assert said == "Les comptes 2025-2026 ne sont pas encore validés : la coopérative les transmet, puis vous les validez."
        assert Coop.objects.get(pk=alice.coop.pk).closed_on is None
        assert told_of(ad, 2025) == {ClosingState(state or "preparing"): 1}

    def test_those_on_their_way_are_told_once(self, alice: Access, ready: Book, later: Book, ad: AssociationAccess) -> None:
        in_state(ready, ClosingState.SENT)
        said = refused(lambda: end(ad, alice.coop, SEPTEMBER))
        assert said == "Les comptes 2025-2026 sont en cours de signature ou transmis : finissez d’abord."

    @pytest.mark.parametrize("state", [ClosingState.ACCEPTED, ClosingState.CLOSED])
    def test_once_they_are_accepted_the_year_that_began_is_the_last(
        self, alice: Access, ready: Book, later: Book, ad: AssociationAccess, state: ClosingState
    ) -> None:
        in_state(ready, ClosingState.SENT)
        accept(reviewing=Reviewing(ad, alice.coop, ready))
        if state is ClosingState.CLOSED:
            close(reviewing=Reviewing(ad, alice.coop, ready))
        end(ad, alice.coop, SEPTEMBER)
        row = Operation.objects.get(piece="FIN")
        assert (row.book_id, row.date, row.bank, row.cash) == (later.pk, SEPTEMBER.day, -OWNED[0], -OWNED[1])
        assert told_of(ad, 2025) == {state: 1}
        assert told_of(ad, 2026) == {ClosingState.CLOSED: 1}
        assert list(faults()) == []

    def test_it_still_ends_on_31_august(self, alice: Access, ready: Book, later: Book, ad: AssociationAccess) -> None:
        assert standing_of(later).bank == OWNED[0]
        end(ad, alice.coop)
        row, later = Operation.objects.get(coop=alice.coop, piece="FIN"), now(later)
        assert (row.book_id, row.bank, row.cash) == (ready.pk, -OWNED[0], -OWNED[1])
        standing = standing_of(later)
        assert (opening_of(later), later.has_opening, later.opening_follows, standing.bank, standing.cash) == (None, False, False, 0, 0)
        assert (told_of(ad, 2025), told_of(ad, 2026)) == ({ClosingState.CLOSED: 1}, {})
        assert list(faults()) == []

    def test_on_31_august_after_two_years_and_with_entry_closed(
        self, alice: Access, ready: Book, later: Book, ad: AssociationAccess
    ) -> None:
        assert open_due_years(today=date(2027, 9, 1), most=10) == 1
        rule_entry(access=ad, coop=alice.coop, start=2026, blocked=True, until=None, reason="Attendez.")
        end(ad, alice.coop)
        assert list(Operation.objects.filter(coop=alice.coop, opening=True).values_list("book__start", flat=True)) == [2025]
        assert list(faults()) == []

    def test_a_later_year_that_holds_something_is_the_last(self, alice: Access, ready: Book, later: Book, ad: AssociationAccess) -> None:
        note(alice, later, "D1", "2026-09-02", "Livres", -1_00)
        assert refused(lambda: end(ad, alice.coop)).startswith("Le dernier cahier est celui de 2026-2027 : choisissez un jour")

    def test_what_an_heir_had_is_not_lost_where_its_year_was_not_open(
        self, alice: Access, ready: Book, later: Book, ad: AssociationAccess
    ) -> None:
        heir = keeper(CHARLIE)
        note(heir, a_book(heir), "R1", "2026-05-04", "Kermesse", 300_00)
        in_state(ready, ClosingState.SENT)
        accept(reviewing=Reviewing(ad, alice.coop, ready))
        end(ad, alice.coop, replace(SEPTEMBER, heir=heir.coop))
        open_due_years(today=TODAY, most=10)
        received = Book.objects.get(coop=heir.coop, start=2026)
        opening = opening_of(received)
        assert opening is not None
        assert (opening.bank, received.opening_follows, standing_of(received).bank) == (300_00, True, 300_00 + OWNED[0])
        assert list(faults()) == []


def test_a_year_that_came_in_to_be_compared_does_not_stand_in_the_way(alice: Access) -> None:
    book = a_book(alice)
    rows = rows_of(example("musee"))
    before = [[re.sub(r"202[56]", lambda year: str(int(year[0]) - 1), str(cell)) for cell in row] for row in rows]
    import_book(author=SYSTEM, coop=alice.coop, year=SchoolYear(2024), file_name="ancien.csv", rows=before)
    assert facts_of_end(book, DAY, TODAY).unaccepted == ()
    former = Book.objects.get(coop=alice.coop, start=2024)
    in_state(former, ClosingState.SIGNING)
    in_state(former, ClosingState.TO_CORRECT)
    assert facts_of_end(book, DAY, TODAY).unaccepted == ("2024-2025",)


def test_a_year_that_was_kept_here_stands_in_the_way(alice: Access) -> None:
    book = a_book(alice)
    former = open_book(access=alice, year=SchoolYear(2024))
    assert facts_of_end(book, DAY, TODAY).unaccepted == ()
    note(alice, former, "D1", "2025-03-03", "Livre", -10_00)
    assert facts_of_end(book, DAY, TODAY).unaccepted == ("2024-2025",)
