"""CSV as French banks export it: lines of their own above the header, columns under many names or none, balances among the lines."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import Final

from retkoop.banking.statement_files.columns import MOST_COLUMNS, Row, columns_guessed
from retkoop.banking.statement_files.table import HEADERS_DEEP, headers_of, read_table
from retkoop.banking.statement_files.values import MOST_LINES, StatementFile, UnreadableStatement

_DELIMITERS: Final = ";\t,|"


def read_csv(text: str) -> list[StatementFile]:
    """Return the statements of a CSV file. Raises UnreadableStatement."""
    each = {delimiter: _rows(text, delimiter) for delimiter in _DELIMITERS}
    best = max(each, key=lambda delimiter: _known(each[delimiter]))
    _refuse_open_quotes(each[best], best)
    return read_table("csv", each[best])


def _rows(text: str, delimiter: str) -> list[Row]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [row[:MOST_COLUMNS] for row in islice(reader, MOST_LINES + HEADERS_DEEP + 1)]
    except csv.Error:
        return []


def _known(rows: list[Row]) -> int:
    """Return how many columns are known where a delimiter parts them, those of a header before those that are guessed."""
    header = next((columns for _, columns in headers_of(rows)), None)
    if header is not None:
        return 100 + header.known
    guessed = columns_guessed(rows)
    return guessed.known if guessed is not None else 0


def _refuse_open_quotes(rows: list[Row], delimiter: str) -> None:
    """Raise UnreadableStatement where a quote that nobody closed has swallowed the lines below it."""
    swallowed = re.compile(rf"\n\s*\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}\s*{re.escape(delimiter)}")
    for number, row in enumerate(rows, start=1):
        if any(swallowed.search(cell) for cell in row if "\n" in cell):
            raise UnreadableStatement(
                f"Les guillemets de la ligne {number} du fichier ne sont pas fermés\u202f: téléchargez-le de nouveau."
            )
