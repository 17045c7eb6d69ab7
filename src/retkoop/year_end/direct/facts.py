"""What people say of a subsidy of a year that was kept elsewhere, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.money import Cents
from retkoop.registers.facts import SubsidyFacts

LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """A subsidy, in cents: who gave it, what for, when the bank received it, on which account (741, 748), what was spent of it."""

    body: str
    purpose: str
    amount: Cents
    day: date
    account: str
    spent: Cents = 0

    def receipt(self, piece: str) -> Operation:
        """Return the operation that received it."""
        label = f"Subvention\u202f: {self.purpose}"[:LONGEST_LABEL]
        parts = (Part(self.account, self.amount),)
        return Operation(0, piece, self.day, label, Moves(bank=self.amount), parts, self.body, pointed=True, proven=True)

    def line(self, justify_before: date) -> SubsidyFacts:
        """Return its line in the table of subsidies."""
        return SubsidyFacts(self.body, self.purpose, self.amount, justify_before=justify_before)
