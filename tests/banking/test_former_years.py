"""A cheque that the bank sees a year later: last year's accounts stay as they were sent, this year's explain it."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.banking.models import BankStatement
from retkoop.banking.queries import unpointed_items_of
from retkoop.banking.services import close_statement, point, remove_statement, unpoint
from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of, standing_of
from retkoop.domain.reconciliation import Reconciliation, UnpointedItem
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, gap, now, opening, payment, receipt, statement

JUNE = payment("D31", date(2025, 6, 28), 100_00, cheque="2000090")
ITEM = UnpointedItem("D31", date(2025, 6, 28), "Dépense D31", -100_00, "2000090")


@pytest.fixture
def cheque(alice: Access, last_year: Book, this_year: Book) -> Operation:
    """A cheque of last June that last year's statement does not show; both years start from what the other left."""
    *_, row = add(alice, last_year, [opening(LAST_YEAR, 500_00), receipt("R01", date(2024, 10, 1), 50_00, pointed=True), JUNE])
    add(alice, this_year, [opening(YEAR, 450_00), receipt("R01", date(2025, 10, 1), 30_00)])
    statement(alice, last_year, 550_00, date(2025, 8, 31))
    return row


def reconciliation(book: Book) -> Reconciliation:
    return standing_of(now(book)).reconciliation


def items(book: Book) -> list[str]:
    return [item.piece for item in unpointed_items_of(now(book), books_of(book.coop))]


def test_an_outstanding_cheque_explains_both_years(last_year: Book, this_year: Book, cheque: Operation) -> None:
    assert reconciliation(last_year) == Reconciliation(450_00, 550_00, unpointed=-100_00, unpointed_count=1)
    assert reconciliation(this_year) == Reconciliation(480_00, None, unpointed=30_00 - 100_00, unpointed_count=2)
    assert unpointed_items_of(now(last_year), books_of(last_year.coop)) == [ITEM]
    assert items(this_year) == ["D31", "R01"]


def test_ticked_this_year_it_leaves_last_year_s_accounts_as_they_were(
    alice: Access, last_year: Book, this_year: Book, cheque: Operation
) -> None:
    before = reconciliation(last_year), items(last_year)
    row = statement(alice, this_year, 450_00, date(2025, 9, 30))
    assert gap(this_year) == -100_00
    point(access=alice, statement=row, operations=[cheque.pk])
    cheque.refresh_from_db()
    assert (cheque.pointed_year, gap(this_year), items(this_year)) == (2025, 0, ["R01"])
    assert (reconciliation(last_year), items(last_year)) == before
    unpoint(access=alice, operations=[cheque.pk])
    assert (gap(this_year), gap(last_year)) == (-100_00, 0)


def test_a_statement_of_september_closes_the_year_before(alice: Access, last_year: Book, this_year: Book, cheque: Operation) -> None:
    remove_statement(access=alice, statement=BankStatement.objects.get(book=last_year))
    row = statement(alice, last_year, 450_00, date(2025, 9, 3))
    assert (now(last_year).statement_date, gap(last_year)) == (date(2025, 9, 3), -100_00)
    point(access=alice, statement=row, operations=[cheque.pk])
    cheque.refresh_from_db()
    assert (cheque.pointed_year, gap(last_year), items(last_year), items(this_year)) == (2024, 0, [], ["R01"])
    close_statement(access=alice, statement=row)
    assert now(last_year).closed_statement_date == date(2025, 9, 3)


def test_what_is_kept_of_both_years_holds_at_each_step(alice: Access, last_year: Book, this_year: Book, cheque: Operation) -> None:
    row = statement(alice, this_year, 450_00, date(2025, 9, 30))
    for verb in (lambda: point(access=alice, statement=row, operations=[cheque.pk]), lambda: unpoint(access=alice, operations=[cheque.pk])):
        verb()
        assert [fault for book in (last_year, this_year) for fault in faults_of_book(now(book))] == []
