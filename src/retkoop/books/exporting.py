"""A cahier as a file: CSV and XLSX that `importing` reads back exactly, and JSON for programs.

Pure. Texts that a spreadsheet would run as a formula get an apostrophe in front, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, TypeAlias

import xlsxwriter

from retkoop.books.cells import guarded
from retkoop.books.importing import COLUMNS
from retkoop.domain.chart import BANK
from retkoop.domain.entry import OPENING_PIECE, Operation, lines_of
from retkoop.domain.ledger import book_order
from retkoop.domain.money import Cents, format_decimal

Figure: TypeAlias = str | date | Cents
"""A cell to write: a text, a date, or an amount in cents."""
Cells: TypeAlias = dict[str, Figure]

_WIDTHS: Final = {"date": 12, "libelle": 40, "tiers": 24, "projet": 16}


def rows_of(operations: Iterable[Operation]) -> Iterator[Cells]:
    """Return the rows of a book by their columns, in the order of the cahier; empty cells are left out.

    The first part of a split stands beside what moved, each other one on a row of its own below.
    """
    for operation in sorted(operations, key=book_order):
        parts: list[Cells] = [{"compte": part.account, "montant": part.amount} for part in operation.parts]
        yield _first_cells(operation) | (parts[0] if parts else {})
        yield from parts[1:]


def _first_cells(operation: Operation) -> Cells:
    moves = operation.moves
    cells: Cells = {
        "piece": OPENING_PIECE if operation.opening else guarded(operation.piece),
        "date": operation.date,
        "libelle": guarded(operation.label),
        "tiers": guarded(operation.tiers),
        "cheque": guarded(operation.cheque),
        "banque_entree": max(moves.bank, 0),
        "banque_sortie": max(-moves.bank, 0),
        "caisse_entree": max(moves.cash, 0),
        "caisse_sortie": max(-moves.cash, 0),
        "regie_versee": max(moves.regie, 0),
        "regie_rendue": max(-moves.regie, 0),
        "projet": guarded(operation.project),
        "classe": guarded(operation.classe),
        "pointe": "oui" if operation.pointed else "",
    }
    filled = {column: cell for column, cell in cells.items() if cell}
    # a first year that starts from nothing says so: a row without any amount would be refused
    return filled if moves.bank or moves.cash or moves.regie or not operation.opening else filled | {"banque_entree": 0}


def csv_of(operations: Iterable[Operation]) -> str:
    """Return a book as CSV: `;`, dates 15/09/2025, amounts 1234,56."""
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, COLUMNS, restval="", delimiter=";")
    table.writeheader()
    table.writerows({column: _text(cell) for column, cell in row.items()} for row in rows_of(operations))
    return written.getvalue()


def _text(cell: Figure) -> str:
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    return format_decimal(cell) if isinstance(cell, int) else cell


def xlsx_of(operations: Iterable[Operation]) -> bytes:
    """Return a book as an XLSX workbook: dates are dates, amounts are numbers, texts are texts and never formulas."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Cahier")
        day, amount = workbook.add_format({"num_format": "dd/mm/yyyy"}), workbook.add_format({"num_format": "#,##0.00"})
        sheet.write_row(0, 0, COLUMNS, workbook.add_format({"bold": True, "bottom": 1}))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, _WIDTHS.get(column, 14))
        for number, row in enumerate(rows_of(operations), start=1):
            for column, cell in row.items():
                place = COLUMNS.index(column)
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell / 100, amount)
                else:
                    sheet.write_string(number, place, cell)
    return written.getvalue()


def json_of(operations: Iterable[Operation], *, coop: str, year: str, bank_account: str = BANK) -> str:
    """Return a book as JSON: its operations with their split and their double entry, amounts in integer cents."""
    book = {
        "coop": coop,
        "year": year,
        "operations": [_plain(operation, bank_account) for operation in sorted(operations, key=book_order)],
    }
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _plain(operation: Operation, bank_account: str) -> dict[str, object]:
    moves = operation.moves
    return {
        "piece": operation.piece,
        "date": operation.date.isoformat(),
        "libelle": operation.label,
        "tiers": operation.tiers,
        "cheque": operation.cheque,
        "projet": operation.project,
        "classe": operation.classe,
        "report_a_nouveau": operation.opening,
        "pointe": operation.pointed,
        "banque": moves.bank,
        "caisse": moves.cash,
        "regie": moves.regie,
        "ventilation": [{"compte": part.account, "montant": part.amount} for part in operation.parts],
        "ecritures": [{"compte": line.account, "debit": line.debit, "credit": line.credit} for line in lines_of(operation, bank_account)],
    }
