"""Books for the tests of the bank and of the cash box, made by the services alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Final

from retkoop.audit.services import writing
from retkoop.banking.models import BankStatement, CashCountRecord
from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import standing_of
from retkoop.books.services import add_operations, open_book
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from tests.domain import musee as musee_book

LAST_YEAR: Final = SchoolYear(2024)
YEAR: Final = SchoolYear(2025)


def open_year(access: Access, year: SchoolYear) -> Book:
    return open_book(access=access, year=year)


def add(access: Access, book: Book, operations: Iterable[entry.Operation]) -> list[Operation]:
    """Add operations to a book as an import does, in one transaction."""
    with writing(access.coop.chain, access.author) as trail:
        current = Book.objects.select_related("coop__association").get(pk=book.pk)
        rows = add_operations(trail, current, list(operations))
        for row in rows:
            trail.created(row, action="operation.imported")
    return rows


def musee(access: Access) -> Book:
    book = open_year(access, YEAR)
    add(access, book, musee_book.OPERATIONS)
    return now(book)


def receipt(piece: str, day: date, bank: int, **more: str | bool) -> entry.Operation:
    return entry.Operation(0, piece, day, f"Recette {piece}", Moves(bank=bank), (Part("75600008", bank),), **more)  # type: ignore[arg-type]  # texts and a truth


def payment(piece: str, day: date, bank: int, **more: str | bool) -> entry.Operation:
    return entry.Operation(0, piece, day, f"Dépense {piece}", Moves(bank=-bank), (Part("61800008", bank),), **more)  # type: ignore[arg-type]  # idem


def opening(year: SchoolYear, bank: int, cash: int = 0) -> entry.Operation:
    return entry.Operation(0, "RAN", year.first_day, "Report à nouveau", Moves(bank=bank, cash=cash), opening=True, pointed=True)


def carry(access: Access, book: Book, label: str, day: date, bank: int) -> CarriedItem:
    """Note a bank move of a year that was kept elsewhere, which no statement shows yet."""
    with writing(access.coop.chain, access.author) as trail:
        item = CarriedItem.objects.create(coop=access.coop, book=book, date=day, label=label, bank=bank)
        trail.created(item, action="carried_item.recorded")
        Book.objects.filter(pk=book.pk).update(has_carried_items=True)
    return item


def statement(access: Access, book: Book, account_balance: int, day: date = date(2026, 8, 31), number: str = "") -> BankStatement:
    return record_statement(access=access, book=book, number=number, day=day, account_balance=account_balance, submission=uuid.uuid4())


def count(access: Access, book: Book, day: date, quantities: dict[int, int]) -> CashCountRecord:
    return record_cash_count(access=access, book=book, day=day, quantities=quantities, submission=uuid.uuid4())


def operation(book: Book, piece: str) -> Operation:
    return Operation.objects.get(book=book, piece=piece)


def now(book: Book) -> Book:
    """Return a book as the database has it."""
    return Book.objects.select_related("coop__association").get(pk=book.pk)


def gap(book: Book) -> int | None:
    return standing_of(now(book)).reconciliation.gap
