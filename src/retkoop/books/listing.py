"""The list of the cahier: what is asked for (search, filters, order), one page of it, and the running balances beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value

from retkoop.audit.statements import prepared
from retkoop.books.findings import Told, holding_on
from retkoop.books.models import Book, DayTotal, EntryLine, KeptFinding, Operation, Proof
from retkoop.books.page import CoopPage
from retkoop.domain.chart import Chart, search_words
from retkoop.domain.entry import Kind, natural_key
from retkoop.domain.money import Cents, InvalidAmount, format_amount, parse_amount
from retkoop.ui.days import InvalidDay, parse_day

A_PAGE: Final = 50
PRINTED_AT_ONCE: Final = 500
ORDERS: Final = {"recent": "Les plus récentes d’abord", "ancien": "Les plus anciennes d’abord", "piece": "Par pièce"}
"""Orders of the list, by their name in the address."""
_ORDER_COLUMNS: Final = {
    "recent": ("opening", "-date", "-piece_key", "-pk"),
    "ancien": ("-opening", "date", "piece_key", "pk"),
    "piece": ("piece_key", "date", "pk"),
}
PROVEN: Final = {"non": "Sans justificatif", "oui": "Avec justificatif"}
POINTED: Final = {"oui": "Pointées", "non": "Pas encore pointées"}
FLOWS: Final = {
    "depenses": ("Dépenses", (Kind.EXPENSE,)),
    "recettes": ("Recettes", (Kind.RECEIPT,)),
    "virements": ("Virements internes", (Kind.TRANSFER,)),
    "regies": ("Régies d’avance", (Kind.REGIE_PAID, Kind.REGIE_RETURNED, Kind.REGIE_SPENT)),
}


class Line(NamedTuple):
    """The columns of a line that the list is made from."""

    key: int
    piece: str
    date: date
    label: str
    tiers: str
    cheque: str
    project: str
    classe: str
    accounts: str
    opening: bool
    bank: Cents
    cash: Cents
    regie: Cents
    pointed_year: int | None
    proof: str

    @property
    def facts(self) -> str:
        """What stands under the label; what bank and cash do not tell of a régie is among it."""
        regie = f"régie : {format_amount(self.regie)}" if self.regie and self.bank + self.cash + self.regie else ""
        cheque = f"chèque {self.cheque}" if self.cheque else ""
        return " · ".join(filter(None, (regie, self.tiers, cheque, self.project, self.classe)))


_COLUMNS: Final = ("pk", *Line._fields[1:])


class ShownLine(NamedTuple):
    """A line as it is shown: its accounts as they are known (`618 + 616`), what bank and cash hold after it, where the order
    tells, and what is to be mended in it, the gravest first.
    """

    key: int
    piece: str
    day: date
    label: str
    facts: str
    accounts: str
    bank: Cents
    bank_after: Cents | None
    cash: Cents
    cash_after: Cents | None
    is_pointed: bool
    findings: Sequence[Told]
    is_joined: bool


@dataclass(frozen=True)
class Asked:
    """What is asked of the list, as the address says it; "" asks nothing."""

    q: str = ""
    nature: str = ""
    compte: str = ""
    projet: str = ""
    classe: str = ""
    pointage: str = ""
    preuve: str = ""
    mois: str = ""
    jour: str = ""
    corriger: str = ""
    ordre: str = "recent"

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> Asked:
        """Read the address; what it says of no order or day that exists is left aside."""
        asked = cls(**{name: query.get(name, "").strip().replace("\x00", "") for name in cls.__dataclass_fields__})
        return replace(
            asked,
            ordre=asked.ordre if asked.ordre in ORDERS else "recent",
            nature=asked.nature if asked.nature in FLOWS else "",
            pointage=asked.pointage if asked.pointage in POINTED else "",
            preuve=asked.preuve if asked.preuve in PROVEN else "",
            jour=asked.jour if asked.day else "",
            mois=asked.mois if asked.month else "",
        )

    @property
    def day(self) -> date | None:
        return _date(self.jour)

    @property
    def month(self) -> date | None:
        """The first day of the month asked for; the last one of all has none after it, and is no month of a book."""
        first = _date(f"{self.mois}-01")
        return first if first and first.year < MAXYEAR else None

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__ if name != "ordre")

    @property
    def follows_days(self) -> bool:
        """Tell whether the lines follow each other as in the book, so that balances can run beside them."""
        return self.ordre != "piece" and replace(self, jour="", mois="", ordre="recent") == Asked()

    @property
    def filters(self) -> int:
        """How many filters are set beside the search and the day."""
        return sum(bool(getattr(self, name)) for name in ("nature", "compte", "projet", "classe", "pointage", "preuve", "mois", "corriger"))

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield what the address says; what asks nothing is left out."""
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value and (name, value) != ("ordre", "recent"):
                yield name, value

    def query(self, **changes: str) -> str:
        """Return the address's query, with some changes."""
        return urlencode(list(replace(self, **changes).items()))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Listing:
    """One page of the list."""

    asked: Asked
    page: Page[Any]
    lines: tuple[ShownLine, ...]


def list_lines(on: CoopPage, asked: Asked, chart: Chart, number: str = "1") -> Listing:
    """Return a page of the list, in a fixed number of queries."""
    page = _page(on.book, asked, chart, on.today, number)
    lines = [Line(*row) for row in page.object_list]
    held = (on.standing.bank, on.standing.cash) if _is_first(asked, number) else None
    found = on.findings_of([line.key for line in lines])
    return Listing(asked, page, tuple(_shown(on.book, asked, chart, lines, found, held)))


def _is_first(asked: Asked, number: str) -> bool:
    """Tell whether the page seen most is asked for: the first of a list that nothing filters, the latest line at its head."""
    return asked == Asked() and number == "1"


def _shown(  # noqa: PLR0913, PLR0917 -- the lines, and what is known of them
    book: Book,
    asked: Asked,
    chart: Chart,
    lines: Sequence[Line],
    found: Mapping[int, Sequence[Told]],
    held: tuple[Cents, Cents] | None = None,
) -> Iterator[ShownLine]:
    after = running_balances(book, lines, held) if asked.follows_days else {}
    for line in lines:
        bank_after, cash_after = after.get(line.key, (None, None))
        accounts = " + ".join(map(chart.alias, line.accounts.split()))
        yield ShownLine(
            line.key,
            line.piece,
            line.date,
            line.label,
            line.facts,
            accounts,
            line.bank,
            bank_after,
            line.cash,
            cash_after,
            line.pointed_year is not None,
            found.get(line.key, ()),
            line.proof == Proof.JOINED,
        )


def _page(book: Book, asked: Asked, chart: Chart, today: date, number: str) -> Page[Any]:
    if asked.is_filtered and number == "1":
        return _first_found(_lines(book, asked, chart, today))
    paginator = Paginator(_latest(book.pk) if _is_first(asked, number) else _lines(book, asked, chart, today), A_PAGE)
    if not asked.is_filtered:
        paginator.count = book.operation_count + book.has_opening
    return paginator.get_page(number)


def _first_found(lines: QuerySet[Operation, tuple[Any, ...]]) -> Page[Any]:
    """Return the first page of what was found; it is counted only where there is more of it."""
    found = list(lines[: A_PAGE + 1])
    page: Page[Any] = Paginator(lines if len(found) > A_PAGE else found, A_PAGE).get_page(1)
    page.object_list = found[:A_PAGE]
    return page


def all_lines(book: Book, asked: Asked, chart: Chart, today: date) -> Iterator[ShownLine]:
    """Yield the whole list, in the order asked for, a page's worth at a time: it is printed, not kept."""
    paginator = Paginator(_lines(book, asked, chart, today), PRINTED_AT_ONCE)
    for number in paginator.page_range:
        yield from _shown(book, asked, chart, [Line(*row) for row in paginator.page(number).object_list], {})


@dataclass(frozen=True, slots=True)
class Newest:
    """A new line that stands first in the list, and the key of the one that the page has no more room for."""

    line: ShownLine
    dropped: int | None


def newest_line(on: CoopPage, row: Operation, chart: Chart) -> Newest | None:
    """Return a line just noted, where it is all that changes on the first page of the list.

    None where it stands elsewhere, makes the first line or one more page, or where something else is said of other lines.
    """
    book = on.book
    if not book.operation_count + book.has_opening > 1 or (book.operation_count + book.has_opening) % A_PAGE == 1:
        return None
    if book.restated - {row.pk} or _stands_later(book.pk, row.date, row.piece_key, row.pk):
        return None
    line = Line(*(getattr(row, name) for name in _COLUMNS))
    [shown] = _shown(book, Asked(), chart, [line], on.findings_of([row.pk]), (on.standing.bank, on.standing.cash))
    return Newest(shown, next((key for (key,) in _beyond_first_page(book.pk)), None))


@prepared
def _stands_later(book: int, day: date, piece_key: str, key: int) -> QuerySet[Operation, tuple[Any, ...]]:
    later = Q(date__gt=day) | Q(piece_key__gt=piece_key) | Q(piece_key=piece_key, pk__gt=key)
    return Operation.objects.filter(later, book=book, opening=Value(False), date__gte=day).order_by().values_list("pk")[:1]


@prepared
def _beyond_first_page(book: int) -> QuerySet[Operation, tuple[Any, ...]]:
    return Operation.objects.filter(book=book).order_by(*_ORDER_COLUMNS["recent"]).values_list("pk")[A_PAGE : A_PAGE + 1]


@prepared
def _latest(book: int) -> QuerySet[Operation, tuple[Any, ...]]:
    """The page that is seen most: the first of a list that nothing filters."""
    return Operation.objects.filter(book=book).order_by(*_ORDER_COLUMNS["recent"]).values_list(*_COLUMNS)[:A_PAGE]


def _lines(book: Book, asked: Asked, chart: Chart, today: date) -> QuerySet[Operation, tuple[Any, ...]]:
    lines = Operation.objects.filter(book=book)
    for condition in _conditions(book, asked, chart, today):
        lines = lines.filter(condition)
    return lines.order_by(*_ORDER_COLUMNS[asked.ordre]).values_list(*_COLUMNS)


def _conditions(book: Book, asked: Asked, chart: Chart, today: date) -> Iterator[Q | Exists]:
    if asked.q:
        yield holding_words(book, asked.q)
    if asked.nature:
        yield Q(kind__in=FLOWS[asked.nature][1])
    if account := chart.by_name.get(asked.compte):
        yield Exists(EntryLine.objects.filter(book=book, account=account.code, operation=OuterRef("pk")))
    named = {"project": asked.projet, "classe": asked.classe, "date": asked.day}
    yield from (Q((column, value)) for column, value in named.items() if value)
    if asked.preuve:
        yield Q(proof=Proof.MISSING, opening=False) if asked.preuve == "non" else ~Q(proof=Proof.MISSING)
    if asked.pointage:
        moved = ~Q(bank=0)
        yield moved & (Q(pointed_year__isnull=True, opening=False) if asked.pointage == "non" else Q(pointed_year__isnull=False))
    if asked.month:
        yield Q(date__gte=asked.month, date__lt=(asked.month + timedelta(days=31)).replace(day=1))
    if asked.corriger:
        yield Exists(KeptFinding.objects.filter(holding_on(today), operation=OuterRef("pk")))


def holding_words(book: Book, typed: str) -> Q:
    """Return the condition of the lines that hold each word; of an amount or a day, also those that bear it."""
    condition = Q()
    for word in search_words(typed):
        condition &= Q(words__contains=word)
    with suppress(InvalidDay):
        condition |= Q(date=parse_day(typed, book.year))
    with suppress(InvalidAmount):
        amount = abs(parse_amount(typed))
        cents = (amount, amount if re.search(r"[.,]", typed) else amount + 99)  # « 2 476 » finds 2 476,15 as well
        moved = EntryLine.objects.filter(Q(debit__range=cents) | Q(credit__range=cents), book=book)
        condition |= Q(pk__in=moved.values("operation"))
    return condition


@prepared
def _moved_before(book: int, day: date, piece_key: str, key: int) -> QuerySet[Any, tuple[Any, ...]]:
    """What the days before one moved, and on that day the operations that stand before one."""
    sums = {"moved_bank": Sum("bank"), "moved_cash": Sum("cash")}
    days = DayTotal.objects.filter(book=book, day__lt=day)
    earlier = Q(piece_key__lt=piece_key) | Q(piece_key=piece_key, pk__lt=key)
    same_day = Operation.objects.filter(earlier, book=book, opening=Value(False), date=day)
    first, second = (rows.order_by().values("book").annotate(**sums).values_list(*sums) for rows in (days, same_day))
    return first.union(second, all=True)


def running_balances(book: Book, lines: Sequence[Line], held: tuple[Cents, Cents] | None = None) -> dict[int, tuple[Cents, Cents]]:
    """Return what bank and cash hold after each line, by key: lines that follow each other in the book, in either direction.

    `held` is what they hold after the first of `lines`, where that is the latest of the book; it is asked for where not given.
    """
    after = {line.key: (line.bank, line.cash) for line in lines if line.opening}
    others = [line for line in lines if not line.opening]
    if not others:
        return after
    if _place(others[0]) > _place(others[-1]):
        others.reverse()
    moved = sum(line.bank for line in others), sum(line.cash for line in others)
    bank, cash = (held[0] - moved[0], held[1] - moved[1]) if held else _held_before(book, others[0])
    for line in others:
        bank, cash = bank + line.bank, cash + line.cash
        after[line.key] = (bank, cash)
    return after


def _place(line: Line) -> tuple[date, str, int]:
    return line.date, natural_key(line.piece), line.key


def _held_before(book: Book, line: Line) -> tuple[Cents, Cents]:
    moved = _moved_before(book.pk, *_place(line))
    return book.opening_bank + sum(bank for bank, _ in moved), book.opening_cash + sum(cash for _, cash in moved)
