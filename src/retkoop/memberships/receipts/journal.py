"""The journal of receipts of an AD over a period, as entries, CSV and FEC."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from django.utils import timezone

from retkoop.audit.queries import history
from retkoop.books.cells import guarded
from retkoop.domain.money import Cents, format_decimal
from retkoop.domain.receipt_journal import (
    RETURNED,
    TAKEN_BACK,
    DeclaredFees,
    NotedMove,
    NotedPayment,
    ReceiptEntry,
    ReceiptFacts,
    fec_rows,
    noted_moves,
    numbered,
    receipt_entries,
)
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, Payment, PaymentState, PaymentWay
from retkoop.memberships.receipts.queries import declared_by, payments_with_coops
from retkoop.memberships.values import lines_of
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings

_COLUMNS: Final = ("Date", "Écriture", "Pièce", "Compte", "Intitulé", "Libellé", "Débit", "Crédit")
_PAYMENT: Final = f"{Payment._meta.label_lower}:"
_LOST: Final = frozenset({PaymentState.RETURNED, PaymentState.CANCELLED})


def journal_of(association: DepartmentalAssociation, first: date, last: date) -> list[ReceiptEntry]:
    """Return the entries of a period, in the order in which they were noted; what was received before it counts for what is paid.

    The trail tells that order: what was exported once is the same in every later export, whatever is dated back since.
    """
    payments = {one.pk: one for one in payments_with_coops(association)}
    moves = [(payments[one.key], one, rank) for rank, one in enumerate(noted_moves(_noted(association))) if one.key in payments]
    declared = declared_by(payment.membership_id for payment, _, _ in moves)
    accounts = {
        start: given_settings(association, SchoolYear(start)).value("receipt_accounts")
        for start in sorted({payment.membership.start for payment, _, _ in moves})
    }
    entries: list[ReceiptEntry] = []
    for membership, group in groupby(sorted(moves, key=lambda one: (one[0].membership_id, one[2])), key=lambda one: one[0].membership):
        receipts = [_facts(*one) for one in group]
        entries += receipt_entries(receipts, _fees(declared.get(membership.pk, [])), accounts[membership.start])
    return [one for one in numbered(entries) if first <= one.receipt.day <= last]


def _noted(association: DepartmentalAssociation) -> Iterator[NotedPayment]:
    """Yield how each payment stood after each event that tells of it, in the order of the AD's chain."""
    events = history(association.chain).filter(subject__startswith=_PAYMENT).order_by("sequence")
    for at, subject, told in events.values_list("at", "subject", "after"):
        if told is not None:
            received, back = told["received_on"] if told["state"] != PaymentState.ANNOUNCED else None, told["returned_on"]
            lost = (back or received) if told["state"] in _LOST and received else None
            key, loss = int(subject.removeprefix(_PAYMENT)), RETURNED if told["state"] == PaymentState.RETURNED else TAKEN_BACK
            yield NotedPayment(key, timezone.localtime(at), told["amount"], _day(received), _day(lost), loss)


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _fees(rows: Iterable[Declaration]) -> list[DeclaredFees]:
    return [DeclaredFees(row.declared_at, lines_of(row)) for row in rows if row.declared_at]


def _facts(payment: Payment, move: NotedMove, rank: int) -> ReceiptFacts:
    coop = payment.membership.coop
    words = f"Adhésion {payment.membership.year} {coop.rne} {coop.name}"[:120]
    told = ", ".join(filter(None, (words, move.loss)))
    return ReceiptFacts(f"{rank:09d}", move.day, move.amount, _piece(payment), told, move.recorded)


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
