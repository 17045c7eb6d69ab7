"""Reading the cahier: where a book stands, what is to be mended, the lines of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Count, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.audit.statements import prepared
from retkoop.books.importing import Likeness
from retkoop.books.models import AccountTotal, Book, CarriedItem, DayTotal, Operation, Proof
from retkoop.books.values import operation_values, with_lines, with_vouchers
from retkoop.domain import entry, ledger
from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import Chart
from retkoop.domain.checks.scope import Closing, Days, Terms
from retkoop.domain.reconciliation import Reconciliation
from retkoop.domain.registers import Registers
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing
from retkoop.network.models import Coop
from retkoop.network.queries import chart_for, rules_for

_BOOK_COLUMNS: Final = [field.attname for field in Book._meta.concrete_fields]


class NoBook(LookupError):
    """No coop of this RNE keeps a book of that year; the message says so in French."""


def book_of(rne: str, year: SchoolYear) -> Book:
    """Return the book of a coop for the command line, where nobody's rights are at stake. Raises NoBook."""
    book = Book.objects.select_related("coop__association").filter(coop__rne=rne, start=year.start).first()
    if book is None:
        raise NoBook(f"La coopérative « {rne} » n’a pas de cahier {year}.")
    return book


def operations_of(book: Book) -> list[entry.Operation]:
    """Return all the operations of a book as values: for files and verification, never for a page."""
    return operation_values(with_lines(Operation.objects.filter(book=book)))


def places_of(book: Book) -> QuerySet[Operation, str]:
    """Return where papers were said to be, the latest operation first."""
    return Operation.objects.filter(book=book, proof=Proof.PAPER).order_by("-pk").values_list("proof_place", flat=True)


def operation_of(book: Book, key: int, *, to_write: bool = False) -> Operation | None:
    """Return an operation of a book with its double entry, who entered it and the `last_place` of a paper; None where it is not there.

    With its vouchers as well, where it is `to_write`: the trail wants them.
    """
    found = Operation.objects.filter(book=book, pk=key).select_related("entered_by")
    if not to_write:
        found = found.annotate(last_place=Subquery(places_of(book)[:1]))  # type: ignore[no-redef]  # declared there for readers
    row = (with_vouchers(found) if to_write else with_lines(found)).first()
    if row is not None:
        row.book = book
    return row


def chart_of(book: Book) -> Chart:
    return chart_for(book.coop.association, book.year)


def terms_of(book: Book) -> Terms:
    """Return what a book is held against: the rules and the chart of its AD and year, its last closed statement."""
    association = book.coop.association
    closings: tuple[Closing, ...] = ()
    if book.closed_statement_date and book.closed_statement_at:
        closings = (Closing(book.closed_statement_date, book.closed_statement_at),)
    return Terms(book.year, rules_for(association, book.year), chart_of(book), closings, book.direct)


@prepared
def _account_totals(book: int) -> QuerySet[AccountTotal, tuple[Any, ...]]:
    return AccountTotal.objects.filter(book=book).order_by("account").values_list("account", "debit", "credit")


def account_totals_of(book: Book) -> dict[str, ledger.AccountTotal]:
    """Return the kept totals of the accounts that moved, by account."""
    rows = _account_totals(book.pk)
    return {account: ledger.AccountTotal(account, debit, credit) for account, debit, credit in rows if debit or credit}


class KeptDay(NamedTuple):
    """What a day of the book moved, in cents, and by how many operations."""

    day: date
    bank: int = 0
    cash: int = 0
    operations: int = 0

    def plus(self, bank: int, cash: int, operations: int) -> KeptDay:
        return KeptDay(self.day, self.bank + bank, self.cash + cash, self.operations + operations)


@prepared
def _days(book: int) -> QuerySet[DayTotal, tuple[Any, ...]]:
    # As text: SQLite's adapter takes longer to read a year's 365 dates than the rest of the page.
    return DayTotal.objects.filter(book=book).order_by("day").values_list(Cast("day", CharField()), "bank", "cash", "operations")


_date_of = lru_cache(maxsize=4096)(date.fromisoformat)


def days_of(book: Book) -> list[KeptDay]:
    """Return the kept days of a book, in order."""
    return [KeptDay(_date_of(day), bank, cash, operations) for day, bank, cash, operations in _days(book.pk)]


def day_view(book: Book, days: Sequence[KeptDay]) -> Days:
    """Return the days of a book as the checks see them."""
    return Days(days, book.opening_bank, book.opening_cash)


@prepared
def _books(coop: int, day: date) -> QuerySet[Book, tuple[Any, ...]]:
    facts: dict[str, Any] = import_string(settings.ENTRY_FACTS)(day)
    return Book.objects.filter(coop=coop).annotate(**facts).order_by("-start").values_list(*_BOOK_COLUMNS, *facts)


def books_of(coop: Coop) -> list[Book]:
    """Return the coop's books of all years, the latest first, each with what says whether it takes writing today."""
    columns = len(_BOOK_COLUMNS)
    books = []
    for row in _books(coop.pk, timezone.localdate()):
        book = Book.from_db(DEFAULT_DB_ALIAS, _BOOK_COLUMNS, row[:columns])
        book.coop, book.entry_facts = coop, row[columns:]
        books.append(book)
    return books


def other_books(book: Book) -> list[Book]:
    """Return the coop's books of other years."""
    return [other for other in books_of(book.coop) if other.pk != book.pk]


def standing_of(book: Book, totals: dict[str, ledger.AccountTotal] | None = None, others: Sequence[Book] | None = None) -> Standing:
    """Return where a book stands, from what is kept: a fixed number of queries, whatever its size.

    `totals` and `others` spare their queries to a caller who has them at hand.
    """
    totals = account_totals_of(book) if totals is None else totals
    others = other_books(book) if others is None else others
    unpointed_sum, unpointed_count = _former_unpointed(book, others)
    previous = _previous(book, others)
    awaits = book.direct and not Operation.objects.filter(book=book, summary=True).exists()
    return Standing(
        year=book.year,
        totals=totals,
        operation_count=book.operation_count,
        last_operation=book.last_operation,
        reconciliation=Reconciliation(
            book_balance=ledger.net_of(totals, book.bank_account),
            statement_balance=None if awaits else book.statement_balance,
            unpointed=book.unpointed_sum + unpointed_sum,
            unpointed_count=book.unpointed_count + unpointed_count,
        ),
        cash_count=None if awaits else _cash_count(book),
        previous_assets=previous.assets if previous else None,
        previous_cash=previous.cash if previous else None,
        opening_cash=book.opening_cash,
        has_opening=book.has_opening,
        unproven_count=book.unproven_count,
        deposit_count=book.deposit_count,
        last_bank_move=book.last_bank_move,
        statement_document=book.statement_document,
        awaits_totals=awaits,
    )


def registers_of(book: Book) -> Registers:
    """Return what the registers say of a book: the room above, which this one does not know, is named by the roof."""
    view: Callable[[Book], Registers] = import_string(settings.REGISTERS_VIEW)
    return view(book)


def _cash_count(book: Book) -> CashCount | None:
    if book.count_day is None or book.count_total is None or book.count_book is None:
        return None
    return CashCount(book.count_day, book.count_total, book.count_book)


def _previous(book: Book, others: Sequence[Book]) -> Book | None:
    """Return last year's book, where it holds anything."""
    return next((other for other in others if other.start == book.start - 1 and (other.operation_count or other.has_opening)), None)


def own_unpointed(book: Book) -> QuerySet[Operation]:
    """Return the bank moves of the book that no statement up to its own year shows."""
    return Operation.objects.filter(_missing(book), book=book, opening=False).exclude(bank=0)


def former_unpointed(book: Book) -> QuerySet[Operation]:
    """Return the bank moves of former years that no statement up to this book's year shows."""
    return Operation.objects.filter(_missing(book), coop_id=book.coop_id, book__start__lt=book.start, opening=False).exclude(bank=0)


def carried_unpointed(book: Book) -> QuerySet[CarriedItem]:
    """Return the bank moves of years kept elsewhere that no statement up to this book's year shows."""
    return CarriedItem.objects.filter(_missing(book), coop_id=book.coop_id, book__start__lte=book.start)


def _missing(book: Book) -> Q:
    return Q(pointed_year__isnull=True) | Q(pointed_year__gt=book.start)


def _former_unpointed(book: Book, others: Sequence[Book]) -> tuple[int, int]:
    """Return the sum and the number of the bank moves from before the book that no statement shows, in one query."""
    sources: list[QuerySet[Any]] = []
    if any(other.start < book.start for other in others):
        sources.append(former_unpointed(book))
    if any(one.has_carried_items for one in (book, *others)):
        sources.append(carried_unpointed(book))
    if not sources:
        return 0, 0
    first, *more = (_sum_and_count(source) for source in sources)
    rows = list(first.union(*more, all=True))
    return sum(total for total, _ in rows), sum(count for _, count in rows)


def _sum_and_count(rows: QuerySet[Any]) -> QuerySet[Any, tuple[int, int]]:
    grouped = rows.order_by().values(one=Value(1))
    sums: QuerySet[Any, tuple[int, int]] = grouped.annotate(total=Sum("bank", default=0), count=Count("pk")).values_list("total", "count")
    return sums


def likenesses_in(book: Book) -> list[Likeness]:
    """Return what an imported row must not repeat."""
    rows = Operation.objects.filter(book=book).values_list("opening", "piece", "date", "bank", "cash", "regie")
    return [Likeness.of(*row) for row in rows.iterator(chunk_size=2000)]
