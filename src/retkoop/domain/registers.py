"""Registers (registres) beside the cahier: what the inventory and the table of subsidies say of its operations.

The shell makes this small view from the few operations on accounts 68 and 74 and from the registers' own lines; the
checks hold the one against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class DurablePurchase:
    """What an operation books as durable goods (680), in cents, and how much of it the inventory lists."""

    operation: int
    piece: str
    label: str
    amount: Cents
    listed: Cents


@dataclass(frozen=True, slots=True)
class Grant:
    """A subsidy: what an operation received on accounts 74, in cents, and what the table says of it.

    `tabled` is the amount of its line in the table, None where it has none; `spent` what has been spent of it on its
    object, `astray` what it is said to have paid that is no charge of the book any more. `justify_before` is the day
    by which its funder wants the report, `justified_on` the day on which it was sent.
    """

    operation: int
    piece: str
    body: str
    received: Cents
    received_on: date
    tabled: Cents | None = None
    spent: Cents = 0
    astray: Cents = 0
    justify_before: date | None = None
    justified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registers:
    """The view of a book's registers."""

    purchases: tuple[DurablePurchase, ...] = ()
    grants: tuple[Grant, ...] = ()
