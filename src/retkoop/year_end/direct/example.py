"""The workbook that an AD shows as an example: the first cells of its first sheets, kept beside the map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from retkoop.books.sheets import Cell, Row, UnreadableFile
from retkoop.domain.workbook import LONGEST_SHEET, MOST_COLUMNS, MOST_ROWS
from retkoop.ui.days import format_full

KEPT_SHEETS: Final = 12
SHOWN_ROWS: Final = 60
SHOWN_COLUMNS: Final = 12
LONGEST_CELL: Final = 80
NO_SHEET: Final = "Ce classeur n’a aucune feuille à montrer."


def example_of(sheets: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return what is kept of a workbook, as JSON values; `sheets_in` reads it again. Raises UnreadableFile where that is nothing."""
    named = [(name, rows) for name, rows in sheets.items() if 0 < len(name) <= LONGEST_SHEET and name.isprintable()]
    if not named:
        raise UnreadableFile(NO_SHEET)
    return {"sheets": [[name, [_row(row) for row in _without_end(rows[:MOST_ROWS])]] for name, rows in named[:KEPT_SHEETS]]}


def sheets_in(example: Mapping[str, Any]) -> dict[str, list[list[Cell]]]:
    """Return the sheets of an example, in their order."""
    told = example.get("sheets", [])
    return {name: [[date.fromisoformat(cell) if kind == "date" else cell for kind, cell in row] for row in rows] for name, rows in told}


def shown(rows: Sequence[Row]) -> list[list[str]]:
    """Return the first rows of a sheet as its grid shows them, all of one width."""
    return [[told(row[at]) if at < len(row) else "" for at in range(SHOWN_COLUMNS)] for row in [*rows, *[()] * SHOWN_ROWS][:SHOWN_ROWS]]


def told(cell: Cell) -> str:
    """Write a cell as people read it in a spreadsheet."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, date):
        return format_full(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.2f}".replace(".", ",")
    return str(cell)


def _without_end(rows: Sequence[Row]) -> Sequence[Row]:
    last = max((number for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row)), default=0)
    return rows[:last]


def _row(row: Row) -> list[list[object]]:
    cells = _without_end([(cell,) for cell in row[:MOST_COLUMNS]])
    return [_packed(cell) for (cell,) in cells]


def _packed(cell: Cell) -> list[object]:
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, float) and not math.isfinite(cell):
        return ["plain", str(cell)]
    if isinstance(cell, str):  # a database takes no NUL, and nobody needs signs that cannot be seen
        return ["plain", "".join(sign if sign.isprintable() else " " for sign in cell)[:LONGEST_CELL]]
    return ["plain", cell]
