"""The workbook of a coop's AD, read by its map: what it says of the year, or each cell that cannot be, by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from retkoop.books.cells import InvalidCell, is_empty, quote, read_amount, read_day, read_text, read_tiers
from retkoop.books.sheets import Cell, Row
from retkoop.domain.cash_count import DENOMINATIONS
from retkoop.domain.chart import Chart
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import CellPlace, Wanted, WorkbookMap, absent_sheets, cells_of, count_key, sum_of_cells
from retkoop.network.models import DepartmentalAssociation
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.models import WorkbookVersion
from retkoop.year_end.direct.reading import (
    NO_DEBT,
    TOO_MUCH_SPENT,
    Filled,
    ModelRefused,
    StatementSaid,
    day_in,
    filled_in,
    positive,
    quantity,
    subsidy_account,
)

Value = TypeVar("Value")
USUAL_GRANT: Final = "741"
"""The account of a subsidy where the workbook has no column for it."""


def published_workbook(association: DepartmentalAssociation, year: SchoolYear) -> WorkbookVersion | None:
    """Return the version by which the workbook of an AD is read in a year: the latest one published from then on, or from before."""
    rows = WorkbookVersion.objects.filter(association=association, published_at__isnull=False, from_year__lte=year.start)
    return rows.order_by("-number").first()


def workbook_named(association: DepartmentalAssociation, key: int) -> WorkbookVersion | None:
    """Return a published version by its key: a preview is noted as it was read, whatever was published meanwhile."""
    return WorkbookVersion.objects.filter(association=association, published_at__isnull=False, pk=key).first()


def packed_cells(told: WorkbookMap, sheets: Mapping[str, Sequence[Row]]) -> dict[str, list[object]]:
    """Return what stands in the cells of a map as JSON values, to travel with a preview; `unpacked_cells` reads them again."""
    cells = cells_of(told, sheets)
    return {name: ["date", cell.isoformat()] if isinstance(cell, date) else ["plain", cell] for name, cell in cells.items()}


def unpacked_cells(packed: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: date.fromisoformat(cell) if kind == "date" else cell for name, (kind, cell) in packed.items()}


@dataclass
class _Cells:
    """The cells of a workbook while they are read: what cannot be is written down, and reading goes on."""

    map: WorkbookMap
    cells: Mapping[str, Cell]
    refusals: list[str] = field(default_factory=list)

    def is_empty(self, place: CellPlace | None) -> bool:
        return place is None or is_empty(self.cells.get(place.name, ""))

    def read(self, place: CellPlace | None, reader: Callable[[Cell], Value], instead: Value) -> Value:
        if place is None or place.name not in self.cells:
            return instead
        try:
            return reader(self.cells[place.name])
        except InvalidCell as refusal:
            self.refuse(place, str(refusal))
            return instead

    def refuse(self, place: CellPlace | None, why: str) -> None:
        if place is not None:
            self.refusals.append(f"{place.told}\u202f: {why}")

    def sum(self, key: str, *, needed: bool = False) -> Cents:
        found = sum_of_cells(self.map.of(key), self.cells, read_amount, needed=needed)
        self.refusals += found.refusals
        return found.amount

    def amount_of_cash(self, key: str) -> Cents:
        amount = self.sum(key, needed=True)
        if amount < 0:
            self.refuse(self.map.first(key), NO_DEBT)
        return amount


def read_mapped(told: WorkbookMap, cells: Mapping[str, Cell], year: SchoolYear, chart: Chart) -> Filled:
    """Return what the cells of a workbook say of a year. Raises ModelRefused with each cell that cannot be."""
    absent = absent_sheets(told, cells)
    if absent:
        raise ModelRefused(
            [f"La feuille {quote(name)} manque\u202f: est-ce bien le classeur de votre association\u202f?" for name in absent]
        )
    reading = _Cells(told, cells)
    filled = Filled(
        opening=_moves(reading, Wanted.OPENING_BANK, Wanted.OPENING_CASH),
        totals=YearTotals(_moves(reading, Wanted.CLOSING_BANK, Wanted.CLOSING_CASH), _parts(reading, chart)),
        grants=tuple(_read_grant(reading, row, year, chart) for row in told.grant_rows if _is_granted(reading, row)),
        statement=_read_statement(reading, year),
        quantities=_read_count(reading),
        says_grants=bool(told.grant_rows),
        says_items=False,
    )
    if reading.refusals:
        raise ModelRefused(reading.refusals)
    return filled


def _moves(reading: _Cells, bank: Wanted, cash: Wanted) -> Moves:
    return Moves(bank=reading.sum(bank, needed=True), cash=reading.amount_of_cash(cash))


def _parts(reading: _Cells, chart: Chart) -> tuple[Part, ...]:
    known = [account.code for account in chart.accounts]
    for code in reading.map.accounts:
        if code not in known:
            reading.refuse(reading.map.first(code), f"le compte {code} n’est plus dans le plan comptable.")
    parts = [Part(code, reading.sum(code)) for code in known]
    return tuple(part for part in parts if part.amount)


def _read_statement(reading: _Cells, year: SchoolYear) -> StatementSaid | None:
    places = reading.map.of(Wanted.STATEMENT)
    if all(reading.is_empty(place) for place in places):
        return None
    day, number = reading.map.first(Wanted.STATEMENT_DAY), reading.map.first(Wanted.STATEMENT_NUMBER)
    said = year.last_day if reading.is_empty(day) else reading.read(day, read_day, year.last_day)
    return StatementSaid(said, reading.read(number, lambda cell: read_text(cell, 30), ""), reading.sum(Wanted.STATEMENT))


def _read_count(reading: _Cells) -> dict[int, int] | None:
    found = {}
    for worth in DENOMINATIONS:
        place = reading.map.first(count_key(worth))
        if not reading.is_empty(place):
            found[worth] = reading.read(place, quantity, 0)
    return found or None


def _is_granted(reading: _Cells, row: int) -> bool:
    """Tell whether a row holds a subsidy: in a workbook that is printed beforehand, those that nobody received have no amount."""
    place = reading.map.grant_place(Wanted.GRANT_AMOUNT, row)
    return place is not None and not reading.is_empty(place) and reading.cells[place.name] != 0


def _read_grant(reading: _Cells, row: int, year: SchoolYear, chart: Chart) -> Grant:
    at = {key: reading.map.grant_place(key, row) for key in Wanted}
    usual, day, account = chart.resolve(USUAL_GRANT).code, at[Wanted.GRANT_DAY], at[Wanted.GRANT_ACCOUNT]
    amount, spent = reading.read(at[Wanted.GRANT_AMOUNT], positive, 1), reading.read(at[Wanted.GRANT_SPENT], read_amount, 0)
    if spent < 0 or spent > amount:
        reading.refuse(at[Wanted.GRANT_SPENT], TOO_MUCH_SPENT)
    return Grant(
        body=reading.read(at[Wanted.GRANT_BODY], lambda cell: filled_in(read_tiers(cell, 120), "dites qui a donné."), ""),
        purpose=reading.read(at[Wanted.GRANT_PURPOSE], lambda cell: filled_in(read_text(cell, 180), "dites pour quoi."), ""),
        amount=amount,
        day=year.last_day if reading.is_empty(day) else reading.read(day, lambda cell: day_in(read_day(cell), year), year.last_day),
        account=usual if reading.is_empty(account) else reading.read(account, lambda cell: subsidy_account(cell, chart), usual),
        spent=spent,
    )
