"""Journal of receipts (journal des encaissements): what an AD received for adhésions, as entries of its own accounting. Amounts in cents.

Source for the file of entries: arrêté du 29 juillet 2013, art. A. 47 A-1 of the Livre des procédures fiscales (FEC), 18 fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
class ReceiptFacts:
    """What moved for an adhésion on a day: `amount` received, negative where it was given or came back; its number, paper and words."""

    number: str
    day: date
    amount: Cents
    piece: str
    label: str


@dataclass(frozen=True, slots=True)
class DeclaredFees:
    """The lines that an adhésion asks for from a day on, until a later declaration says otherwise."""

    since: date
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One line of an entry of the journal: an account, with cents at its debit or its credit."""

    receipt: ReceiptFacts
    account: str
    name: str
    debit: Cents
    credit: Cents


def receipt_account(accounts: Mapping[str, str], key: str) -> tuple[str, str]:
    """Return the number and the name of the account of a line, by what the AD has set."""
    known = key if key in RECEIPT_ACCOUNTS else "extra"
    number, name = RECEIPT_ACCOUNTS[known]
    return accounts.get(known) or number, name


def receipt_entries(receipts: Sequence[ReceiptFacts], declared: Sequence[DeclaredFees], accounts: Mapping[str, str]) -> list[ReceiptEntry]:
    """Return the entries of one adhésion: each receipt at the bank, against the accounts of the lines that it pays. Each is balanced.

    `receipts` and `declared` in the order of their days; what is received before anything is declared pays the fee.
    """
    entries: list[ReceiptEntry] = []
    booked: dict[str, Cents] = {}
    received = 0
    for receipt in receipts:
        received += receipt.amount
        lines = _lines_on(receipt.day, declared, accounts)
        parts = booked_now(lines, received, booked)
        for account, part in parts.items():
            booked[account] = booked.get(account, 0) + part
        entries.append(_entry(receipt, receipt_account(accounts, "bank"), receipt.amount))
        entries += [_entry(receipt, (account, _name_of(account, accounts)), -part) for account, part in parts.items()]
    return entries


def _lines_on(day: date, declared: Sequence[DeclaredFees], accounts: Mapping[str, str]) -> list[FeeLine]:
    """Return the lines in force on a day (the first ones, before them), each on the AD's account instead of the coop's."""
    lines = next((one.lines for one in reversed(declared) if one.since <= day), declared[0].lines if declared else ())
    return [replace(line, account=receipt_account(accounts, line.key)[0]) for line in lines] or [
        FeeLine("member", "", receipt_account(accounts, "member")[0], 0, 0)
    ]


def _name_of(account: str, accounts: Mapping[str, str]) -> str:
    return next((name for key in RECEIPT_ACCOUNTS for number, name in [receipt_account(accounts, key)] if number == account), "")


def _entry(receipt: ReceiptFacts, account: tuple[str, str], amount: Cents) -> ReceiptEntry:
    return ReceiptEntry(receipt, *account, max(amount, 0), max(-amount, 0))


def numbered(entries: Iterable[ReceiptEntry]) -> list[ReceiptEntry]:
    """Return entries by day, numbered without a hole within each school year (`2026-00001`): all those of the year are to be given."""
    found: list[ReceiptEntry] = []
    counts: Counter[int] = Counter()
    by_day = sorted(entries, key=lambda one: (one.receipt.day, one.receipt.number))
    for receipt, lines in groupby(by_day, key=lambda one: one.receipt):
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
    return [" ".join(cell.split()) for cell in [*told, *amounts, "", "", day, "", ""]]
