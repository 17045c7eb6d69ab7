"""A made-up cahier kept year after year: written, ticked on its statements, counted, carried forward."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Final

from retkoop.banking.services import close_statement, point, record_cash_count, record_statement
from retkoop.books.models import Book, Operation
from retkoop.books.queries import standing_of
from retkoop.books.services import record_operations
from retkoop.books.vouchers import say_all_on_paper
from retkoop.domain import entry
from retkoop.domain.cash_count import DENOMINATIONS
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.upkeep.seasons import made_up_year

_STATEMENTS: Final = ((10, 31), (12, 31), (3, 31), (8, 31))
"""The last days of the statements of a year: month and day."""


@dataclass
class BookKeeper:
    """Whoever keeps the books of a coop: what bank and box hold when a year begins, and what the bank has not seen yet."""

    access: Access
    chance: Random
    bank: Cents
    cash: Cents
    on_its_way: Cents = 0
    to_tick: list[Operation] = field(default_factory=list)

    def write(self, year: SchoolYear, count: int, *, extra: Sequence[entry.Operation] = (), until: date | None = None) -> Book:
        """Write `count` operations and some of one’s own, as far as the day `until`; nothing is ticked yet."""
        made_up = made_up_year(self.chance, year, count, entry.Moves(bank=self.bank, cash=self.cash))
        operations = [*(operation for operation in made_up if until is None or operation.date <= until), *extra]
        unticked = [replace(operation, pointed=False) for operation in operations]
        book = record_operations(author=self.access.author, coop=self.access.coop, year=year, operations=unticked)
        rows = Operation.objects.filter(book=book).order_by("pk")
        self.to_tick = [row for row, operation in zip(rows, operations, strict=True) if operation.pointed and not operation.opening]
        return book

    def reconcile(self, book: Book, *, until: date, off: Cents = 0) -> None:
        """Tick what the statements show; those before the last one are closed. `off` is by how much the last one is misread."""
        days = [day for month, number in _STATEMENTS if (day := date(book.start + (month < 9), month, number)) <= until]
        for number, day in enumerate(days, start=1):
            shown = [row for row in self.to_tick if row.date <= day]
            last = number == len(days)
            seen = self.bank - self.on_its_way + sum(row.bank for row in shown) + (off if last else 0)
            statement = record_statement(
                access=self.access, book=book, number=str(number), day=day, account_balance=seen, submission=uuid.uuid4()
            )
            point(access=self.access, statement=statement, operations=[row.pk for row in shown])
            if not last:
                close_statement(access=self.access, statement=statement)

    def count(self, book: Book, day: date, *, off: Cents = 0) -> None:
        """Count the box, and find `off` more or less than the book says."""
        quantities = notes_and_coins(standing_of(_fresh(book)).cash + off)
        record_cash_count(access=self.access, book=book, day=day, quantities=quantities, submission=uuid.uuid4())

    def file_papers(self, book: Book) -> None:
        """Say where all the vouchers are."""
        say_all_on_paper(access=self.access, book=book, place=f"Classeur {book.year}, par numéro de pièce")

    def close(self, book: Book) -> None:
        """Take what the year leaves over to the next one."""
        standing = standing_of(_fresh(book))
        self.bank, self.cash = standing.bank, standing.cash
        self.on_its_way = standing.reconciliation.unpointed


def _fresh(book: Book) -> Book:
    return Book.objects.select_related("coop__association").get(pk=book.pk)


def notes_and_coins(amount: Cents) -> dict[int, int]:
    """Return the fewest notes and coins that make an amount: {denomination in cents: how many}."""
    quantities = {}
    for denomination in DENOMINATIONS:
        quantities[denomination], amount = divmod(amount, denomination)
    return quantities
