"""The operations that a vérificateur looks at: those drawn, and those that they asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import Q, QuerySet

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.listing import holding_words
from retkoop.books.models import Book, Operation
from retkoop.domain.entry import Kind
from retkoop.domain.sampling import Candidate, Sample, draw_sample
from retkoop.registers.models import Deliberation, InventoryItem
from retkoop.year_end.models import Verifier, YearClosing

FOUND_AT_MOST: Final = 30


def operations_in(book: Book) -> QuerySet[Operation]:
    """Return what may be drawn or asked for: all that happened in the year, without its opening, or the totals of one kept elsewhere."""
    return Operation.objects.filter(book=book, opening=False, summary=False).order_by("date", "piece_key", "pk")


def sample_of(book: Book, closing: YearClosing, *, suffix: str = "") -> Sample:
    """Return the drawn sample of a year; an empty one until it was called to sign for the first time.

    A `suffix` of the seed, in hexadecimal digits, draws another one from the same seed.
    """
    if not closing.sample_seed:
        return Sample()
    rows = operations_in(book).order_by().values_list("pk", "kind", "bank", "cash")
    return draw_sample(closing.sample_seed + suffix, [Candidate(key, _spent(kind, bank + cash)) for key, kind, bank, cash in rows])


def _spent(kind: str, moved: int) -> int:
    return max(0, -moved) if kind == Kind.EXPENSE else 0


@dataclass
class Looked:
    """What the page of a vérificateur lets them see of a book: every access to an operation or a document asks here."""

    verifier: Verifier
    closing: YearClosing

    @property
    def book(self) -> Book:
        return self.verifier.book

    @cached_property
    def sample(self) -> Sample:
        return sample_of(self.book, self.closing)

    @cached_property
    def keys(self) -> frozenset[int]:
        return self.sample.keys | frozenset(self.verifier.asked)

    @cached_property
    def drawn(self) -> list[Operation]:
        """The drawn operations, in the order of the book."""
        return self._rows(self.sample.keys)

    @cached_property
    def asked(self) -> list[Operation]:
        """Those asked for beside them; one that was deleted since is not among them."""
        return self._rows(frozenset(self.verifier.asked) - self.sample.keys)

    def _rows(self, keys: Collection[int]) -> list[Operation]:
        return list(operations_in(self.book).filter(pk__in=keys)) if keys else []

    def operation(self, key: int) -> Operation | None:
        """Return one of the operations that may be looked at, None for any other."""
        return operations_in(self.book).filter(pk=key).first() if key in self.keys else None

    def found(self, typed: str) -> tuple[list[Operation], bool]:
        """Return the operations that hold some words, a pièce, an amount or a day, and whether there are more."""
        rows = list(operations_in(self.book).filter(holding_words(self.book, typed))[: FOUND_AT_MOST + 1])
        return rows[:FOUND_AT_MOST], len(rows) > FOUND_AT_MOST

    def document(self, key: int) -> Document | None:
        """Return a document of the year that may be looked at, None for any other: the one place that decides it.

        They are the vouchers of the operations in sight, the minutes of deliberations, the photos of the inventory, the bank
        statements; and all vouchers of a year that was kept elsewhere, whose operations are not here.
        """
        book = self.book
        seen = (
            Q(vouchers__operation__in=self.keys, vouchers__operation__book=book)
            | Q(pk__in=Deliberation.objects.filter(book=book, minutes__isnull=False).values("minutes"))
            | Q(pk__in=InventoryItem.objects.filter(coop=book.coop, photo__isnull=False).values("photo"))
            | Q(kind=DocumentKind.STATEMENT)
        )
        return Document.objects.filter(seen, coop=book.coop_id, start=book.start, pk=key).distinct().first()
