"""Journal of receipts (journal des encaissements): what an AD received for adhésions, as entries of its own accounting. Amounts in cents.

Source for the file of entries: arrêté du 29 juillet 2013, art. A. 47 A-1 of the Livre des procédures fiscales (FEC), 18 fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from retkoop.domain.fees import FeeLine, booked_now
from retkoop.domain.money import Cents, format_decimal
from retkoop.domain.school_year import SchoolYear

RECEIPT_ACCOUNTS: Final = {
    "bank": ("512000", "Banque"),
    "member": ("756000", "Cotisations"),
    "insurance": ("467100", "Assurance des coopératives"),
    "magazine": ("467200", "Animation & Éducation"),
    "contribution": ("754000", "Participations volontaires"),
    "extra": ("708000", "Autres produits de l’adhésion"),
}
"""Accounts of the AD's own accounting by key of a line (`extra`: any other), where its settings name none, and what they are called."""
RETURNED: Final = "revenu impayé"
TAKEN_BACK: Final = "annulé"
JOURNAL: Final = ("ADH", "Adhésions encaissées")
FEC_FIELDS: Final = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)


@dataclass(frozen=True, slots=True)
class NotedPayment:
    """How a payment stood once something was noted of it: received on a day, lost again on another (None: neither), and how."""

    key: int
    recorded: datetime
    amount: Cents
    received_on: date | None = None
    lost_on: date | None = None
    loss: str = TAKEN_BACK


@dataclass(frozen=True, slots=True)
class NotedMove:
    """Money that came with a payment (its key) on a day, negative where it went, and `loss` says how; `recorded`: when it was noted."""

    key: int
    recorded: datetime
    day: date
    amount: Cents
    loss: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What moved for an adhésion on a day: `amount` received, negative where it was given or came back; its number, paper and words.

    `recorded`: when it was noted.
    """

    number: str
    day: date
    amount: Cents
    piece: str
    label: str
    recorded: datetime


@dataclass(frozen=True, slots=True)
class DeclaredFees:
    """The lines that an adhésion asks for from a moment on, until a later declaration says otherwise."""

    since: datetime
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One line of an entry of the journal: an account, with cents at its debit or its credit."""

    receipt: ReceiptFacts
    account: str
    name: str
    debit: Cents
    credit: Cents


def noted_moves(noted: Iterable[NotedPayment]) -> Iterator[NotedMove]:
    """Yield what moved, in the order in which it was noted: what is yielded for a part of it never changes with what is noted later.

    A payment that is received no more, and did not come back either, is taken back on the day on which that was noted.
    """
    last: dict[int, NotedPayment] = {}
    for then in noted:
        was = last.get(then.key) or NotedPayment(then.key, then.recorded, then.amount)
        last[then.key] = then
        if was.received_on is None and then.received_on is not None:
            yield NotedMove(then.key, then.recorded, then.received_on, then.amount)
        if was.lost_on is None and then.lost_on is not None:
            yield NotedMove(then.key, then.recorded, then.lost_on, -then.amount, then.loss)
        elif was.received_on is not None and was.lost_on is None and then.received_on is None:
            yield NotedMove(then.key, then.recorded, then.recorded.date(), -was.amount, TAKEN_BACK)


def receipt_account(accounts: Mapping[str, str], key: str) -> tuple[str, str]:
    """Return the number and the name of the account of a line, by what the AD has set."""
    known = key if key in RECEIPT_ACCOUNTS else "extra"
    number, name = RECEIPT_ACCOUNTS[known]
    return accounts.get(known) or number, name


def receipt_entries(receipts: Sequence[ReceiptFacts], declared: Sequence[DeclaredFees], accounts: Mapping[str, str]) -> list[ReceiptEntry]:
    """Return the entries of one adhésion: each receipt at the bank, against the accounts of the lines that it pays. Each is balanced.

    `receipts` and `declared` in the order in which they were noted: an entry never changes with what comes after it, whatever its day.
    What is received before anything is declared pays the fee.
    """
    entries: list[ReceiptEntry] = []
    booked: dict[str, Cents] = {}
    received = 0
    for receipt in receipts:
        received += receipt.amount
        lines = _lines_at(receipt.recorded, declared, accounts)
        parts = booked_now(lines, received, booked)
        for account, part in parts.items():
            booked[account] = booked.get(account, 0) + part
        entries.append(_entry(receipt, receipt_account(accounts, "bank"), receipt.amount))
        entries += [_entry(receipt, (account, _name_of(account, accounts)), -part) for account, part in parts.items()]
    return entries


def _lines_at(moment: datetime, declared: Sequence[DeclaredFees], accounts: Mapping[str, str]) -> list[FeeLine]:
    """Return the lines in force at a moment (none, before the first), each on the AD's account instead of the coop's."""
    lines = next((one.lines for one in reversed(declared) if one.since <= moment), ())
    return [replace(line, account=receipt_account(accounts, line.key)[0]) for line in lines] or [
        FeeLine("member", "", receipt_account(accounts, "member")[0], 0, 0)
    ]


def _name_of(account: str, accounts: Mapping[str, str]) -> str:
    return next((name for key in RECEIPT_ACCOUNTS for number, name in [receipt_account(accounts, key)] if number == account), "")


def _entry(receipt: ReceiptFacts, account: tuple[str, str], amount: Cents) -> ReceiptEntry:
    return ReceiptEntry(receipt, *account, max(amount, 0), max(-amount, 0))


def numbered(entries: Iterable[ReceiptEntry]) -> list[ReceiptEntry]:
    """Return entries in the order in which they were noted, numbered without a hole within the school year of their day (`2026-00001`).

    All those of the year are to be given. An entry of an earlier day takes the next number: none that was exported ever moves.
    """
    found: list[ReceiptEntry] = []
    counts: Counter[int] = Counter()
    in_order = sorted(entries, key=lambda one: one.receipt.number)
    for receipt, lines in groupby(in_order, key=lambda one: one.receipt):
        start = SchoolYear.containing(receipt.day).start
        counts[start] += 1
        told = replace(receipt, number=f"{start}-{counts[start]:05d}")
        found += [replace(one, receipt=told) for one in lines]
    return found


def fec_rows(entries: Iterable[ReceiptEntry]) -> list[list[str]]:
    """Return entries as rows of a FEC, in its 18 fields, the names of the fields first."""
    return [list(FEC_FIELDS), *(_fec_row(one) for one in entries)]


def _fec_row(one: ReceiptEntry) -> list[str]:
    receipt = one.receipt
    day = f"{receipt.day:%Y%m%d}"
    told = [*JOURNAL, receipt.number, day, one.account, one.name, "", "", receipt.piece, day, receipt.label]
    amounts = [format_decimal(one.debit), format_decimal(one.credit)]
    return [" ".join(cell.split()) for cell in [*told, *amounts, "", "", f"{receipt.recorded:%Y%m%d}", "", ""]]
