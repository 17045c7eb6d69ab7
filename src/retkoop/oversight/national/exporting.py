"""The national figures as files, a row an account or an account of an AD: CSV as this house writes it, XLSX with real numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import xlsxwriter

from retkoop.books.cells import guarded
from retkoop.domain.chart import Chart
from retkoop.domain.money import format_decimal
from retkoop.domain.school_year import SchoolYear
from retkoop.oversight.national.models import NationalTotal
from retkoop.oversight.national.queries import as_read
from retkoop.oversight.national.totals import TotalsPage

Cell: TypeAlias = str | int | Decimal
"""A text, a number, or an amount in euros, exact."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
SUFFIXES: Final = ("csv", "xlsx")
BY_ACCOUNT: Final = ("Partie", "Compte", "Libellé", "Coopératives", "Montant", "Année précédente", "Écart")
BY_ASSOCIATION: Final = ("N°", "Association", "Compte", "Libellé", "Coopératives", "Montant")


def account_lines(page: TotalsPage) -> list[list[Cell]]:
    """Return the totals of the country by account, the titles first."""
    rows: list[list[Cell]] = [list(BY_ACCOUNT)]
    for part, _, lines, _ in page.sections:
        for account, _, label, sums in lines:
            rows.append([part, account, guarded(label), sums.coops, _euros(sums.amount), _euros(sums.former), _euros(sums.gap)])
    return rows


def association_lines(year: SchoolYear, chart: Chart) -> list[list[Cell]]:
    """Return the totals of each AD by account, the titles first."""
    rows = NationalTotal.objects.filter(start=year.start).order_by("association__department", "account")
    told = rows.values_list("association__department", "association__name", "account", "debit", "credit", "coops")
    lines: list[list[Cell]] = [list(BY_ASSOCIATION)]
    for number, name, account, debit, credit, coops in told:
        lines.append([number, guarded(name), account, guarded(chart.label(account)), coops, _euros(as_read(account, debit - credit))])
    return lines


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


def csv_of(lines: Iterable[Sequence[Cell]]) -> str:
    """Return lines as CSV: `;`, amounts 1234,56."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([format_decimal(int(cell * 100)) if isinstance(cell, Decimal) else cell for cell in line] for line in lines)
    return "\ufeff" + written.getvalue()


def xlsx_of(sheets: Iterable[tuple[str, Sequence[Sequence[Cell]]]]) -> bytes:
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
