"""What the page of an AD's workbook shows: its versions, the figures with their cells, what the example gives, the grid to point at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from retkoop.books.cells import InvalidCell, quote, read_amount, read_day
from retkoop.books.sheets import Cell
from retkoop.domain.cash_count import DENOMINATIONS
from retkoop.domain.chart import Chart
from retkoop.domain.dates import format_date
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import (
    EMPTY_MAP,
    GRANT_COLUMNS,
    MOVES,
    WANTED_LABELS,
    CellPlace,
    Wanted,
    WorkbookMap,
    absent_sheets,
    cells_of,
    count_key,
    faults_of_map,
    is_account,
    is_sum,
    read_map,
    sum_of_cells,
)
from retkoop.network.access import AssociationAccess
from retkoop.network.queries import chart_for
from retkoop.year_end.closing.services import REVIEWERS
from retkoop.year_end.direct.example import sheets_in, shown, told
from retkoop.year_end.direct.models import WorkbookVersion
from retkoop.year_end.direct.reading import quantity

_STATEMENT: Final = (Wanted.STATEMENT, Wanted.STATEMENT_DAY, Wanted.STATEMENT_NUMBER)
_GRANTS: Final = (*GRANT_COLUMNS, Wanted.GRANT_LAST)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that Retkoop reads: its cells, what the example holds there, why what cannot be read cannot."""

    key: str
    label: str
    places: tuple[CellPlace, ...]
    reads: str = ""
    refusals: tuple[str, ...] = ()
    needed: bool = False

    @property
    def typed(self) -> str:
        return " ; ".join(place.name for place in self.places)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that go together; `folded`: most workbooks do not hold them."""

    title: str
    help: str
    figures: list[Figure]
    folded: bool = False

    @property
    def pointed(self) -> int:
        return sum(bool(one.places) for one in self.figures)


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the grid: `pointed` for the figure at hand, `taken` by another one."""

    place: CellPlace
    text: str
    pointed: bool
    taken: bool


@dataclass(frozen=True)
class WorkbookPage:
    """The workbook of an AD before its staff; `asked` and `sheet` are what the address names, `row` None where none was ever shown."""

    access: AssociationAccess
    versions: list[WorkbookVersion]
    year: SchoolYear
    asked: str = ""
    sheet_asked: str = ""

    @property
    def row(self) -> WorkbookVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def is_draft(self) -> bool:
        return self.row is not None and self.row.published_at is None

    @property
    def may_decide(self) -> bool:
        return self.access.role in REVIEWERS

    @property
    def may_point(self) -> bool:
        return self.is_draft and self.may_decide

    @property
    def published(self) -> list[tuple[WorkbookVersion, SchoolYear]]:
        return [(row, SchoolYear(row.from_year)) for row in self.versions if row.from_year is not None]

    @cached_property
    def map(self) -> WorkbookMap:
        return read_map(self.row.content) if self.row else EMPTY_MAP

    @cached_property
    def faults(self) -> list[str]:
        return faults_of_map(self.map)

    @cached_property
    def sheets(self) -> dict[str, list[list[Cell]]]:
        return sheets_in(self.row.example) if self.row else {}

    @cached_property
    def _cells(self) -> dict[str, Cell]:
        return cells_of(self.map, self.sheets)

    @cached_property
    def absent(self) -> list[str]:
        """The sheets that the map names and the example does not have."""
        return absent_sheets(self.map, self._cells)

    @cached_property
    def chart(self) -> Chart:
        return chart_for(self.access.association, self.year)

    @cached_property
    def groups(self) -> list[Group]:
        accounts = [self._figure(one.code, f"{one.alias} · {one.label}") for one in self.chart.mains if is_account(one.code)]
        counts = [self._figure(count_key(worth), f"Combien de {format_amount(worth)}") for worth in DENOMINATIONS]
        return [
            Group("Banque et caisse", "Ces quatre montants sont indispensables.", self._figures(MOVES)),
            Group("Totaux par compte", "Un compte peut être la somme de plusieurs cases.", accounts),
            Group("Relevé de fin d’année", "La date est celle du 31 août si le classeur ne la dit pas.", self._figures(_STATEMENT)),
            Group(
                "Subventions", "Montrez les cases de la première ligne, puis une case de la dernière.", self._figures(_GRANTS), folded=True
            ),
            Group("Caisse comptée", "Pour chaque sorte, la case qui dit combien il y en a.", counts, folded=True),
        ]

    def _figures(self, keys: tuple[Wanted, ...]) -> list[Figure]:
        return [self._figure(key, WANTED_LABELS[key], needed=key in MOVES) for key in keys]

    def _figure(self, key: str, label: str, *, needed: bool = False) -> Figure:
        places = self.map.of(key)
        reads, refusals = self._read(key, places)
        return Figure(str(key), label, places, reads, refusals, needed)

    def _read(self, key: str, places: tuple[CellPlace, ...]) -> tuple[str, tuple[str, ...]]:
        there = [place for place in places if place.name in self._cells]
        if all(self._cells[place.name] == "" for place in there):
            return "", ()
        if is_sum(key):
            found = sum_of_cells(there, self._cells, read_amount)
            return ("", found.refusals) if found.refusals else (format_amount(found.amount), ())
        try:
            return _words(key, self._cells[there[0].name]), ()
        except InvalidCell as refusal:
            return "", (f"{there[0].told}\u202f: {refusal}",)

    @cached_property
    def figures(self) -> list[Figure]:
        return [figure for group in self.groups for figure in group.figures]

    @property
    def nowhere(self) -> list[Figure]:
        """The figures that the workbook does not hold: coops type them, step by step."""
        return [figure for figure in self.figures if not figure.places]

    @cached_property
    def chosen(self) -> Figure:
        """The figure at hand: the one that was asked for, else the first that is needed and nowhere."""
        asked = [figure for figure in self.figures if figure.key == self.asked]
        return next(iter([*asked, *(one for one in self.figures if one.needed and not one.places), *self.figures]))

    @property
    def following(self) -> Figure:
        return self.figures[(self.figures.index(self.chosen) + 1) % len(self.figures)]

    @cached_property
    def sheet(self) -> str:
        """The sheet at hand: the one that was asked for, else that of the figure, else the first."""
        wanted = [self.sheet_asked, *(place.sheet for place in self.chosen.places), *self.sheets]
        return next((name for name in wanted if name in self.sheets), "")

    @property
    def grid(self) -> list[list[GridCell]]:
        taken = {place for place in self.map.every_place() if place.sheet == self.sheet}
        mine = set(self.chosen.places)
        rows = shown(self.sheets.get(self.sheet, []))
        places = ((CellPlace(self.sheet, number, at), text) for number, row in enumerate(rows) for at, text in enumerate(row))
        cells = [GridCell(place, text, place in mine, place in taken) for place, text in places]
        width = len(rows[0])
        return [cells[first : first + width] for first in range(0, len(cells), width)]


def _words(key: str, cell: Cell) -> str:
    """Return what a cell of a single figure reads as. Raises InvalidCell."""
    if key in (Wanted.STATEMENT_DAY, Wanted.GRANT_DAY):
        return format_date(read_day(cell))
    if key in (Wanted.GRANT_AMOUNT, Wanted.GRANT_SPENT):
        return format_amount(read_amount(cell))
    if key in (*_STATEMENT, *_GRANTS):
        return quote(told(cell))
    return str(quantity(cell))


def workbook_page(access: AssociationAccess, year: SchoolYear, asked: str = "", sheet: str = "") -> WorkbookPage:
    """Load the page; the latest version comes first: the draft, where there is one."""
    versions = WorkbookVersion.objects.filter(association=access.association).order_by("-number")
    return WorkbookPage(access, list(versions), year, asked, sheet)
