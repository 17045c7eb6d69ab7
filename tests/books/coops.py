"""Coops whose books are at hand, and what their pages say with ordinary spaces."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from retkoop.books.models import Book, Operation
from retkoop.books.opening import keep_opening
from retkoop.books.services import open_book, record_operation, record_operations
from retkoop.books.vouchers import say_all_on_paper
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access, open_coop
from retkoop.network.models import RoleKind
from tests.cast import ALICE, CHARLIE, account, logged_in, make_coop, make_staff
from tests.pages import Answer, main_text

YEAR = SchoolYear(2025)
FORMER = YEAR.previous


def keeper(rne: str = ALICE) -> Access:
    """Return the access of an activated coop account to its own coop."""
    return open_coop(account(make_coop(rne)), rne)


def a_book(access: Access, year: SchoolYear = YEAR) -> Book:
    return open_book(access=access, year=year)


def open_with(access: Access, book: Book, bank: int = 0, cash: int = 0, regie: int = 0) -> Operation:
    """Note the opening of a book."""
    return keep_opening(access=access, book=book, moves=Moves(bank, cash, regie), version=None, submission=uuid.uuid4())


def line(piece: str, day: str, label: str, bank: int = 0, cash: int = 0, *parts: tuple[str, int], cheque: str = "") -> entry.Operation:
    """Return an operation to note; without parts, all of it on 618 or 708."""
    moved = bank + cash
    split = parts or ((("61800008", -moved),) if moved < 0 else (("70800008", moved),))
    return entry.Operation(
        key=0,
        piece=piece,
        date=date.fromisoformat(day),
        label=label,
        moves=Moves(bank, cash),
        parts=tuple(Part(*part) for part in split),
        cheque=cheque,
    )


def note(
    access: Access, book: Book, piece: str, day: str, label: str, bank: int = 0, cash: int = 0, *parts: tuple[str, int], cheque: str = ""
) -> Operation:
    """Note a `line`."""
    operation = line(piece, day, label, bank, cash, *parts, cheque=cheque)
    return record_operation(access=access, book=book, operation=operation, submission=uuid.uuid4())


def note_all(access: Access, book: Book, operations: Iterable[entry.Operation]) -> None:
    """Note many lines at once, which is much faster than one by one and the same."""
    record_operations(author=access.author, coop=access.coop, year=book.year, operations=list(operations))


def some_months(access: Access, book: Book, count: int) -> None:
    """Note so many operations, each on its day and right in itself."""
    days = [date.fromordinal(book.year.first_day.toordinal() + number % 80).isoformat() for number in range(count)]
    lines = (line(f"R{number}", day, f"Kermesse, stand {number}", 99_99 + number) for number, day in enumerate(days, start=1))
    note_all(access, book, lines)


def prove(access: Access, book: Book) -> None:
    """Say that all vouchers are on paper."""
    say_all_on_paper(access=access, book=book, place="Classeur bleu")


def client_of(access: Access) -> Client:
    return logged_in(access.user)


def comptable() -> Client:
    """A person of the AD, who reads and writes nothing."""
    return logged_in(make_staff("comptable", RoleKind.COMPTABLE))


def animateur() -> Client:
    """A person of the AD, who helps."""
    return logged_in(make_staff("animateur", RoleKind.ANIMATEUR))


def stranger() -> Client:
    """The account of another coop."""
    return client_of(keeper(CHARLIE))


def at(book: Book, name: str, **parts: object) -> str:
    """Return the address of a page of a book."""
    return reverse(name, kwargs={"rne": book.coop.rne, "year": str(book.year), **parts})


def said(answer: Answer) -> str:
    """Return the words of a page's `<main>`, its spaces that do not break made ordinary."""
    return plain(main_text(answer))


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def queries_of(client: Client, address: str) -> int:
    """Return how many SQL queries a page asks, once everything that is compiled at first use has been."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
