"""The years of a coop: which one people land on, which one they may open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from retkoop.books.models import Book
from retkoop.books.services import open_book
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access

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

    Raises Refused for any other year.
    """
    current = SchoolYear.containing(today)
    if year not in (current, current.next):
        raise Refused(f"Seules les années {current} et {current.next} peuvent être ouvertes.")
    return open_book(access=access, year=year)
