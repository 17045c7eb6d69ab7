"""The journal of receipts of an AD over a period, as entries, CSV and FEC."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from django.utils import timezone

from retkoop.books.cells import guarded
from retkoop.domain.money import Cents, format_decimal
from retkoop.domain.receipt_journal import DeclaredFees, ReceiptEntry, ReceiptFacts, fec_rows, numbered, receipt_entries
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, Payment, PaymentState, PaymentWay
from retkoop.memberships.receipts.queries import declared_by, moved_until
from retkoop.memberships.values import lines_of
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings

_COLUMNS: Final = ("Date", "Écriture", "Pièce", "Compte", "Intitulé", "Libellé", "Débit", "Crédit")
_LOST: Final = frozenset({PaymentState.RETURNED, PaymentState.CANCELLED})


def journal_of(association: DepartmentalAssociation, first: date, last: date) -> list[ReceiptEntry]:
    """Return the entries of a period, by day; what was received before it counts for what is already paid."""
    payments = list(moved_until(association, last))
    declared = declared_by(one.membership_id for one in payments)
    accounts = given_settings(association, SchoolYear.containing(last)).value("receipt_accounts")
    entries: list[ReceiptEntry] = []
    for key, group in groupby(payments, key=lambda one: one.membership_id):
        receipts = sorted((fact for one in group for fact in _facts(one, last)), key=lambda one: one.day)
        entries += receipt_entries(receipts, [_fees(one) for one in declared.get(key, [])], accounts)
    return [one for one in numbered(entries) if one.receipt.day >= first]


def _fees(row: Declaration) -> DeclaredFees:
    return DeclaredFees(timezone.localdate(row.declared_at), lines_of(row))


def _facts(payment: Payment, last: date) -> Iterator[ReceiptFacts]:
    """Yield what a payment moved: what was received, and the reverse on the day on which it came back."""
    coop, year = payment.membership.coop, payment.membership.year
    words = f"Adhésion {year} {coop.rne} {coop.name}"[:120]
    piece = _piece(payment)
    if payment.received_on:
        yield ReceiptFacts(f"{payment.pk:06d}", payment.received_on, payment.amount, piece, words)
    back = payment.returned_on or payment.received_on
    if payment.state in _LOST and back and back <= last:
        told = "revenu impayé" if payment.state == PaymentState.RETURNED else "annulé"
        yield ReceiptFacts(f"{payment.pk:06d}R", back, -payment.amount, piece, f"{words}, {told}")


def _piece(payment: Payment) -> str:
    if payment.way == PaymentWay.CHEQUE:
        return f"CHQ {payment.cheque}".strip()
    return f"{'VIR' if payment.way == PaymentWay.TRANSFER else 'PRLV'} {payment.pk}"


def totals_by_account(entries: Sequence[ReceiptEntry]) -> list[tuple[str, str, Cents, Cents]]:
    """Return the account, its name, and the cents at its debit and at its credit."""
    names = {one.account: one.name for one in entries}
    return [
        (
            account,
            name,
            sum(one.debit for one in entries if one.account == account),
            sum(one.credit for one in entries if one.account == account),
        )
        for account, name in sorted(names.items())
    ]


def csv_of(entries: Sequence[ReceiptEntry]) -> bytes:
    """Return the journal as CSV for a French spreadsheet: `;`, decimal commas, UTF-8 with its mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(_COLUMNS)
    for one in entries:
        told = (f"{one.receipt.day:%d/%m/%Y}", one.receipt.number, one.receipt.piece, one.account, one.name, one.receipt.label)
        writer.writerow([*map(guarded, told), format_decimal(one.debit), format_decimal(one.credit)])
    return out.getvalue().encode("utf-8-sig")


def fec_of(entries: Sequence[ReceiptEntry]) -> bytes:
    """Return the journal as lines of a FEC: 18 fields, tabs, UTF-8."""
    return "".join("\t".join(row) + "\r\n" for row in fec_rows(entries)).encode()
