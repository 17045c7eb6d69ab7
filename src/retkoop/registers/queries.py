"""Reading the registers."""

from __future__ import annotations

from retkoop.books.models import Book
from retkoop.domain.registers import Registers


def registers_view(_book: Book) -> Registers:
    """Return what the registers say of a book, for its checks."""
    return Registers()
