"""A book that is about to be written in: as it is now, and not sealed."""

from __future__ import annotations

from retkoop.books.models import Book
from retkoop.books.queries import books_of
from retkoop.network.models import Coop


class Refused(Exception):
    """The verb was not done, and nothing was written; the message tells the person why, in French."""


def writable(coop: Coop, book: Book) -> Book:
    """Return the book as it is now that the coop's chain is ours. Raises Refused where it is sealed."""
    current = next(one for one in books_of(coop) if one.pk == book.pk)
    refuse_sealed(current)
    return current


def refuse_sealed(book: Book) -> None:
    """Raise Refused where the accounts of the year were accepted: what is left to correct is noted in the next year."""
    if book.sealed_at is not None:
        raise Refused(f"Les comptes de {book.year} sont validés et scellés : corrigez par une opération de l’année suivante.")
