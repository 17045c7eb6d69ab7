"""Subsidies (tableau des subventions): what public bodies and foundations gave, and what the coop says it spent of it.

The book knows who gave and how much. What for exactly, what was spent and what is left, the coop tells in its table of
subsidies; until then they stay unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.domain.entry import Operation
from retkoop.domain.ledger import book_order
from retkoop.domain.money import Cents

SUBSIDY_ACCOUNTS: Final = ("741", "748")
"""The aliases of the accounts of subsidies; the codes start with them."""


@dataclass(frozen=True, slots=True)
class Subsidy:
    """One subsidy in cents: who gave it (organisme), what for (objet), how much; a repayment is negative.

    `spent` (dépensé) and `left` (reste) are None where nobody has told them.
    """

    date: date
    body: str
    purpose: str
    amount: Cents
    spent: Cents | None = None
    left: Cents | None = None


@dataclass(frozen=True, slots=True)
class TabledSubsidy:
    """What the table says of the subsidy of an operation; `spent`, in cents, is None where no spending is told."""

    operation: int
    body: str
    purpose: str
    spent: Cents | None = None


def subsidies_of(operations: Iterable[Operation], table: Iterable[TabledSubsidy] = ()) -> tuple[Subsidy, ...]:
    """Return the subsidies in the order of the book: one an operation that is in the table, else one for each part on a subsidy account."""
    tabled = {line.operation: line for line in table}
    return tuple(subsidy for operation in sorted(operations, key=book_order) for subsidy in _subsidies_in(operation, tabled))


def _subsidies_in(operation: Operation, tabled: Mapping[int, TabledSubsidy]) -> Iterator[Subsidy]:
    amounts = [part.amount for part in operation.parts if part.account.startswith(SUBSIDY_ACCOUNTS)]
    line = tabled.get(operation.key)
    if line is None:
        yield from (Subsidy(operation.date, operation.tiers, operation.label, amount) for amount in amounts)
    elif amounts:
        received = sum(amounts)
        left = None if line.spent is None else received - line.spent
        yield Subsidy(operation.date, line.body, line.purpose, received, line.spent, left)
