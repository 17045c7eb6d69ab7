"""The national figures as files, a row an account or an account of an AD: CSV as this house writes it, XLSX with real numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from retkoop.books.cells import guarded
from retkoop.books.tables import FileCell
from retkoop.domain.chart import Chart
from retkoop.domain.school_year import SchoolYear
from retkoop.oversight.national.models import NationalTotal
from retkoop.oversight.national.queries import as_read
from retkoop.oversight.national.totals import TotalsPage

SUFFIXES: Final = ("csv", "xlsx")
BY_ACCOUNT: Final = ("Partie", "Compte", "Libellé", "Coopératives", "Montant", "Année précédente", "Écart")
BY_ASSOCIATION: Final = ("N°", "Association", "Compte", "Libellé", "Coopératives", "Montant")


def account_lines(page: TotalsPage) -> list[list[FileCell]]:
    """Return the totals of the country by account, the titles first."""
    rows: list[list[FileCell]] = [list(BY_ACCOUNT)]
    for part, _, lines, _ in page.sections:
        for account, _, label, sums in lines:
            rows.append([part, account, guarded(label), sums.coops, _euros(sums.amount), _euros(sums.former), _euros(sums.gap)])
    return rows


def association_lines(year: SchoolYear, chart: Chart) -> list[list[FileCell]]:
    """Return the totals of each AD by account, the titles first."""
    rows = NationalTotal.objects.filter(start=year.start).order_by("association__department", "account")
    told = rows.values_list("association__department", "association__name", "account", "debit", "credit", "coops")
    lines: list[list[FileCell]] = [list(BY_ASSOCIATION)]
    for number, name, account, debit, credit, coops in told:
        lines.append([number, guarded(name), account, guarded(chart.label(account)), coops, _euros(as_read(account, debit - credit))])
    return lines


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / 100
