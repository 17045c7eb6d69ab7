"""The federation's share (part fédérale) of the adhésions that an AD has validated: so much a coopérateur, an insured one, a subscription.

Amounts in cents. Nothing is rounded: every line is a whole quantity times a price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from retkoop.domain.money import Cents

SHARES: Final = ("member", "insurance", "magazine")
SHARE_LABELS: Final = {
    "member": "Part fédérale de la cotisation, par coopérateur",
    "insurance": "Assurance, par coopérateur assuré",
    "magazine": "Animation & Éducation, par abonnement",
}


@dataclass(frozen=True, slots=True)
class SharedMemberships:
    """What the validated adhésions of an AD add up to in a year; `insured`: the coopérateurs of those that take the insurance."""

    coops: int = 0
    members: int = 0
    insured: int = 0
    magazines: int = 0

    @property
    def quantities(self) -> dict[str, int]:
        return {"member": self.members, "insurance": self.insured, "magazine": self.magazines}


class ShareLine(NamedTuple):
    """A line of the federation's share; `key` is one of SHARES."""

    key: str
    quantity: int
    price: Cents

    @property
    def label(self) -> str:
        return SHARE_LABELS[self.key]

    @property
    def amount(self) -> Cents:
        return self.quantity * self.price


def share_lines(shares: Mapping[str, Cents], counted: SharedMemberships) -> tuple[ShareLine, ...]:
    """Return the federation's share line by line, also those of nothing: an AD reads all three. `shares`: the prices by key."""
    return tuple(ShareLine(key, counted.quantities[key], shares.get(key, 0)) for key in SHARES)


def share_of(lines: Iterable[ShareLine]) -> Cents:
    return sum(line.amount for line in lines)


def kept_share(lines: Iterable[ShareLine], counted: SharedMemberships) -> dict[str, Any]:
    """Return what a declaration of the share keeps: how many coops, and the lines as [key, quantity, price]."""
    return {"coops": counted.coops, "lines": [list(line) for line in lines]}


def told_share(facts: Mapping[str, Any]) -> tuple[ShareLine, ...]:
    """Return the lines that a declaration has kept."""
    return tuple(ShareLine(*line) for line in facts["lines"])
