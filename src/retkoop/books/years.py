"""The years of a coop: which one people land on, which one they may open, and the one that opens by itself on 1 September."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from retkoop.audit.pace import give_way
from retkoop.audit.services import SYSTEM, Trail, writing
from retkoop.books.models import Book
from retkoop.books.posting import carry_over, set_follows
from retkoop.books.queries import account_totals_of
from retkoop.books.services import book_in
from retkoop.books.values import closing_moves
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop

_log = logging.getLogger(__name__)

PREPARED_FROM: Final = 7
"""From July on, home offers the year that comes: mandataires change in summer, and the new one wants to get ready."""


def book_on(books: Sequence[Book], today: date) -> Book | None:
    """Return the book of the school year of a day, else the latest one; `books` are the latest first."""
    current = SchoolYear.containing(today).start
    return next((book for book in books if book.start == current), next(iter(books), None))


def year_to_open(books: Sequence[Book], today: date) -> SchoolYear | None:
    """Return the year that home offers to open; None where none is missing.

    The current one, or the next one in summer. Until December, to a coop that is new here, also the one that has ended: it may have
    been kept elsewhere, and its compte rendu is still to be sent.
    """
    current = SchoolYear.containing(today)
    offered = (current, current.next) if PREPARED_FROM <= today.month < 9 else (current,)
    known = {book.start for book in books}
    missing = next((year for year in offered if year.start not in known), None)
    if missing is None and today.month >= 9 and min(known) == current.start:
        return current.previous
    return missing


def open_year(*, access: Access, year: SchoolYear, today: date) -> Book:
    """Open the book of the last, the current or the next school year, on the same kind of account as the latest one.

    It begins with what the year before ends with, for as long as that one is not accepted. Raises Refused for any other year.
    """
    current = SchoolYear.containing(today)
    if year not in (current.previous, current, current.next):
        raise Refused(f"Seules les années {current.previous}, {current} et {current.next} peuvent être ouvertes.")
    with writing(access.coop.chain, access.author) as trail:
        return opened_year(trail, access.coop, year)


def open_due_years(*, today: date, most: int) -> int:
    """Open the current school year of coops that kept the year before and have not opened it yet; return how many that were.

    At most `most` of them: the worker comes back for the others.
    """
    year = SchoolYear.containing(today)
    books = Book.objects.filter(coop=OuterRef("pk"))
    due = Coop.objects.filter(Exists(books.filter(start=year.previous.start)), ~Exists(books.filter(start=year.start)), closed_on=None)
    coops = list(due.select_related("association").order_by("pk")[:most])
    for coop in coops:
        give_way()
        try:
            with writing(coop.chain, SYSTEM) as trail:
                opened_year(trail, coop, year)
        except Refused:  # it was closed meanwhile
            _log.warning("%s : l’année %s n’a pas été ouverte", coop.rne, year)
    return len(coops)


def opened_year(trail: Trail, coop: Coop, year: SchoolYear) -> Book:
    """Return the book of a year, opened where it is missing on what the year before ends with. To be called inside a `writing`.

    Raises Refused where the coop is closed.
    """
    there = {book.start: book for book in Book.objects.filter(coop=coop, start__in=(year.previous.start, year.start, year.next.start))}
    book = book_in(trail, coop, year)
    if year.start not in there:
        if before := there.get(year.previous.start):
            _follow(trail, book, before)
        if later := there.get(year.next.start):
            later.coop = coop
            _follow(trail, later, book)
    return book


def _follow(trail: Trail, book: Book, before: Book) -> None:
    """Have a book in which no opening is noted begin with what the year before ends with; provisionally, if that one may change."""
    if book.has_opening or book.direct or book.sealed_at is not None:
        return
    set_follows(trail, book, follows=before.sealed_at is None)
    carry_over(trail, book, account_totals_of(before))


def settle_next(trail: Trail, book: Book, *, accepted: bool, frozen: bool = False) -> None:
    """Make the report à nouveau of the year after definitive once a year is accepted, provisional again once it is reopened.

    One that somebody has typed otherwise stays as it is; so does one that is sent (`frozen`), until it comes back (`catch_up`). To be
    called inside a `writing`.
    """
    later = Book.objects.filter(coop=book.coop_id, start=book.start + 1).select_related("coop__association").first()
    if later is None or later.direct or later.sealed_at is not None or frozen:
        return
    totals = account_totals_of(book)
    kept = closing_moves(totals)
    if accepted and later.opening_follows:
        carry_over(trail, later, totals)  # what could not follow while the AD had closed that year
        later.refresh_from_db()
        set_follows(trail, later, follows=False)
    elif not accepted and later.has_opening and (later.opening_bank, later.opening_cash) == (kept.bank, kept.cash):
        set_follows(trail, later, follows=True)


def catch_up(trail: Trail, book: Book) -> None:
    """Have a provisional report à nouveau that could not follow say what the year before ends with. To be called inside a `writing`."""
    before = Book.objects.filter(coop=book.coop_id, start=book.start - 1).first()
    if before is not None and book.opening_follows and not book.direct:
        carry_over(trail, book, account_totals_of(before))
        book.refresh_from_db()
        set_follows(trail, book, follows=before.sealed_at is None)
