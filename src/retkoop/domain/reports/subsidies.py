"""Subsidies (tableau des subventions): what public bodies and foundations gave, as far as the book knows it.

What was spent of each and what is left are not in the book: they stay unknown until the coop justifies its subsidies.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def subsidies_of(operations: Iterable[Operation]) -> tuple[Subsidy, ...]:
    """Return one subsidy for each part on a subsidy account, in the order of the book."""
    return tuple(
        Subsidy(operation.date, operation.tiers, operation.label, part.amount)
        for operation in sorted(operations, key=book_order)
        for part in operation.parts
        if part.account.startswith(SUBSIDY_ACCOUNTS)
    )
