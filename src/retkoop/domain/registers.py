"""Registers (registres) beside the cahier: what the inventory and the table of subsidies say of its operations.

The shell makes this small view from the few operations on accounts 68 and 74 and from the registers' own lines; the
checks hold the one against the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

DURABLE_ACCOUNTS: Final = ("68",)
"""The accounts of durable goods; their codes start so."""


@dataclass(frozen=True, slots=True)
class DurablePurchase:
    """What an operation books as durable goods (680), in cents, and how much of it the inventory lists."""

    operation: int
    piece: str
    label: str
    amount: Cents
    listed: Cents

    @property
    def missing(self) -> Cents:
        """What the inventory does not list yet; a good may be listed for more than it cost."""
        return max(self.amount - self.listed, 0)


@dataclass(frozen=True, slots=True)
class Grant:
    """A subsidy: what an operation received on accounts 74, in cents, and what the table says of it.

    `operation` and its `piece` are None for a line of the table whose operation is gone. `tabled` is the amount of the
    line, None where there is none; `astray` what it is said to have paid that is no charge of the book any more.
    `justify_before` is the day by which its funder wants the report, `justified_on` the day on which it was sent.
    """

    operation: int | None
    piece: str | None
    body: str
    received: Cents
    tabled: Cents | None = None
    astray: Cents = 0
    justify_before: date | None = None
    justified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registers:
    """The view of a book's registers."""

    purchases: tuple[DurablePurchase, ...] = ()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Spending:
    """What a subsidy is said to have paid of an operation, in cents; `charges` is all that the operation books on 6 accounts now."""

    subsidy: int
    operation: int
    amount: Cents
    charges: Cents


def astray_of(spendings: Iterable[Spending]) -> Mapping[int, Cents]:
    """Return by subsidy what it is said to have paid and no charge explains.

    Where several subsidies paid the same operation, the first one told takes its charges first: no cent is paid twice.
    """
    left: dict[int, Cents] = {}
    astray: defaultdict[int, Cents] = defaultdict(int)
    for one in spendings:
        covered = min(one.amount, left.setdefault(one.operation, max(one.charges, 0)))
        left[one.operation] -= covered
        astray[one.subsidy] += one.amount - covered
    return astray


def report_due(year: SchoolYear) -> date:
    """Return the last day to report to a funder: six months after the end of the year (loi 2000-321, art. 10)."""
    return date(year.last_day.year + 1, 3, 1) - timedelta(1)
