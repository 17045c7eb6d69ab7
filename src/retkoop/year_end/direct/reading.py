"""A filled model, read back: what it says of the year, or each cell that cannot be, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from retkoop.books.cells import InvalidCell, is_empty, quote, read_account, read_amount, read_day, read_label, read_text, read_tiers
from retkoop.books.sheets import Cell, Row
from retkoop.domain.cash_count import DENOMINATIONS, MOST_PIECES
from retkoop.domain.chart import Chart, fold
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import NEEDED
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.forms import is_subsidy
from retkoop.year_end.direct.model import (
    CASH,
    CLOSING_BANK,
    CLOSING_CASH,
    FIRST_ROW,
    GRANTS,
    MARK,
    OPENING_BANK,
    OPENING_CASH,
    STATEMENT,
    STATEMENT_DAY,
    STATEMENT_NUMBER,
    TOTALS,
    UNPOINTED,
)

Sheets = Mapping[str, Sequence[Row]]
Value = TypeVar("Value")
NO_DEBT: Final = "une caisse ne contient jamais moins que rien."
TOO_MUCH_SPENT: Final = "ce qui est dépensé va de rien au montant reçu."
NOT_A_MODEL: Final = "Ce classeur n’est pas le modèle de Retkoop\u202f: téléchargez-le, remplissez-le, puis envoyez-le."
_MOVES: Final = (OPENING_BANK, OPENING_CASH, CLOSING_BANK, CLOSING_CASH)


@dataclass(frozen=True, slots=True)
class Item:
    """A bank move that the statement of the end does not show, in cents."""

    date: date
    label: str
    cheque: str
    bank: Cents


@dataclass(frozen=True, slots=True)
class StatementSaid:
    """The statement of the end, in cents."""

    date: date
    number: str
    account_balance: Cents


@dataclass(frozen=True, slots=True)
class Filled:
    """All that a filled model says of a year; `statement` and `quantities` are None where it says nothing of them.

    `says_grants`, `says_items`: it has a place for the subsidies, and for what the statement does not show.
    """

    opening: Moves
    totals: YearTotals
    grants: tuple[Grant, ...] = ()
    items: tuple[Item, ...] = ()
    statement: StatementSaid | None = None
    quantities: Mapping[int, int] | None = None
    says_grants: bool = True
    says_items: bool = True


class ModelRefused(ValueError):
    """A file of which nothing can be taken; `refusals` name each cell, in French."""

    def __init__(self, refusals: Sequence[str]) -> None:
        super().__init__("\n".join(refusals))
        self.refusals = tuple(refusals)


@dataclass
class _Sheet:
    """A sheet while it is read: what cannot be is written down, and reading goes on."""

    name: str
    rows: Sequence[Row]
    refusals: list[str] = field(default_factory=list)

    def at(self, row: int, column: int) -> Cell:
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def read(self, row: int, column: int, reader: Callable[[Cell], Value], instead: Value) -> Value:
        try:
            return reader(self.at(row, column))
        except InvalidCell as refusal:
            self.refuse(row, column, str(refusal))
            return instead

    def refuse(self, row: int, column: int, why: str) -> None:
        self.refusals.append(f"Feuille {self.name}, case {chr(ord('A') + column)}{row + 1}\u202f: {why}")

    def lines(self, columns: int) -> Iterator[int]:
        """Yield the rows of a table in which something stands."""
        for row in range(FIRST_ROW, len(self.rows)):
            if not all(is_empty(self.at(row, column)) for column in range(columns)):
                yield row


def read_model(sheets: Sheets, year: SchoolYear, chart: Chart) -> Filled:
    """Return what a filled model says. Raises ModelRefused with each cell that cannot be."""
    missing = [name for name in (TOTALS, GRANTS, UNPOINTED, CASH) if name not in sheets]
    if missing or not sheets[TOTALS] or _told(sheets[TOTALS][0], 0) != MARK:
        raise ModelRefused([NOT_A_MODEL])
    told = _told(sheets[TOTALS][0], 2)
    if told != str(year):
        raise ModelRefused([f"Ce modèle est celui de l’année {quote(told)}\u202f: il faut celui de {year}."])
    totals, grants, items, cash = (_Sheet(name, sheets[name]) for name in (TOTALS, GRANTS, UNPOINTED, CASH))
    said = _read_totals(totals, chart)
    moves = said.moves
    filled = Filled(
        opening=Moves(moves[OPENING_BANK], moves[OPENING_CASH]),
        totals=YearTotals(Moves(moves[CLOSING_BANK], moves[CLOSING_CASH]), tuple(said.parts)),
        grants=tuple(_read_grant(grants, row, year, chart) for row in grants.lines(6)),
        items=tuple(_read_item(items, row, year) for row in items.lines(5)),
        statement=_read_statement(totals, said, year),
        quantities=_read_cash(cash),
    )
    refusals = [refusal for sheet in (totals, grants, items, cash) for refusal in sheet.refusals]
    if refusals:
        raise ModelRefused(refusals)
    return filled


def packed(sheets: Sheets) -> dict[str, list[list[list[object]]]]:
    """Return sheets as JSON values, to travel with a preview; `unpacked` reads them again."""
    return {
        name: [[["date", cell.isoformat()] if isinstance(cell, date) else ["plain", cell] for cell in row] for row in rows]
        for name, rows in sheets.items()
    }


def unpacked(told: Mapping[str, Any]) -> Sheets:
    return {
        name: [[date.fromisoformat(cell) if kind == "date" else cell for kind, cell in row] for row in rows] for name, rows in told.items()
    }


def _told(row: Row, column: int) -> str:
    return str(row[column]).strip() if column < len(row) else ""


@dataclass
class _Said:
    """What stands on the sheet of the totals, by the key of its line."""

    moves: dict[str, Cents] = field(default_factory=lambda: dict.fromkeys(_MOVES, 0))
    parts: list[Part] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


def _read_totals(sheet: _Sheet, chart: Chart) -> _Said:
    said = _Said()
    keys = {fold(key): key for key in (*_MOVES, STATEMENT, STATEMENT_DAY, STATEMENT_NUMBER)}
    for row in range(1, len(sheet.rows)):
        if is_empty(sheet.at(row, 0)):
            continue
        name = sheet.read(row, 0, lambda cell: read_text(cell, 40), "")
        key = keys.get(fold(name))
        if key is None:
            code = sheet.read(row, 0, lambda cell: read_account(cell, chart), "")
            if code and is_subsidy(code):
                sheet.refuse(row, 0, "les subventions se notent sur leur propre feuille.")
            elif code:
                said.parts.append(Part(code, sheet.read(row, 2, read_amount, 0)))
        elif key in said.places:
            sheet.refuse(row, 0, f"{quote(key)} est déjà écrit plus haut.")
        else:
            said.places[key] = row
    for key in _MOVES:
        _read_move(sheet, said, key)
    said.parts = _summed(said.parts)
    return said


def _summed(parts: Sequence[Part]) -> list[Part]:
    sums: dict[str, Cents] = {}
    for part in parts:
        sums[part.account] = sums.get(part.account, 0) + part.amount
    return [Part(account, amount) for account, amount in sums.items() if amount]


def _read_move(sheet: _Sheet, said: _Said, key: str) -> None:
    row = said.places.get(key)
    if row is None:
        sheet.refusals.append(f"Feuille {sheet.name}\u202f: la ligne {quote(key)} manque.")
    elif is_empty(sheet.at(row, 2)):
        sheet.refuse(row, 2, NEEDED)
    else:
        said.moves[key] = sheet.read(row, 2, read_amount, 0)
        if key.endswith("caisse") and said.moves[key] < 0:
            sheet.refuse(row, 2, NO_DEBT)


def _read_statement(sheet: _Sheet, said: _Said, year: SchoolYear) -> StatementSaid | None:
    places = said.places
    if STATEMENT not in places or is_empty(sheet.at(places[STATEMENT], 2)):
        return None
    day, row = year.last_day, places.get(STATEMENT_DAY)
    if row is not None and not is_empty(sheet.at(row, 2)):
        day = sheet.read(row, 2, read_day, day)
    number = sheet.read(places[STATEMENT_NUMBER], 2, lambda cell: read_text(cell, 30), "") if STATEMENT_NUMBER in places else ""
    return StatementSaid(day, number, sheet.read(places[STATEMENT], 2, read_amount, 0))


def _read_grant(sheet: _Sheet, row: int, year: SchoolYear, chart: Chart) -> Grant:
    body = sheet.read(row, 0, lambda cell: filled_in(read_tiers(cell, 120), "dites qui a donné."), "")
    purpose = sheet.read(row, 1, lambda cell: filled_in(read_text(cell, 180), "dites pour quoi."), "")
    day = sheet.read(row, 2, lambda cell: day_in(read_day(cell), year), year.last_day)
    account = sheet.read(row, 3, lambda cell: subsidy_account(cell, chart), "")
    amount, spent = sheet.read(row, 4, positive, 1), sheet.read(row, 5, read_amount, 0)
    if spent < 0 or spent > amount:
        sheet.refuse(row, 5, TOO_MUCH_SPENT)
    return Grant(body, purpose, amount, day, account, spent)


def _read_item(sheet: _Sheet, row: int, year: SchoolYear) -> Item:
    day = sheet.read(row, 0, lambda cell: _until(read_day(cell), year), year.last_day)
    label = sheet.read(row, 1, lambda cell: read_label(cell, 200), "")
    cheque = sheet.read(row, 2, lambda cell: read_text(cell, 20), "")
    paid, received = sheet.read(row, 3, read_amount, 0), sheet.read(row, 4, read_amount, 0)
    if (paid > 0) == (received > 0) or paid < 0 or received < 0:
        sheet.refuse(row, 3, "notez une dépense ou une recette, l’une des deux.")
    return Item(day, label, cheque, received - paid)


def _read_cash(sheet: _Sheet) -> dict[int, int] | None:
    quantities = {}
    for row in sheet.lines(2):
        if is_empty(sheet.at(row, 1)):
            continue
        worth = sheet.read(row, 0, read_amount, 0)
        if worth not in DENOMINATIONS:
            sheet.refuse(row, 0, f"il n’existe ni billet ni pièce de {quote(sheet.at(row, 0))}.")
        quantities[worth] = sheet.read(row, 1, quantity, 0)
    return quantities or None


def filled_in(text: str, why: str) -> str:
    if not text:
        raise InvalidCell(why)
    return text


def day_in(day: date, year: SchoolYear) -> date:
    if day not in year:
        raise InvalidCell(f"cette date n’est pas dans l’année scolaire {year}.")
    return day


def _until(day: date, year: SchoolYear) -> date:
    if day > year.last_day:
        raise InvalidCell(f"cette date vient après l’année scolaire {year}.")
    return day


def subsidy_account(cell: Cell, chart: Chart) -> str:
    code = read_account(cell, chart)
    if not is_subsidy(code):
        raise InvalidCell(f"{quote(cell)} n’est pas un compte de subvention\u202f: 741 ou 748.")
    return code


def positive(cell: Cell) -> Cents:
    amount = read_amount(cell)
    if amount <= 0:
        raise InvalidCell("cette case attend le montant reçu.")
    return amount


def quantity(cell: Cell) -> int:
    found = read_amount(cell)
    if found < 0 or found % 100 or found // 100 > MOST_PIECES:
        raise InvalidCell(f"{quote(cell)} n’est pas un nombre de billets ou de pièces.")
    return found // 100
