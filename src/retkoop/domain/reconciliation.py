"""Bank reconciliation (rapprochement bancaire): why the statement and the book differ, to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from retkoop.domain.entry import Operation
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class Statement:
    """A bank statement (relevé): its balance in cents at its date."""

    key: int
    number: str
    date: date
    account_balance: Cents


@dataclass(frozen=True, slots=True)
class UnpointedItem:
    """A bank move that the statement does not show yet: positive for a receipt, negative for a payment."""

    piece: str
    date: date
    label: str
    amount: Cents
    cheque: str = ""


def unpointed_items(operations: Iterable[Operation]) -> list[UnpointedItem]:
    """Return the bank moves that are not ticked. The opening is a sum carried forward: no statement shows it as a move."""
    return [
        UnpointedItem(operation.piece, operation.date, operation.label, operation.moves.bank, operation.cheque)
        for operation in operations
        if operation.moves.bank and not operation.pointed and not operation.opening
    ]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Statement + receipts not on it − payments not on it, held against the book's bank account.

    `statement_balance` is None until a statement is given; then the gap is unknown too. `unpointed` is the signed sum
    of the items that the statement does not show, `unpointed_count` their number.
    """

    book_balance: Cents
    statement_balance: Cents | None
    unpointed: Cents
    unpointed_count: int

    @property
    def gap(self) -> Cents | None:
        """What stays unexplained, in cents: positive where the statement holds more than the book can explain."""
        if self.statement_balance is None:
            return None
        return self.statement_balance + self.unpointed - self.book_balance

    @property
    def is_right(self) -> bool | None:
        gap = self.gap
        return None if gap is None else gap == 0


def closing_statement(statements: Sequence[Statement], year: SchoolYear) -> Statement | None:
    """Return the statement nearest to 31 August, the later one of two as near, None where there is none."""
    last_day = year.last_day
    return min(
        statements,
        key=lambda statement: (abs((statement.date - last_day).days), -statement.date.toordinal(), -statement.key),
        default=None,
    )
