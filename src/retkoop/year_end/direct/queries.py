"""Reading a year that was kept elsewhere: its few operations, what they say of the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from retkoop.books.models import Book, Operation
from retkoop.books.opening import moves_of
from retkoop.books.values import operation_value, with_vouchers
from retkoop.domain.direct import YearTotals, sum_of, totals_of
from retkoop.domain.entry import Moves
from retkoop.domain.money import Cents
from retkoop.registers.models import Subsidy


def rows_of(book: Book) -> list[Operation]:
    """Return all the operations of a year, with what their snapshots need: a year kept elsewhere has a handful."""
    rows = list(with_vouchers(Operation.objects.filter(book=book).order_by("date", "pk")))
    for row in rows:
        row.book = book
    return rows


@dataclass(frozen=True)
class Rows:
    """The operations of a year that was kept elsewhere."""

    all: list[Operation]

    @cached_property
    def opening(self) -> Operation | None:
        return next((row for row in self.all if row.opening), None)

    @cached_property
    def summary(self) -> Operation | None:
        return next((row for row in self.all if row.summary), None)

    @cached_property
    def receipts(self) -> list[Operation]:
        """Those that received a subsidy."""
        return [row for row in self.all if not (row.opening or row.summary)]

    @cached_property
    def others(self) -> Moves:
        """What all but the totals of the year moved."""
        return sum_of(moves_of(row) for row in self.all if not row.summary)

    @cached_property
    def totals(self) -> YearTotals | None:
        """What was said of the year, None until it was."""
        return totals_of(operation_value(self.summary), self.others) if self.summary else None


def totals_said(book: Book) -> Rows:
    return Rows(rows_of(book))


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A subsidy as its page shows it: the operation that received it, and its line in the table; None where that was taken off."""

    row: Operation
    line: Subsidy | None

    @property
    def spent(self) -> Cents:
        return sum(spending.amount for spending in self.line.spendings.all()) if self.line else 0


def grants_of(book: Book, receipts: Iterable[Operation]) -> list[GrantLine]:
    """Return the subsidies of a year, each with its line in the table."""
    lines = {line.operation_id: line for line in Subsidy.audited_rows().filter(book=book)}
    return [GrantLine(row, lines.get(row.pk)) for row in receipts]
