"""Lines of figures as files: CSV as this house writes it, XLSX with real numbers. What people wrote, the caller has `cells.guarded`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import xlsxwriter

from retkoop.domain.money import format_decimal

FileCell: TypeAlias = str | int | Decimal
"""A text, a number, or an amount in euros, exact."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"


def csv_of(lines: Iterable[Sequence[FileCell]]) -> str:
    """Return lines as CSV: `;`, amounts 1234,56."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([format_decimal(int(cell * 100)) if isinstance(cell, Decimal) else cell for cell in line] for line in lines)
    return "\ufeff" + written.getvalue()


def xlsx_of(sheets: Iterable[tuple[str, Sequence[Sequence[FileCell]]]]) -> bytes:
    """Return an XLSX workbook of sheets: their name, their lines, the titles first."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        bold, money = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "#,##0.00"})
        for name, lines in sheets:
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, lines[0], bold)
            for number, line in enumerate(lines[1:], start=1):
                for column, cell in enumerate(line):
                    if isinstance(cell, Decimal):
                        sheet.write_number(number, column, float(cell), money)
                    else:
                        sheet.write(number, column, cell)
            sheet.autofit()
            if len(lines) > 1:
                sheet.autofilter(0, 0, len(lines) - 1, len(lines[0]) - 1)
    return written.getvalue()
