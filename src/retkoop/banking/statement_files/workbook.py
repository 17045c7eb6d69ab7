"""Workbooks (XLSX, XLS, ODS) that banks export instead of CSV: the first sheet that can be seen, read as the same table."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from retkoop.banking.statement_files.table import read_table
from retkoop.banking.statement_files.values import StatementFile, UnreadableStatement
from retkoop.books.sheets import Cell, UnreadableFile, read_first_sheet

_NOT_ONE: Final = "Ceci est un classeur\u202f: enregistrez-le en CSV, ou demandez à votre banque un export OFX."
_IN_AN_ARCHIVE: Final = re.compile(r"\.(?:ofx|qif|csv|xml|txt|pdf)$", re.IGNORECASE)


def read_workbook(data: bytes) -> list[StatementFile]:
    """Return the statements of a workbook. Raises UnreadableStatement."""
    if any(map(_IN_AN_ARCHIVE.search, _top_of(data))):
        raise UnreadableStatement("C’est une archive\u202f: ouvrez-la, et envoyez le relevé qu’elle contient.")
    try:
        rows = read_first_sheet(data)
    except UnreadableFile:
        raise UnreadableStatement(_NOT_ONE) from None
    return read_table("xlsx", [[_text(cell) for cell in row] for row in rows])


def _top_of(data: bytes) -> list[str]:
    """Return the names of what an archive holds; none where it is a workbook, or no archive at all."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = [one.filename for one in archive.infolist()[:200]]
    except (BadZipFile, OSError, ValueError, RuntimeError):
        return []
    return [] if {"[Content_Types].xml", "content.xml", "mimetype"} & set(names) else names


def _text(cell: Cell) -> str:
    """Write a cell as a CSV would have it: figures to the cent, unless they are more than a figure of money."""
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.2f}" if abs(cell - round(cell, 2)) < 1e-7 else repr(cell)
    return str(int(cell)) if isinstance(cell, float) else str(cell)
