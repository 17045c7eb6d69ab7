"""Reading a year for its reports: the lines of an account, the operations of the journal, what a CRF needs beside its totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from retkoop.books.models import Book, EntryLine, Operation
from retkoop.books.queries import account_totals_of
from retkoop.domain.chart import Chart
from retkoop.domain.entry import Moves, Part
from retkoop.domain.entry import Operation as OperationValue
from retkoop.domain.money import Cents
from retkoop.domain.reports.general_ledger import LedgerLine
from retkoop.domain.reports.journal import JournalEntry, JournalLine
from retkoop.domain.reports.subsidies import SUBSIDY_ACCOUNTS, TabledSubsidy
from retkoop.domain.standing import Standing
from retkoop.network.models import Mandate
from retkoop.registers.models import Subsidy

LEDGER_PAGE: Final = 100
JOURNAL_PAGE: Final = 60
"""Operations on a page of the journal: the heaviest page stays under 100 KB."""

_BOOK_ORDER: Final = (F("opening").desc(), "date", "piece_key", "id")
_LINE_ORDER: Final = (F("operation__opening").desc(), "operation__date", "operation__piece_key", "operation", "position")


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of an account, in cents: `before` is its solde where the page begins."""

    page: Page[LedgerLine]
    before: Cents

    @property
    def after(self) -> Cents:
        """The solde where the page ends."""
        lines = self.page.object_list
        return lines[len(lines) - 1].account_balance if lines else self.before


def ledger_page(book: Book, account: str, number: str | None) -> LedgerPage:
    """Return a page of the lines of an account in the order of the book, each with the solde that it leaves."""
    rows = EntryLine.objects.filter(book=book, account=account).order_by(*_LINE_ORDER)
    page: Page[Any] = Paginator(rows, LEDGER_PAGE).get_page(number)
    first = page.start_index() - 1 if page.number > 1 else 0
    before = rows[:first].aggregate(net=Sum(F("debit") - F("credit"), default=0))["net"] if first else 0
    columns = ("operation", "operation__date", "operation__piece", "operation__label", "debit", "credit")
    page.object_list = list(_followed(before, rows.values_list(*columns)[first : first + LEDGER_PAGE]))
    return LedgerPage(page, before)


def _followed(account_balance: Cents, rows: Iterable[tuple[Any, ...]]) -> Iterable[LedgerLine]:
    for operation, day, piece, label, debit, credit in rows:
        account_balance += debit - credit
        yield LedgerLine(operation, day, piece, label, debit, credit, account_balance)


def journal_page(book: Book, chart: Chart, number: str | None) -> Page[JournalEntry]:
    """Return a page of the journal, its lines as they are kept; how many operations there are is kept with the book."""
    rows = Operation.objects.filter(book=book).order_by(*_BOOK_ORDER).values_list("pk", "date", "piece", "label")
    paginator: Paginator[Any] = Paginator(rows, JOURNAL_PAGE)
    paginator.count = book.operation_count + book.has_opening
    page = paginator.get_page(number)
    operations = list(page.object_list)
    lines = _journal_lines([key for key, *_ in operations], chart)
    page.object_list = [JournalEntry(key, day, piece, label, tuple(lines[key])) for key, day, piece, label in operations]
    return page


def _journal_lines(operations: Collection[int], chart: Chart) -> dict[int, list[JournalLine]]:
    lines: defaultdict[int, list[JournalLine]] = defaultdict(list)
    rows = EntryLine.objects.filter(operation__in=operations).order_by("operation", "position")
    for operation, account, debit, credit in rows.values_list("operation", "account", "debit", "credit"):
        lines[operation].append(JournalLine(account, chart.label(account), debit, credit))
    return lines


def former_standing(book: Book, others: Iterable[Book]) -> Standing | None:
    """Return the totals of the year before, among the coop's other books; None where the tool does not know it."""
    former = next((other for other in others if other.start == book.start - 1 and (other.operation_count or other.has_opening)), None)
    return Standing(former.year, account_totals_of(former), has_opening=former.has_opening) if former else None


@dataclass(frozen=True, slots=True)
class SubsidiesRead:
    """The operations with a part on a subsidy account, each told by those parts alone, and what the table says of them."""

    operations: tuple[OperationValue, ...] = ()
    table: tuple[TabledSubsidy, ...] = ()


def subsidies_in(book: Book, accounts: Collection[str], most: int | None = None) -> SubsidiesRead:
    """Return the subsidies of a book in the order of their dates, in one query.

    `accounts` are those that the book uses: without one for subsidies among them, nothing is read. `most` keeps the
    first so many parts.
    """
    concerned = [account for account in accounts if account.startswith(SUBSIDY_ACCOUNTS)]
    if not concerned:
        return SubsidiesRead()
    operations: dict[int, OperationValue] = {}
    table: dict[int, TabledSubsidy] = {}
    for key, piece, day, label, tiers, account, debit, credit, body, purpose, spent in _subsidy_parts(book, concerned)[:most]:
        known = operations.get(key) or OperationValue(key, piece, day, label, Moves(), (), tiers)
        operations[key] = replace(known, parts=(*known.parts, Part(account, credit - debit)))
        if body is not None:
            table[key] = TabledSubsidy(key, body, purpose, spent)
    return SubsidiesRead(tuple(operations.values()), tuple(table.values()))


def _subsidy_parts(book: Book, accounts: Collection[str]) -> QuerySet[EntryLine, tuple[Any, ...]]:
    line = Subsidy.objects.filter(book=book, operation=OuterRef("operation"))
    spent = line.order_by().values("operation").annotate(spent=Sum("spendings__amount"))
    told = {"body": line.values("body"), "purpose": line.values("purpose"), "spent": spent.values("spent")}
    rows = EntryLine.objects.filter(book=book, account__in=accounts).order_by(*_LINE_ORDER)
    columns = ("operation", "operation__piece", "operation__date", "operation__label", "operation__tiers", "account", "debit", "credit")
    return rows.annotate(**{name: Subquery(row) for name, row in told.items()}).values_list(*columns, *told)


def mandates_during(book: Book) -> QuerySet[Mandate]:
    """Return the mandates that ran in the year of a book, the mandataires before the adjoints."""
    year = book.year
    running = Q(end__isnull=True) | Q(end__gte=year.first_day)
    return Mandate.objects.filter(running, coop=book.coop_id, start__lte=year.last_day).order_by("-rank", "start", "pk")
