"""Operation (opération) and its double entry (écriture).

An operation is what a teacher sees, one line of the cahier: what moved (bank, cash, régie) and over which 6 and 7
accounts it is split (ventilation). Its lines are what an auditor sees: debits and credits that balance. The two forms
hold the same facts; `lines_of` and `operation_from_lines` pass from one to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from retkoop.domain.chart import BANK, CARRIED_LOSS, CARRIED_PROFIT, CASH, POSTAL, REGIE, SUSPENSE, fold
from retkoop.domain.money import Cents

OPENING_PIECE: Final = "RAN"
SUMMARY_PIECE: Final = "TOT"
_LONGEST_FOLDED: Final = 200
_CHEQUE: Final = re.compile(r"(?:(?:cheque|chq|ch|numero|num|no|n) ?)*(?P<digits>\d[\d ]*)", re.ASCII)
_SEVERAL: Final = frozenset("/,;+&")
"""Signs that stand between two cheques, and never within the number of one."""


class Kind(StrEnum):
    """What the teacher meant to do (l’intention)."""

    EXPENSE = "expense"
    RECEIPT = "receipt"
    TRANSFER = "transfer"
    REGIE_PAID = "regie_paid"
    REGIE_RETURNED = "regie_returned"
    REGIE_SPENT = "regie_spent"
    OPENING = "opening"
    SUMMARY = "summary"


KIND_LABELS: Final = {
    Kind.EXPENSE: "Dépense",
    Kind.RECEIPT: "Recette",
    Kind.TRANSFER: "Virement interne",
    Kind.REGIE_PAID: "Régie versée",
    Kind.REGIE_RETURNED: "Reliquat de régie",
    Kind.REGIE_SPENT: "Justificatifs de régie",
    Kind.OPENING: "Report à nouveau",
    Kind.SUMMARY: "Totaux de l’année",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of double entry, in cents: exactly one of `debit` and `credit` is positive, the other is zero."""

    account: str
    debit: Cents
    credit: Cents

    @property
    def net(self) -> Cents:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the split (ventilation), as typed: positive in the account's own sense, negative for a refund."""

    account: str
    amount: Cents

    @property
    def is_charge(self) -> bool:
        return self.account.startswith("6")


@dataclass(frozen=True, slots=True)
class Moves:
    """What an operation moved, in cents: positive came in, negative went out; a régie paid out comes *into* 54."""

    bank: Cents = 0
    cash: Cents = 0
    regie: Cents = 0

    @property
    def total(self) -> Cents:
        """The change of what the coop owns."""
        return self.bank + self.cash + self.regie


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the cahier. `key` tells it from the others of its book and has no meaning of its own.

    `proven`: its voucher is joined, or is said to be on paper or lost. `summary`: it is no operation of a teacher, but the totals of a
    year that was kept elsewhere.
    """

    key: int
    piece: str
    date: date
    label: str
    moves: Moves
    parts: tuple[Part, ...] = ()
    tiers: str = ""
    cheque: str = ""
    project: str = ""
    classe: str = ""
    opening: bool = False
    pointed: bool = False
    proven: bool = False
    entered_at: datetime | None = None
    summary: bool = False

    @property
    def charges(self) -> Cents:
        return sum(part.amount for part in self.parts if part.is_charge)

    @property
    def produits(self) -> Cents:
        return sum(part.amount for part in self.parts if not part.is_charge)

    @property
    def remainder(self) -> Cents:
        """What moved and the split does not explain: zero when Σ produits − Σ charges = Δ512 + Δ530 + Δ régies.

        The report à nouveau explains the moves of the opening; a split has no place there and stays as remainder.
        """
        moved = 0 if self.opening else self.moves.total
        return moved - self.produits + self.charges

    @property
    def kind(self) -> Kind:  # noqa: PLR0911 -- one answer an intention
        """The intention, read back from what moved: a refund keeps the kind of the account that it corrects."""
        if self.opening:
            return Kind.OPENING
        if self.summary:
            return Kind.SUMMARY
        if self.moves.regie:
            if self.parts:
                return Kind.REGIE_SPENT
            return Kind.REGIE_PAID if self.moves.regie > 0 else Kind.REGIE_RETURNED
        if not self.parts and self.moves.bank and self.moves.cash:
            return Kind.TRANSFER
        if self.parts and self.remainder == 0:
            if all(part.is_charge for part in self.parts):
                return Kind.EXPENSE
            if not any(part.is_charge for part in self.parts):
                return Kind.RECEIPT
        return Kind.RECEIPT if self.moves.total > 0 else Kind.EXPENSE

    @property
    def is_deposit(self) -> bool:
        """Cash taken to the bank."""
        return self.kind is Kind.TRANSFER and self.moves.cash < 0

    @property
    def cheque_number(self) -> int | None:
        """The number of the cheque, where it is one of 3 to 12 digits, however people write it."""
        digits = cheque_digits(self.cheque)
        return int(digits) if digits else None


def lines_of(operation: Operation, bank_account: str = BANK) -> tuple[Line, ...]:
    """Return the balanced double entry of an operation; `bank_account` is the coop's current account, 512 or 514.

    What the split leaves unexplained stands on SUSPENSE, so that debits and credits are equal even while a teacher is
    still typing; the opening stands against 110, or 119 for a debt.
    """
    moves = operation.moves
    lines = [_line(bank_account, moves.bank), _line(CASH, moves.cash), _line(REGIE, moves.regie)]
    lines += [_line(part.account, part.amount if part.is_charge else -part.amount) for part in operation.parts]
    if operation.opening:
        lines.append(_line(CARRIED_PROFIT if moves.total >= 0 else CARRIED_LOSS, -moves.total))
    lines.append(_line(SUSPENSE, -operation.remainder))
    return tuple(line for line in lines if line.net)


def _line(account: str, net: Cents) -> Line:
    return Line(account, debit=max(net, 0), credit=max(-net, 0))


def moves_and_parts(lines: Iterable[Line]) -> tuple[Moves, tuple[Part, ...]]:
    """Read double entry back as what moved and how it is split, the parts in the order of the lines."""
    bank = cash = regie = 0
    parts = []
    for line in lines:
        if line.account in (BANK, POSTAL):
            bank += line.net
        elif line.account == CASH:
            cash += line.net
        elif line.account == REGIE:
            regie += line.net
        elif line.account.startswith("6"):
            parts.append(Part(line.account, line.net))
        elif line.account.startswith("7"):
            parts.append(Part(line.account, -line.net))
    return Moves(bank, cash, regie), tuple(parts)


def cheque_digits(cheque: str) -> str:
    """Return the digits of one cheque, `2000101` of `n° 2 000 101`; "" where it is none, or several."""
    found = _CHEQUE.fullmatch(fold(cheque))
    digits = found["digits"].replace(" ", "") if found and not _SEVERAL.intersection(cheque) else ""
    return digits if 3 <= len(digits) <= 12 else ""


def natural_key(piece: str) -> str:
    """Return a text that sorts pièces as people do, by code points: D2 before D11, d2 and D02 beside D2.

    Each number is written after its length in two digits (D2: d012, D11: d0211).
    """
    return re.sub(r"\d+", _sortable, piece.strip().casefold(), flags=re.ASCII)


def _sortable(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0")
    return f"{len(digits):02d}{digits}"


def next_piece(last: str) -> str:
    """Suggest the pièce after `last`: D09 → D10, 7 → 8, F-2025-099 → F-2025-100; "" where no number ends it."""
    found = re.fullmatch(r"(.*?)(\d+)", last.strip(), re.DOTALL | re.ASCII)
    return f"{found[1]}{str(int(found[2]) + 1).zfill(len(found[2]))}" if found else ""


def next_cheque(last: str) -> str:
    """Suggest the cheque after `last`, with its leading zeros."""
    return next_piece(last)


def fits_folded(tiers: str) -> bool:
    """Tell whether a name still has its place once it is folded to be compared: one sign may stand for eighteen letters."""
    return tiers.isascii() or len(fold(tiers)) <= _LONGEST_FOLDED
