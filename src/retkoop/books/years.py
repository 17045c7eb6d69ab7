"""The years of a coop: which one people land on, which one they may open, and the one that opens by itself on 1 September."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from retkoop.audit.services import SYSTEM, Trail, writing
from retkoop.books.models import Book
from retkoop.books.posting import set_follows
from retkoop.books.queries import account_totals_of
from retkoop.books.services import add_operations, book_in
from retkoop.books.values import closing_moves, opening_value
from retkoop.books.writable import Refused, why_closed
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop

PREPARED_FROM: Final = 7
"""From July on, home offers the year that comes: mandataires change in summer, and the new one wants to get ready."""


def book_on(books: Sequence[Book], today: date) -> Book | None:
    """Return the book of the school year of a day, else the latest one; `books` are the latest first."""
    current = SchoolYear.containing(today).start
    return next((book for book in books if book.start == current), next(iter(books), None))


def year_to_open(books: Sequence[Book], today: date) -> SchoolYear | None:
    """Return the year that home offers to open: the current one, or the next one in summer; None where both are there."""
    current = SchoolYear.containing(today)
    offered = (current, current.next) if PREPARED_FROM <= today.month < 9 else (current,)
    known = {book.start for book in books}
    return next((year for year in offered if year.start not in known), None)


def open_year(*, access: Access, year: SchoolYear, today: date) -> Book:
    """Open the book of the current or the next school year, on the same kind of account as the latest one.

    It begins with what the year before ends with, for as long as that one is not accepted. Raises Refused for any other year.
    """
    current = SchoolYear.containing(today)
    if year not in (current, current.next):
        raise Refused(f"Seules les années {current} et {current.next} peuvent être ouvertes.")
    with writing(access.coop.chain, access.author) as trail:
        return _opened(trail, access.coop, year)


def open_due_years(*, today: date, most: int) -> int:
    """Open the current school year of coops that kept the year before and have not opened it yet; return how many that were.

    At most `most` of them: the worker comes back for the others.
    """
    year = SchoolYear.containing(today)
    books = Book.objects.filter(coop=OuterRef("pk"))
    due = Coop.objects.filter(Exists(books.filter(start=year.previous.start)), ~Exists(books.filter(start=year.start)), closed_on=None)
    coops = list(due.select_related("association").order_by("pk")[:most])
    for coop in coops:
        with writing(coop.chain, SYSTEM) as trail:
            _opened(trail, coop, year)
    return len(coops)


def _opened(trail: Trail, coop: Coop, year: SchoolYear) -> Book:
    """Return the book of a year, opened where it is missing on what the year before ends with."""
    book = book_in(trail, coop, year)
    before = Book.objects.filter(coop=coop, start=year.previous.start).first()
    if book.operation_count or book.has_opening or before is None or not (before.operation_count or before.has_opening):
        return book
    [row] = add_operations(trail, book, [opening_value(book, closing_moves(account_totals_of(before)))])
    trail.created(row, action="operation.carried")
    if before.sealed_at is None:
        set_follows(trail, book, follows=True)
    return book


def settle_next(trail: Trail, book: Book, *, accepted: bool) -> None:
    """Make the report à nouveau of the year after definitive once a year is accepted, provisional again once it is reopened.

    One that somebody has typed otherwise stays as it is. To be called inside a `writing`.
    """
    later = Book.objects.filter(coop=book.coop_id, start=book.start + 1, has_opening=True).select_related("coop__association").first()
    if later is None or (not accepted and (later.direct or why_closed(later) is not None)):
        return
    kept = closing_moves(account_totals_of(book))
    if accepted or (later.opening_bank, later.opening_cash) == (kept.bank, kept.cash):
        set_follows(trail, later, follows=not accepted)
