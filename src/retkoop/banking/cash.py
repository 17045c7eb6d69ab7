"""Reading the cash box: the counts of a book with their answers, and what to look at when one is not right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.http import Http404

from retkoop.banking.models import CashCountRecord
from retkoop.books.models import Book, Operation
from retkoop.books.queries import days_of
from retkoop.domain.cash_count import CashCount
from retkoop.domain.clues import cash_clues
from retkoop.domain.money import Cents

MOST_COUNTS: Final = 60
LAST_OPERATIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Count:
    """A count that was kept, and what the book says today of the cash of that day."""

    record: CashCountRecord
    answer: CashCount

    @property
    def quantities(self) -> dict[int, int]:
        """So many of each, {denomination in cents: how many}."""
        return by_denomination(self.record.quantities)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cash operation to look at first, in cents; `sentence` says why, where its amount alone says something."""

    key: int
    piece: str
    date: date
    label: str
    cash: Cents
    sentence: str


def counts_of(book: Book) -> list[Count]:
    """Return the counts of a book, the latest day first, each held against the book as it is now."""
    days = days_of(book)
    records = CashCountRecord.objects.filter(book=book).order_by("-day", "-pk")[:MOST_COUNTS]
    held = {record.day: book.opening_cash + sum(day.cash for day in days if day.day <= record.day) for record in records}
    return [Count(record, CashCount(record.day, record.counted, held[record.day])) for record in records]


def last_quantities_of(book: Book) -> dict[int, int] | None:
    """Return the latest count by notes and coins, {denomination in cents: how many}; None where the cash has not been counted."""
    quantities = CashCountRecord.objects.filter(book=book).order_by("-day", "-pk").values_list("quantities", flat=True).first()
    return None if quantities is None else by_denomination(quantities)


def by_denomination(quantities: Mapping[str, int]) -> dict[int, int]:
    """Read quantities as they are kept (JSON knows only texts as keys)."""
    return {int(worth): quantity for worth, quantity in quantities.items()}


def count_of(counts: Iterable[Count], key: str) -> Count:
    """Return one of the counts by the key that an address gave. Raises Http404 where there is none."""
    found = next((count for count in counts if str(count.record.pk) == key), None)
    if found is None:
        raise Http404
    return found


def suspects_of(book: Book, count: CashCount) -> list[Suspect]:
    """Return what to look at when a count is not right: amounts that explain the gap, then the last cash operations."""
    sentences = {clue.amount: clue.sentence for clue in reversed(cash_clues(count.gap))}
    cash = Operation.objects.filter(book=book, opening=False, date__lte=count.day).exclude(cash=0).order_by("-date", "-piece_key", "-pk")
    last = cash.values("pk")[:LAST_OPERATIONS]
    rows = cash.filter(Q(cash__in=list(sentences)) | Q(pk__in=last)).values_list("pk", "piece", "date", "label", "cash")
    suspects = [Suspect(*row, sentence=sentences.get(row[4], "")) for row in rows[: 3 * LAST_OPERATIONS]]
    return sorted(suspects, key=lambda suspect: not suspect.sentence)
