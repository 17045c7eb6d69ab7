"""A file that a coop sends to fill a year in, the model or its AD's own workbook: read, shown, and noted once it was read over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any, Final

from django.core import signing

from retkoop.books.models import Book
from retkoop.books.queries import chart_of
from retkoop.books.sheets import LARGEST_FILE, LARGEST_WORKBOOK, read_corners, read_sheets
from retkoop.domain.workbook import read_map
from retkoop.users.tries import Counter, begin
from retkoop.year_end.direct.mapped import packed_cells, published_workbook, read_mapped, unpacked_cells, workbook_named
from retkoop.year_end.direct.models import WorkbookVersion
from retkoop.year_end.direct.reading import Filled, ModelRefused, packed, read_model, unpacked

A_DAY: Final = 24 * 3600
FREE_SENDINGS: Final = 20
"""So many files may be read for a coop, or for the staff of an AD, before one has to wait: each takes a process of its own."""

NO_WORKBOOK: Final = "Votre association n’a pas encore montré son classeur\u202f: passez par le modèle."


@dataclass(frozen=True, slots=True)
class Received:
    """What a file says, and the signed token by which it comes back to be noted."""

    filled: Filled
    token: str


def workbook_of(book: Book) -> WorkbookVersion | None:
    """Return the workbook of the AD that a coop may send for a year."""
    return published_workbook(book.coop.association, book.year)


def count_sending(whose: str) -> None:
    """Count a file before it is read; what it holds makes no difference. Raises TooManyTries."""
    begin([Counter(f"workbook of {whose}", free=FREE_SENDINGS)])


def receive_model(book: Book, sent: IO[bytes]) -> Received:
    """Read a filled model. Raises UnreadableFile, ModelRefused, TooManyTries."""
    count_sending(book.coop.rne)
    sheets = read_sheets(sent.read(LARGEST_WORKBOOK + 1))
    return Received(read_model(sheets, book.year, chart_of(book)), _signed(book, {"model": packed(sheets)}))


def receive_workbook(book: Book, sent: IO[bytes]) -> Received:
    """Read the workbook of the AD. Raises UnreadableFile, ModelRefused, TooManyTries."""
    row = workbook_of(book)
    if row is None:
        raise ModelRefused([NO_WORKBOOK])
    count_sending(book.coop.rne)
    cells = packed_cells(read_map(row.content), read_corners(sent.read(LARGEST_FILE + 1)))
    return Received(_mapped(book, row, cells), _signed(book, {"workbook": row.pk, "cells": cells}))


def read_over(book: Book, token: str) -> Filled:
    """Read again what a token holds. Raises BadSignature, ModelRefused."""
    told = signing.loads(token, salt=_salt(book), max_age=A_DAY)
    if "model" in told:
        return read_model(unpacked(told["model"]), book.year, chart_of(book))
    row = workbook_named(book.coop.association, told["workbook"])
    if row is None:
        raise ModelRefused([NO_WORKBOOK])
    return _mapped(book, row, told["cells"])


def _mapped(book: Book, row: WorkbookVersion, cells: dict[str, Any]) -> Filled:
    return read_mapped(read_map(row.content), unpacked_cells(cells), book.year, chart_of(book))


def _signed(book: Book, told: dict[str, Any]) -> str:
    return signing.dumps(told, salt=_salt(book), compress=True)


def _salt(book: Book) -> str:
    """A file that was read for one book is noted in no other."""
    return f"year_end.direct:{book.pk}"
