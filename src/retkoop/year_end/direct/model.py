"""The model of a spreadsheet (XLSX) that a coop fills in at its own pace: the chart inside, sums of its own, labels that are locked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import xlsxwriter

from retkoop.domain.cash_count import DENOMINATIONS
from retkoop.domain.chart import Chart, Nature
from retkoop.domain.dates import format_date
from retkoop.domain.school_year import SchoolYear
from retkoop.year_end.direct.forms import is_subsidy

TOTALS: Final = "Totaux"
GRANTS: Final = "Subventions"
UNPOINTED: Final = "Pas encore sur le relevé"
CASH: Final = "Caisse"
MARK: Final = "Retkoop"
GRANT_COLUMNS: Final = ("Organisme", "Objet", "Reçue le", "Compte", "Montant", "Dépensé")
UNPOINTED_COLUMNS: Final = ("Date", "Libellé", "Chèque", "Dépense", "Recette")
FIRST_ROW: Final = 3
"""The row, counted from zero, on which the tables begin."""
TABLE_ROWS: Final = 60
OPENING_BANK, OPENING_CASH = "départ banque", "départ caisse"
CLOSING_BANK, CLOSING_CASH = "fin banque", "fin caisse"
STATEMENT, STATEMENT_DAY, STATEMENT_NUMBER = "relevé solde", "relevé date", "relevé numéro"


@dataclass
class _Looks:
    """The formats of the workbook."""

    book: Any
    kinds: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- xlsxwriter's
        if name not in self.kinds:
            self.kinds[name] = self.book.add_format(_FORMATS[name])
        return self.kinds[name]


_OPEN: Final = {"locked": False, "bg_color": "#FFF8E1", "border": 1, "border_color": "#C9BFA5"}
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bottom": 1},
    "plain": {"text_wrap": True, "valign": "top"},
    "key": {"font_color": "#767676"},
    "amount": {**_OPEN, "num_format": "#,##0.00"},
    "day": {**_OPEN, "num_format": "dd/mm/yyyy"},
    "text": {**_OPEN, "num_format": "@"},
    "whole": {**_OPEN, "num_format": "0"},
    "sum": {"bold": True, "num_format": "#,##0.00", "top": 1},
}


def model_of(year: SchoolYear, chart: Chart, coop: str) -> bytes:
    """Return the empty model of a coop's year."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        looks = _Looks(book)
        _Totals(book.add_worksheet(TOTALS), looks, year, coop).write(chart)
        grants = [f"{account.alias} : {account.label}" for account in chart.mains if is_subsidy(account.code)]
        _table(book.add_worksheet(GRANTS), looks, "Les subventions", " ; ".join(grants), GRANT_COLUMNS)
        told = f"Ce que le relevé du {format_date(year.last_day)} ne montre pas encore"
        _table(book.add_worksheet(UNPOINTED), looks, told, "Une ligne par chèque, remise ou virement.", UNPOINTED_COLUMNS)
        _cash(book.add_worksheet(CASH), looks, year)
    return written.getvalue()


@dataclass
class _Totals:
    """The sheet of the totals, written from its top."""

    sheet: Any
    looks: _Looks
    year: SchoolYear
    coop: str
    row: int = 0

    def write(self, chart: Chart) -> None:
        self.sheet.protect()
        self.sheet.set_column(0, 0, 15)
        self.sheet.set_column(1, 1, 56)
        self.sheet.set_column(2, 2, 16)
        self.sheet.write_row(0, 0, (MARK, f"Compte rendu financier, {self.coop}", str(self.year)), self.looks.title)
        self.sheet.write_string(1, 1, "Remplissez les cases de couleur, puis renvoyez ce fichier dans Retkoop.", self.looks.plain)
        self.row = FIRST_ROW
        opening = self._amounts(
            f"Au {format_date(self.year.previous.last_day)}",
            [(OPENING_BANK, "En banque, le solde des comptes"), (OPENING_CASH, "En caisse")],
        )
        charges = self._amounts("Dépenses (charges)", self._accounts(chart, Nature.CHARGE))
        produits = self._amounts("Recettes (produits), sans les subventions", self._accounts(chart, Nature.PRODUIT))
        granted = f"SUM({GRANTS}!E{FIRST_ROW + 1}:E{FIRST_ROW + TABLE_ROWS})"
        self._sum("Subventions", granted)
        result = self._sum("Résultat de l’année", f"{produits}+{granted}-{charges}")
        closing = self._amounts(
            f"Au {format_date(self.year.last_day)}",
            [(CLOSING_BANK, "En banque, le solde des comptes"), (CLOSING_CASH, "En caisse")],
        )
        self._sum("Écart à expliquer (zéro quand tout est juste)", f"{closing}-{opening}-{result}")
        self._statement()

    def _accounts(self, chart: Chart, nature: Nature) -> list[tuple[str, str]]:
        chosen = [account for account in chart.mains if account.nature is nature and not is_subsidy(account.code)]
        return [(account.alias, account.label) for account in chosen]

    def _amounts(self, title: str, lines: Sequence[tuple[str, str]]) -> str:
        """Write lines that wait for an amount, and their sum; return its cell."""
        self.sheet.write_string(self.row, 1, title, self.looks.head)
        first = self.row + 2
        for key, label in lines:
            self.row += 1
            self._line(key, label)
            self.sheet.write_blank(self.row, 2, None, self.looks.amount)
        self.row += 1
        return self._sum("En tout", f"SUM(C{first}:C{self.row})")

    def _sum(self, label: str, formula: str) -> str:
        self.sheet.write_string(self.row, 1, label, self.looks.sum)
        self.sheet.write_formula(self.row, 2, f"={formula}", self.looks.sum)
        self.row += 2
        return f"C{self.row - 1}"

    def _line(self, key: str, label: str) -> None:
        self.sheet.write_string(self.row, 0, key, self.looks.key)
        self.sheet.write_string(self.row, 1, label, self.looks.plain)

    def _statement(self) -> None:
        self.sheet.write_string(self.row, 1, "Le relevé de fin d’année", self.looks.head)
        lines = ((STATEMENT, "Solde", "amount"), (STATEMENT_DAY, "Date", "day"), (STATEMENT_NUMBER, "Numéro", "text"))
        for key, label, look in lines:
            self.row += 1
            self._line(key, label)
            self.sheet.write_blank(self.row, 2, None, getattr(self.looks, look))


_LOOK_OF: Final = {"Montant": "amount", "Dépensé": "amount", "Dépense": "amount", "Recette": "amount", "Date": "day", "Reçue le": "day"}


def _table(sheet: Any, looks: _Looks, title: str, told: str, columns: Sequence[str]) -> None:  # noqa: ANN401 -- xlsxwriter's
    sheet.protect()
    sheet.write_string(0, 0, title, looks.title)
    sheet.write_string(1, 0, told)
    sheet.write_row(FIRST_ROW - 1, 0, columns, looks.head)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 36 if column in ("Objet", "Libellé", "Organisme") else 14)
        for row in range(FIRST_ROW, FIRST_ROW + TABLE_ROWS):
            sheet.write_blank(row, place, None, getattr(looks, _LOOK_OF.get(column, "text")))


def _cash(sheet: Any, looks: _Looks, year: SchoolYear) -> None:  # noqa: ANN401 -- xlsxwriter's
    sheet.protect()
    sheet.set_column(0, 2, 16)
    sheet.write_string(0, 0, f"La caisse au {format_date(year.last_day)}", looks.title)
    sheet.write_string(1, 0, "Combien de billets et de pièces de chaque sorte ?")
    sheet.write_row(FIRST_ROW - 1, 0, ("Valeur", "Combien", "Somme"), looks.head)
    for row, worth in enumerate(DENOMINATIONS, start=FIRST_ROW):
        sheet.write_number(row, 0, worth / 100, looks.plain)
        sheet.write_blank(row, 1, None, looks.whole)
        sheet.write_formula(row, 2, f"=A{row + 1}*B{row + 1}", looks.sum)
