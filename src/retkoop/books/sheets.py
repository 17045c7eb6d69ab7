"""Files of rows (CSV, XLSX, ODS, XLS) as a grid of cells, whatever the file holds.

Text is read here. Spreadsheets are archives of archives that a small file can make huge: they are read by a process of
its own, with little memory and little time, so that none can take the server with it. This module is that process, too.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import subprocess
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell: TypeAlias = str | int | float | bool | date
Row: TypeAlias = Sequence[Cell]
Fits: TypeAlias = Callable[[Row], bool]

LARGEST_FILE: Final = 20_000_000
MOST_ROWS: Final = 50_000
LARGEST_WORKBOOK: Final = 2_000_000
MOST_SHEETS: Final = 20
MOST_IN_A_SHEET: Final = 500
MOST_COLUMNS: Final = 40
"""A model that is filled in is small: whatever is larger is something else."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS: Final = ";\t,"
_SEPARATOR: Final = re.compile(r"\"?sep=.\"?(?:\r\n|\r|\n|$)", re.IGNORECASE)
_EMPTY: Final = "Ce fichier est vide."
_TOO_MANY_ROWS: Final = f"Ce fichier a plus de {MOST_ROWS} lignes : ce n’est pas un cahier de coopérative."
_NOT_READABLE: Final = "Ce classeur est illisible : abîmé, trop gros ou protégé par un mot de passe. Enregistrez-le en CSV."
_NO_MODEL: Final = "Ce classeur est illisible\u202f: abîmé, trop gros ou protégé par un mot de passe. Envoyez le modèle rempli."
_NO_ACCOUNTS: Final = "Ce classeur est illisible\u202f: abîmé, trop gros ou protégé par un mot de passe."


@dataclass(frozen=True, slots=True)
class _Limits:
    """What the reading of a workbook may take: bytes once unpacked (of the file, and of the answer), memory, seconds of a processor."""

    unpacked: int
    memory: int
    seconds: int


_LIMITS: Final = {
    "first": _Limits(200_000_000, 1 << 30, 20),  # a cahier, by the command of whoever keeps the installation
    "sheet": _Limits(50_000_000, 500_000_000, 6),  # the same sheet, while a browser waits
    "all": _Limits(20_000_000, 300_000_000, 3),  # a model, while a browser waits: 0.05 MB and 0.1 s
    "corners": _Limits(50_000_000, 500_000_000, 6),  # an AD's own workbook, idem: for 900 kB, 8 MB and 2 s
}


class UnreadableFile(ValueError):
    """The file is no table that can be read; the message says why, in French, in one sentence."""


def read_rows(content: bytes, fits: Fits) -> list[Row]:
    """Return all rows of a file, from its first: the number of a row is its place, as a spreadsheet counts.

    `fits` tells whether a row is the expected header: of the delimiters `;`, tab and `,`, the first that makes one is
    taken. Cells of spreadsheets are typed (numbers, dates, formulas as their last result), those of text are text.
    Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo : ce n’est pas un cahier de coopérative.")
    if not content.strip():
        raise UnreadableFile(_EMPTY)
    return _workbook_rows(content) if content.startswith((_ZIP, _OLE)) else _text_rows(_decoded(content), fits)


def read_first_sheet(content: bytes) -> list[Row]:
    """Return all rows of the first visible sheet of a workbook, while a browser waits. Raises UnreadableFile."""
    return _workbook_rows(content, "sheet")


def _decoded(content: bytes) -> str:
    """Read UTF-8, or what older French spreadsheets write, Windows-1252; or UTF-16, Excel's « Texte Unicode », by its first two bytes."""
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if b"\0" in content and not wide:
        raise UnreadableFile("Ce fichier n’est ni du texte (CSV) ni un classeur (XLSX, ODS).")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("Ce fichier n’est pas du texte lisible. Enregistrez-le en CSV, encodage UTF-8.")


def _text_rows(text: str, fits: Fits) -> list[Row]:
    told = _SEPARATOR.match(text)  # a line of Excel's own: it counts as a row, and says nothing
    rows: list[Row] = [[]] if told else []
    text = text[told.end() :] if told else text
    delimiter = next((mark for mark in _DELIMITERS if fits(_first_row(text, mark))), ";")
    try:
        for row in _reader(text, delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise UnreadableFile(_TOO_MANY_ROWS)
    except csv.Error as problem:
        raise UnreadableFile(_why_not(problem, len(rows) + 1)) from None
    return rows


def _why_not(problem: csv.Error, row: int) -> str:
    if "field limit" in str(problem):
        most = csv.field_size_limit()
        return f"Une cellule de la ligne {row} est trop longue : {most} caractères au plus. Un guillemet y est-il resté ouvert ?"
    return f"Les guillemets de la ligne {row} ne sont pas fermés."


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    # strict: an unclosed quote would swallow the rest of the file without a word
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _first_row(text: str, delimiter: str) -> Row:
    try:
        return next((row for row in _reader(text, delimiter) if row), [])
    except csv.Error:
        return []


def read_sheets(content: bytes) -> dict[str, list[Row]]:
    """Return the visible sheets of a small workbook by their names, each with all its rows. Raises UnreadableFile."""
    if len(content) > LARGEST_WORKBOOK:
        raise UnreadableFile(f"Ce fichier dépasse {LARGEST_WORKBOOK // 1_000_000} Mo\u202f: ce n’est pas un modèle rempli.")
    if not content.startswith((_ZIP, _OLE)):
        raise UnreadableFile("Ce fichier n’est pas un classeur (XLSX, ODS)\u202f: envoyez le modèle rempli.")
    answer = _asked(content, "all", _NO_MODEL)
    if answer is None:
        raise UnreadableFile("Ce classeur est trop grand\u202f: ce n’est pas un modèle rempli.")
    return {name: [[_cell(*pair) for pair in row] for row in rows] for name, rows in answer.items()}


def read_corners(content: bytes) -> dict[str, list[Row]]:
    """Return what stands first on the visible sheets of a workbook (`MOST_IN_A_SHEET` rows, `MOST_COLUMNS`), by their names.

    Whoever made it may keep much more in it. Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas un classeur de comptes.")
    if not content.startswith((_ZIP, _OLE)):
        raise UnreadableFile("Ce fichier n’est pas un classeur (XLSX, ODS).")
    return {name: [[_cell(*pair) for pair in row] for row in rows] for name, rows in _asked(content, "corners", _NO_ACCOUNTS).items()}


def _workbook_rows(content: bytes, wanted: str = "first") -> list[Row]:
    answer = _asked(content, wanted, _NOT_READABLE)
    if answer is None:
        raise UnreadableFile(_TOO_MANY_ROWS)
    return [[_cell(*pair) for pair in row] for row in answer]


def _asked(content: bytes, wanted: str, refusal: str) -> Any:  # noqa: ANN401 -- what JSON holds
    """Have the process of its own read a workbook."""
    command, longest = [sys.executable, "-m", "retkoop.books.sheets", wanted], 3 * _LIMITS[wanted].seconds
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=longest, check=True)  # noqa: S603 -- all words are ours
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise UnreadableFile(refusal) from None
    return json.loads(done.stdout)


def _cell(kind: str, value: str | float | bool) -> Cell:  # noqa: FBT001 -- a cell of a spreadsheet may be a truth value
    return date.fromisoformat(str(value)) if kind == "date" else value


def main() -> None:
    """Read a workbook on the standard input and write cells of it as JSON: [[[kind, value]…]…].

    With the argument `first` or `sheet`, those of its first sheet; with `all`, those of each sheet that can be seen, by its name. Null
    tells that there are too many. With `corners`, the first of them alone.
    """
    wanted = sys.argv[1]
    limits = _LIMITS[wanted]
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    content = io.BytesIO(sys.stdin.buffer.read())
    try:
        _refuse_a_bomb(content, limits.unpacked)
        with CalamineWorkbook.from_filelike(content) as workbook:
            sys.stdout.write(_written(_WANTED[wanted](workbook), limits.unpacked))
    except (CalamineError, BadZipFile, OSError, ValueError) as problem:
        sys.exit(str(problem))


def _written(answer: object, most: int) -> str:
    told = json.dumps(answer)
    if len(told) > most:  # one long text, repeated in each cell
        raise ValueError("too large")
    return told


def _all_sheets(workbook: CalamineWorkbook) -> dict[str, list[object] | None] | None:
    told = {name: _rows(workbook.get_sheet_by_name(name), MOST_IN_A_SHEET, MOST_COLUMNS) for name in _visible(workbook)[:MOST_SHEETS]}
    return None if any(rows is None for rows in told.values()) else told


def _corners(workbook: CalamineWorkbook) -> dict[str, list[object]]:
    sheets = {name: workbook.get_sheet_by_name(name) for name in _visible(workbook)[:MOST_SHEETS]}
    return {name: _cells(sheet, MOST_IN_A_SHEET, MOST_COLUMNS) for name, sheet in sheets.items()}


def _rows(sheet: CalamineSheet, most: int, columns: int | None = None) -> list[object] | None:
    """Return the cells of a sheet, None where there are more than so many."""
    if sheet.end and (sheet.end[0] >= most or (columns is not None and sheet.end[1] >= columns)):  # counted from zero
        return None
    return _cells(sheet)


def _cells(sheet: CalamineSheet, rows: int | None = None, columns: int | None = None) -> list[object]:
    return [[_plain(cell) for cell in row[:columns]] for row in sheet.to_python(skip_empty_area=False, nrows=rows)]


def _refuse_a_bomb(content: io.BytesIO, most: int) -> None:
    """Refuse an archive that says how large it is; one that lies meets the limit of memory."""
    if content.getvalue().startswith(_ZIP):
        with ZipFile(content) as archive:
            if sum(member.file_size for member in archive.infolist()) > most:
                raise ValueError("too large")
    content.seek(0)


def _first_sheet(workbook: CalamineWorkbook) -> CalamineSheet:
    for name in _visible(workbook):
        return workbook.get_sheet_by_name(name)
    raise ValueError("no sheet")


def _visible(workbook: CalamineWorkbook) -> list[str]:
    sheets = workbook.sheets_metadata
    return [about.name for about in sheets if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible]


def _plain(cell: object) -> tuple[str, object]:
    if isinstance(cell, date):
        return "date", (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    if isinstance(cell, str | bool | int | float):
        return "plain", cell
    return "plain", str(cell)  # a time or a duration: no column of ours takes one, its row will be refused


_WANTED: Final[dict[str, Callable[[CalamineWorkbook], object]]] = {
    "first": lambda workbook: _rows(_first_sheet(workbook), MOST_ROWS),
    "sheet": lambda workbook: _rows(_first_sheet(workbook), MOST_ROWS),
    "all": _all_sheets,
    "corners": _corners,
}


if __name__ == "__main__":
    main()
