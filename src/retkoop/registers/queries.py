"""Reading the registers: the small view that the checks hold against the cahier, the lines of the table of subsidies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from retkoop.audit.statements import prepared
from retkoop.books.models import Book, EntryLine, Operation
from retkoop.domain.money import Cents
from retkoop.domain.registers import DURABLE_ACCOUNTS, DurablePurchase, Grant, Registers, Spending, astray_of
from retkoop.domain.reports.subsidies import SUBSIDY_ACCOUNTS
from retkoop.registers.models import InventoryItem, Subsidy, SubsidySpending

CHARGES: Final = Q(account__gte="6", account__lt="7")
"""The accounts of charges, as a range that the index of accounts answers."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of the table of subsidies as it is kept; `piece` is None where its operation is gone.

    In cents: what it is told to have paid (`spent`, None where nothing is), and how much of that no charge explains (`astray`).
    """

    spent: Cents | None
    astray: Cents
    key: int
    operation: int
    piece: str | None
    body: str
    purpose: str
    amount: Cents
    justify_before: date | None
    justified_on: date | None


@prepared
def _marked_lines(book: int) -> QuerySet[EntryLine, tuple[Any, ...]]:
    """Return the parts on the accounts that the registers follow, by the index of accounts: none in most books."""
    listed = InventoryItem.objects.filter(operation=OuterRef("operation")).order_by().values("operation").annotate(sum=Sum("value"))
    followed = Q(account__gte="68", account__lt="69") | Q(account__gte="74", account__lt="75")
    rows = EntryLine.objects.filter(followed, book=book).order_by("operation", "position").annotate(listed=Subquery(listed.values("sum")))
    columns = ("operation", "operation__piece", "operation__label", "operation__tiers", "account", "debit", "credit", "listed")
    return rows.values_list(*columns)


@prepared
def _table(book: int) -> QuerySet[Subsidy, tuple[Any, ...]]:
    piece = Operation.objects.filter(pk=OuterRef("operation"), book=OuterRef("book")).values("piece")
    charges = EntryLine.objects.filter(CHARGES, operation=OuterRef("spendings__operation"))  # no book: the operation's own index is shorter
    net = charges.order_by().values("operation").annotate(net=Sum(F("debit") - F("credit"))).values("net")
    rows = Subsidy.objects.filter(book=book).order_by("pk", "spendings__operation")
    rows = rows.annotate(piece=Subquery(piece), charges=Subquery(net))
    columns = ("pk", "operation", "piece", "body", "purpose", "amount", "justify_before", "justified_on")
    return rows.values_list(*columns, "spendings__operation", "spendings__amount", "charges")


def registers_view(book: Book) -> Registers:
    """Return what the registers say of a book, for its checks: two queries, whatever its size."""
    amounts: defaultdict[int, Cents] = defaultdict(int)
    received: defaultdict[int, Cents] = defaultdict(int)
    named = {}
    for operation, piece, label, tiers, account, debit, credit, listed in _marked_lines(book.pk):
        named[operation] = (piece, label, tiers, listed or 0)
        if account.startswith(DURABLE_ACCOUNTS):
            amounts[operation] += debit - credit
        elif account.startswith(SUBSIDY_ACCOUNTS):
            received[operation] += credit - debit
    purchases = [DurablePurchase(key, named[key][0], named[key][1], amount, named[key][3]) for key, amount in amounts.items()]
    lines = {line.operation: line for line in table_of(book)}
    untabled = [Grant(key, named[key][0], named[key][2] or named[key][1], received[key]) for key in received if key not in lines]
    tabled = [_grant(line, received.get(line.operation, 0)) for line in lines.values()]
    return Registers(tuple(purchases), (*untabled, *tabled))


def _grant(line: TableLine, received: Cents) -> Grant:
    operation = None if line.piece is None else line.operation
    return Grant(operation, line.piece, line.body, received, line.amount, line.astray, line.justify_before, line.justified_on)


def table_of(book: Book) -> list[TableLine]:
    """Return the lines of the table of subsidies, in the order in which they were told, in one query.

    What is told under the operation that received it waits for the totals of a year kept elsewhere: nothing is astray yet.
    """
    rows = _table(book.pk)
    astray = astray_of(Spending(row[0], row[8], row[9], row[10] or 0) for row in rows if row[8] not in (None, row[1]))
    told: defaultdict[int, Cents] = defaultdict(int)
    for row in rows:
        if row[8] is not None:
            told[row[0]] += row[9]
    lines = {row[0]: row[:8] for row in rows}
    return [TableLine(told.get(key), astray.get(key, 0), *line) for key, line in lines.items()]


def received_by(book: Book, operation: int) -> Cents:
    """Return what an operation receives as subsidies, in cents."""
    lines = EntryLine.objects.filter(book=book, operation=operation, account__gte="74", account__lt="75")
    rows = lines.values_list("account", "debit", "credit")
    return sum(credit - debit for account, debit, credit in rows if account.startswith(SUBSIDY_ACCOUNTS))


def available_charges(book: Book, operations: Collection[int], *, but: int) -> dict[int, Cents]:
    """Return by operation the charges that no other subsidy than `but` has paid, in cents."""
    lines = EntryLine.objects.filter(CHARGES, book=book, operation__in=operations)
    charged = sums_of(lines.order_by().values("operation").annotate(sum=Sum(F("debit") - F("credit"))).values_list("operation", "sum"))
    others = SubsidySpending.objects.filter(operation__in=operations).exclude(subsidy=but)
    paid = sums_of(others.order_by().values("operation").annotate(sum=Sum("amount")).values_list("operation", "sum"))
    return {operation: charges - paid.get(operation, 0) for operation, charges in charged.items()}


def sums_of(rows: Iterable[tuple[int, Cents]]) -> dict[int, Cents]:
    """Return sums by the key beside them."""
    return dict(rows)
