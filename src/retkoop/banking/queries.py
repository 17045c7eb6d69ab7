"""Reading the bank: the statements of a book, what stands on each, and the lines to tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from retkoop.banking.models import BankStatement, Pointing
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import standing_of
from retkoop.domain.chart import LONGEST_SEARCH, fold
from retkoop.domain.clues import Unticked, bank_clues
from retkoop.domain.money import Cents, InvalidAmount, parse_amount
from retkoop.domain.reconciliation import Reconciliation, Statement, UnpointedItem

PAGE: Final = 80
"""Lines to tick on a page: the heaviest page stays under 100 KB."""
MOST_CLUES: Final = 6


class View(StrEnum):
    """Which lines are shown: those to tick, those on the statement, those that an import brought ticked."""

    TODO = "a-pointer"
    DONE = "pointees"
    IMPORTED = "importees"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which kinds of rows a coop has beside those of the book itself; what it has not is not asked of the database."""

    former: bool = True
    later: bool = True
    items: bool = True

    @classmethod
    def of(cls, book: Book, books: Iterable[Book]) -> Reach:
        """Return the reach of a book among all of its coop's."""
        books = tuple(books)
        return cls(
            former=any(other.start < book.start for other in books),
            later=any(other.start > book.start for other in books),
            items=any(other.has_carried_items for other in books),
        )


EVERYTHING: Final = Reach()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement with what stands on it, in cents: the signed sum of its ticks, the receipts among them, their number."""

    row: BankStatement
    pointed: Cents = 0
    receipts: Cents = 0
    count: int = 0

    @property
    def payments(self) -> Cents:
        """The payments that stand on it, as a positive sum."""
        return self.receipts - self.pointed


@dataclass(frozen=True, slots=True)
class Missing:
    """The bank moves that no statement up to the year shows: the sum of the receipts, and how many can be ticked now.

    Those ticked on a statement of a later year are missing all the same, but are not to be ticked here.
    """

    receipts: Cents = 0
    to_tick: int = 0


@dataclass(frozen=True, slots=True)
class StatementStanding:
    """A statement held against the book: what stands on it, what it does not show, the gap that is left, in cents."""

    line: StatementLine
    reconciliation: Reconciliation
    receipts: Cents
    to_tick: int

    @property
    def payments(self) -> Cents:
        """The payments that the statement does not show, as a positive sum."""
        return self.receipts - self.reconciliation.unpointed

    @property
    def gap(self) -> Cents:
        return self.reconciliation.gap or 0


class TickRow(NamedTuple):
    """A line to tick: an operation (`kind` "o"), or an item carried from a year kept elsewhere ("r"); `start` tells its year."""

    kind: str
    pk: int
    piece: str
    date: date
    label: str
    tiers: str
    cheque: str
    bank: Cents
    start: int
    pointed_year: int | None

    @property
    def token(self) -> str:
        """How a form names the line."""
        return f"{self.kind}{self.pk}"


Rows = QuerySet[Operation, tuple[Any, ...]]


def closed_statement_holding(row: Operation) -> date | None:
    """Return the date of the closed statement on which an operation is ticked, None where none holds it."""
    ticks = Pointing.objects.filter(operation=row.pk, statement__closed_at__isnull=False)
    return ticks.values_list("statement__date", flat=True).first()


def statement_value(row: BankStatement) -> Statement:
    return Statement(row.pk, row.number, row.date, row.account_balance)


def statements_of(book: Book) -> list[StatementLine]:
    """Return the statements of a book with what stands on each, the latest first."""
    bank = Coalesce("pointings__operation__bank", "pointings__carried_item__bank")
    is_receipt = Q(pointings__operation__bank__gt=0) | Q(pointings__carried_item__bank__gt=0)
    rows = (
        BankStatement.objects.filter(book=book)
        .annotate(pointed=Sum(bank, default=0), receipts=Sum(Case(When(is_receipt, then=bank)), default=0), ticks=Count("pointings"))
        .order_by("-date")
    )
    lines = [StatementLine(row, row.pointed, row.receipts, row.ticks) for row in rows]
    for line in lines:
        line.row.book = book
    return lines


def closing_statement_of(book: Book) -> BankStatement | None:
    """Return the statement that closes the year, the one whose balance the book was told; None where none is given."""
    return BankStatement.objects.filter(book=book, date=book.statement_date).first() if book.statement_date else None


def line_of(lines: Iterable[StatementLine], key: int) -> StatementLine:
    """Return a statement among those of a book. Raises Http404 where it is not one of them."""
    found = next((line for line in lines if line.row.pk == key), None)
    if found is None:
        raise Http404
    return found


def standing_at(line: StatementLine, lines: Iterable[StatementLine], reconciliation: Reconciliation, missing: Missing) -> StatementStanding:
    """Hold a statement against the book: what later statements of the book show, it does not show yet.

    `reconciliation` and `missing` are those of the whole book.
    """
    later = [other for other in lines if other.row.date > line.row.date]
    at_its_date = Reconciliation(
        book_balance=reconciliation.book_balance,
        statement_balance=line.row.account_balance,
        unpointed=reconciliation.unpointed + sum(other.pointed for other in later),
        unpointed_count=reconciliation.unpointed_count + sum(other.count for other in later),
    )
    return StatementStanding(line, at_its_date, missing.receipts + sum(other.receipts for other in later), missing.to_tick)


def gap_of(statement: BankStatement) -> Cents:
    """Return what a statement leaves unexplained, from what is kept now."""
    lines = statements_of(statement.book)
    return standing_at(line_of(lines, statement.pk), lines, standing_of(statement.book).reconciliation, Missing()).gap


def pointable_operations(book: Book, reach: Reach = EVERYTHING) -> QuerySet[Operation]:
    """Return the bank moves that a statement of the book may show: of its year or a former one.

    An opening is a sum, not a move; so are the totals of a year kept elsewhere.
    """
    several = reach.former or book.direct
    books = Q(book__in=Book.objects.filter(coop_id=book.coop_id, start__lte=book.start, direct=False)) if several else Q(book=book)
    return Operation.objects.filter(books, coop_id=book.coop_id, opening=False).exclude(bank=0)


def pointable_items(book: Book) -> QuerySet[CarriedItem]:
    """Return the bank moves of years kept elsewhere that a statement of the book may show."""
    return CarriedItem.objects.filter(coop_id=book.coop_id, book__start__lte=book.start)


def missing_on(book: Book, reach: Reach) -> Missing:
    """Count the bank moves that no statement up to the book's year shows, in one query."""
    found = _missing_among(pointable_operations(book, reach), book, reach)
    if reach.items:
        found = found.union(_missing_among(pointable_items(book), book, reach), all=True)
    rows = list(found)
    return Missing(sum(receipts for receipts, _ in rows), sum(to_tick for _, to_tick in rows))


def missing_choice(book: Book, reach: Reach) -> Q:
    """Return the condition of the lines that no statement up to the book's year shows."""
    nowhere = Q(pointed_year__isnull=True)
    return nowhere | Q(pointed_year__gt=book.start) if reach.later else nowhere


def _missing_among(rows: QuerySet[Any], book: Book, reach: Reach) -> QuerySet[Any, Any]:
    nowhere = Q(pointed_year__isnull=True)
    grouped = rows.filter(missing_choice(book, reach)).order_by().values(one=Value(1))
    sums: QuerySet[Any, Any] = grouped.annotate(
        receipts=Sum("bank", filter=Q(bank__gt=0), default=0), to_tick=Count("pk", filter=nowhere)
    ).values_list("receipts", "to_tick")
    return sums


def tick_rows(book: Book, chosen: Q, reach: Reach = EVERYTHING, search: str = "") -> Rows:
    """Return the lines that a condition chooses, in the order of their dates, as the columns of TickRow."""
    operations = pointable_operations(book, reach).filter(chosen, _matching(search, words=True)).order_by()
    rows: Rows = operations.values_list(
        Value("o"), "pk", "piece", "date", "label", "tiers", "cheque", "bank", "book__start", "pointed_year"
    )
    if reach.items:
        items = pointable_items(book).filter(chosen, _matching(search, words=False)).order_by()
        rows = rows.union(
            items.values_list(Value("r"), "pk", "piece", "date", "label", Value(""), "cheque", "bank", "book__start", "pointed_year"),
            all=True,
        )
    return rows.order_by("date", "piece", "pk")


def choice_of(statement: BankStatement, view: View) -> Q:
    """Return the condition of a view's lines."""
    if view is View.DONE:
        return Q(pointing__statement=statement)
    if view is View.IMPORTED:
        return Q(pointed_year=statement.book.start, pointing__isnull=True)
    return Q(pointed_year__isnull=True)


def _matching(search: str, *, words: bool) -> Q:
    """Return the condition of what someone looks for: words, a pièce, a cheque, or an amount in either direction.

    Operations keep their words without accents (`words`), carried items do not.
    """
    text = search.strip()[:LONGEST_SEARCH]
    if not text:
        return Q()
    folded = Q(words__contains=fold(text)) if fold(text) else Q(pk__in=[])
    found = folded if words else Q(label__icontains=text) | Q(piece__iexact=text) | Q(cheque__startswith=text)
    try:
        amount = parse_amount(text)
    except InvalidAmount:
        return found
    return found | Q(bank__in=(amount, -amount))


def tick_page(rows: Rows, count: int | None, number: str | None, size: int = PAGE) -> Page[TickRow]:
    """Return a page of lines; `count`, where it is known, spares the query that would count them."""
    paginator: Paginator[Any] = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    page = paginator.get_page(number)
    page.object_list = [TickRow(*row) for row in page.object_list]
    return page


def named_rows(book: Book, operations: Iterable[int], items: Iterable[int]) -> list[TickRow]:
    """Return some lines, by their keys, as they are now."""
    found: list[TickRow] = []
    for kind, keys in (("o", operations), ("r", items)):
        rows = tick_rows(book, Q(pk__in=keys), Reach(items=kind == "r"))
        found += [row for one in rows if (row := TickRow(*one)).kind == kind]
    return found


@dataclass(frozen=True, slots=True)
class FoundClue:
    """A line that may explain the gap, and the question to ask about it."""

    row: TickRow
    sentence: str


def unticked_until(book: Book, day: date, reach: Reach) -> Unticked:
    """Return what is dated on or before a day and is not ticked, in one query."""
    found = _unticked(pointable_operations(book, reach), day)
    if reach.items:
        found = found.union(_unticked(pointable_items(book), day), all=True)
    rows = list(found)
    return Unticked(day, sum(count for count, _ in rows), sum(moved for _, moved in rows))


def _unticked(rows: QuerySet[Any], day: date) -> QuerySet[Any, Any]:
    grouped = rows.filter(pointed_year__isnull=True, date__lte=day).order_by().values(one=Value(1))
    sums: QuerySet[Any, Any] = grouped.annotate(count=Count("pk"), moved=Sum("bank", default=0)).values_list("count", "moved")
    return sums


def clues_of(book: Book, gap: Cents, reach: Reach) -> list[FoundClue]:
    """Return the lines whose amount alone may explain a gap, the likeliest first."""
    clues = bank_clues(gap)
    chosen = Q(pk__in=[])
    for clue in clues:
        ticked = Q(pointed_year=book.start) if clue.pointed else Q(pointed_year__isnull=True)
        chosen |= ticked & Q(bank=clue.amount)
    rows = [TickRow(*row) for row in tick_rows(book, chosen, reach)[:MOST_CLUES]]
    found = [FoundClue(row, clue.sentence) for clue in clues for row in rows if _bears_out(row, clue.amount, pointed=clue.pointed)]
    return found[:MOST_CLUES]


def _bears_out(row: TickRow, amount: Cents, *, pointed: bool) -> bool:
    return row.bank == amount and (row.pointed_year is not None) is pointed


def ticks_between(statement: BankStatement, first: int, last: int) -> tuple[list[int], list[int]]:
    """Return the operations and the carried items that some ticks of a statement bear on, by the keys of the ticks."""
    ticks = Pointing.objects.filter(statement=statement, pk__range=(first, last)).values_list("operation", "carried_item")
    return [one for one, _ in ticks if one is not None], [item for _, item in ticks if item is not None]


def unpointed_items_of(book: Book, books: Iterable[Book], most: int | None = None) -> list[UnpointedItem]:
    """Return the bank moves that no statement up to the book's year shows, of former years too, in the order of their dates.

    `most` keeps the first so many.
    """
    reach = Reach.of(book, books)
    rows = (TickRow(*row) for row in tick_rows(book, missing_choice(book, reach), reach)[:most])
    return [UnpointedItem(row.piece, row.date, row.label, row.bank, row.cheque) for row in rows]
