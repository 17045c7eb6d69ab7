"""Payment of an adhésion in the coop's cahier: the operation that it makes, how one that the coop typed itself is known. In cents.

The parts of an operation are what the sum received so far pays, less what was booked before (`fees.booked_now`): partial payments,
complements, refunds and payments that came back follow one rule, and the parts always add up to the payment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.domain.entry import Moves, Operation, Part, cheque_digits
from retkoop.domain.fees import FeeLine, booked_now
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

NEAR: Final = 45
"""Days between the operation that a coop typed and the day on which its AD received the payment: a cheque waits in a drawer."""


@dataclass(frozen=True, slots=True)
class PaidEntry:
    """A payment on its way to the cahier: its key, cents (negative: given back by the AD), the day on which it was received.

    `returned_on`: the day on which it came back, None where it did not. `booked`, `reversed`: which of both the cahier holds already.
    """

    key: int
    amount: Cents
    received_on: date
    cheque: str = ""
    returned_on: date | None = None
    booked: bool = False
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class DueEntry:
    """What is to be booked: a payment (its key), or, `reversal`, that it came back. Cents, positive where money left the coop."""

    payment: int
    reversal: bool
    day: date
    amount: Cents
    cheque: str = ""


def due_entries(payments: Iterable[PaidEntry]) -> list[DueEntry]:
    """Return what the cahier does not hold yet, by their days; what came back before it was booked is no matter of the cahier."""
    return sorted((due for one in payments for due in _due(one)), key=lambda due: (due.day, due.payment, due.reversal))


def _due(one: PaidEntry) -> Iterator[DueEntry]:
    if not one.booked and one.returned_on is None:
        yield DueEntry(one.key, False, one.received_on, one.amount, one.cheque)
    if one.booked and not one.reversed and one.returned_on is not None:
        yield DueEntry(one.key, True, one.returned_on, -one.amount)


def due_parts(lines: Sequence[FeeLine], due: DueEntry, booked: Mapping[str, Cents]) -> dict[str, Cents]:
    """Return the parts, by account, of what is to be booked over what the cahier holds of the adhésion already."""
    return booked_now(lines, sum(booked.values()) + due.amount, booked)


def added_up(parts: Iterable[Mapping[str, Cents]]) -> dict[str, Cents]:
    """Add parts up, by account."""
    found: dict[str, Cents] = {}
    for one in parts:
        for account, amount in one.items():
            found[account] = found.get(account, 0) + amount
    return found


def membership_operation(due: DueEntry, parts: Mapping[str, Cents], *, year: SchoolYear, tiers: str, piece: str = "") -> Operation:
    """Return the operation of what is to be booked."""
    said = ", paiement revenu" if due.reversal else ", remboursement" if due.amount < 0 else ""
    split = tuple(Part(account, amount if account.startswith("6") else -amount) for account, amount in parts.items())
    label = f"Adhésion OCCE {year}{said}"
    return Operation(0, piece, due.day, label, Moves(bank=-due.amount), split, tiers, due.cheque)


def noted_already(wanted: Operation, noted: Iterable[Operation], accounts: Collection[str]) -> Operation | None:
    """Return the operation that a coop typed itself for the same payment: the one with its cheque first, then the nearest in days.

    Same amount at the bank; the same cheque, or the `accounts` of the adhésion alone within NEAR days. Two cheques are two payments.
    """
    found = [one for one in noted if _is_same(wanted, one, accounts)]
    number = cheque_digits(wanted.cheque)

    def nearness(one: Operation) -> tuple[bool, int, int]:
        return not number or cheque_digits(one.cheque) != number, abs((one.date - wanted.date).days), one.key

    return min(found, key=nearness, default=None)


def _is_same(wanted: Operation, noted: Operation, accounts: Collection[str]) -> bool:
    if noted.opening or noted.summary or noted.moves != wanted.moves:
        return False
    numbers = cheque_digits(wanted.cheque), cheque_digits(noted.cheque)
    if all(numbers):
        return int(numbers[0]) == int(numbers[1])
    split = {part.account for part in noted.parts}
    return bool(split) and split <= set(accounts) and abs((noted.date - wanted.date).days) <= NEAR


def split_of(operation: Operation) -> dict[str, Cents]:
    """Return the split of an operation in the sense of charges, by account."""
    return added_up({part.account: part.amount if part.is_charge else -part.amount} for part in operation.parts)
