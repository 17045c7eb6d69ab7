"""Whatever is ticked and unticked, in whatever order: the gap is that of the naive sum, what is kept is what a walk of the book finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from retkoop.banking.models import BankStatement
from retkoop.banking.queries import Reach, gap_of, line_of, missing_on, standing_at, statements_of
from retkoop.banking.services import point, unpoint
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import books_of, standing_of
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, carry, now, open_year, opening, payment, receipt, statement

BALANCES = {"last": 512_34, "autumn": 700_00, "summer": 833_21}
Step = tuple[bool, str, tuple[int, ...]]
steps = st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(BALANCES)), st.sets(st.integers(0, 6), min_size=1).map(tuple)), max_size=5)


class Network:
    """Two years of one coop, with three statements and one item from a year kept elsewhere."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.last, self.year = open_year(access, LAST_YEAR), open_year(access, YEAR)
        old = [receipt("A1", date(2024, 10, 1), 50_00), payment("A2", date(2025, 6, 1), 100_01), payment("A3", date(2025, 7, 1), 7_77)]
        new = [receipt("B1", date(2025, 10, 1), 30_00), payment("B2", date(2025, 12, 1), 12_34), payment("B3", date(2026, 6, 1), 88_00)]
        rows = [*add(access, self.last, [opening(LAST_YEAR, 500_00), *old])[1:], *add(access, self.year, [opening(YEAR, 442_22), *new])[1:]]
        self.operations: Sequence[Operation] = rows
        self.item = carry(access, self.last, "Chèque de 2024", date(2024, 6, 3), -12_00)
        days = {"last": (self.last, date(2025, 8, 31)), "autumn": (self.year, date(2025, 11, 30)), "summer": (self.year, date(2026, 8, 31))}
        self.statements = {name: statement(access, book, BALANCES[name], day) for name, (book, day) in days.items()}

    def do(self, ticks: bool, name: str, chosen: Sequence[int]) -> None:  # noqa: FBT001 -- drawn
        row = self.statements[name]
        reachable = [one.pk for index, one in enumerate(self.operations) if index in chosen and one.book.start <= row.book.start]
        items = [self.item.pk] if len(self.operations) in chosen else []
        if ticks:
            point(access=self.access, statement=row, operations=reachable, items=items)
        else:
            unpoint(access=self.access, operations=reachable, items=items)

    def naive_gap(self, row: BankStatement) -> int:
        """Statement + all that neither it nor an earlier one shows − what the book holds, from the rows alone."""
        book = row.book
        held = sum(one.bank for one in Operation.objects.filter(book=book))
        moves: list[Operation | CarriedItem] = [
            *Operation.objects.filter(opening=False, book__start__lte=book.start),
            *CarriedItem.objects.all(),
        ]
        shown = 0
        for move in moves:
            tick = getattr(move, "pointing", None)
            if tick and (tick.statement.book.start, tick.statement.date) <= (book.start, row.date):
                shown += move.bank
        return row.account_balance + sum(move.bank for move in moves) - shown - held


@pytest.fixture
def network(alice: Access) -> Network:
    return Network(alice)


@settings(max_examples=20)
@given(steps)
def _any_ticking(network: Network, steps: list[Step]) -> None:
    with transaction.atomic():
        for step in steps:
            network.do(*step)
        _hold(network)
        transaction.set_rollback(True)


def _hold(network: Network) -> None:
    for row in BankStatement.objects.select_related("book__coop__association"):
        assert gap_of(row) == network.naive_gap(row)
    for book in (now(network.last), now(network.year)):
        assert list(faults_of_book(book)) == []
        _receipts_and_payments_add_up(book)


def _receipts_and_payments_add_up(book: Book) -> None:
    lines, reconciliation = statements_of(book), standing_of(book).reconciliation
    missing = missing_on(book, Reach.of(book, books_of(book.coop)))
    for line in lines:
        standing = standing_at(line_of(lines, line.row.pk), lines, reconciliation, missing)
        assert line.row.account_balance + standing.receipts - standing.payments - reconciliation.book_balance == standing.gap
        assert min(standing.receipts, standing.payments) >= 0


def test_any_ticking(network: Network) -> None:
    _any_ticking(network)
