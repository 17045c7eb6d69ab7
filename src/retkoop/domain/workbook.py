"""An AD's own workbook (classeur de l’association): in which cells each figure of a year stands, as its staff pointed at them once.

A map is plain data: by the key of a figure, the names of its cells (`CRF!C12`). The keys are those of `Wanted`, `count_` and the worth
of a note or coin in cents, and the codes of the accounts. The cells of a sum are added up; the subsidies stand in rows, of which the
first is pointed at, column by column, and the last by one of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from retkoop.domain.cash_count import DENOMINATIONS
from retkoop.domain.money import Cents
from retkoop.domain.reports.subsidies import SUBSIDY_ACCOUNTS

MOST_ROWS: Final = 200
MOST_COLUMNS: Final = 26
MOST_CELLS: Final = 30
LONGEST_SHEET: Final = 100
COUNT: Final = "count_"
NOT_A_MAP: Final = "Ce n’est pas la correspondance d’un classeur."
NO_ACCOUNT: Final = "Montrez au moins le total d’un compte."
ONE_CELL: Final = "Ce renseignement tient en une seule case."
TOO_MANY: Final = f"Un montant est la somme de {MOST_CELLS} cases au plus."
UNKNOWN: Final = "Ce renseignement n’est pas de ceux que Retkoop lit."
HALF_TABLE: Final = (
    "Pour lire les subventions, montrez l’organisme, l’objet et le montant de la première, et une case de la dernière ligne."
)
LOOSE_TABLE: Final = "Les cases de la première subvention se montrent sur une seule ligne d’une même feuille."
EARLY_END: Final = "La dernière ligne des subventions se montre sur leur feuille, à partir de la première."
NEEDED: Final = "cette case attend un montant, ou 0."

Cells: TypeAlias = Mapping[str, Any]
"""What stands in the cells that a map names, by their names; those of a sheet that is not there are left out."""

_CELL: Final = re.compile(
    r"(?P<sheet>'(?:[^']|'')+'|(?:(?!![A-Za-z]{1,3}\$?[0-9])[^';\n])+?)"
    r"!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[0-9]{1,7})(?=\s*(?:[;+\n]|$))"
)
_BETWEEN: Final = re.compile(r"[\s;+]*")
_ACCOUNT: Final = re.compile(r"[67][0-9]{7}")


class Wanted(StrEnum):
    """A figure that a workbook may hold, beside the totals of the accounts and the count of the cash."""

    OPENING_BANK = "opening_bank"
    OPENING_CASH = "opening_cash"
    CLOSING_BANK = "closing_bank"
    CLOSING_CASH = "closing_cash"
    STATEMENT = "statement"
    STATEMENT_DAY = "statement_day"
    STATEMENT_NUMBER = "statement_number"
    GRANT_BODY = "grant_body"
    GRANT_PURPOSE = "grant_purpose"
    GRANT_AMOUNT = "grant_amount"
    GRANT_DAY = "grant_day"
    GRANT_ACCOUNT = "grant_account"
    GRANT_SPENT = "grant_spent"
    GRANT_LAST = "grant_last"


WANTED_LABELS: Final = {
    Wanted.OPENING_BANK: "En banque au départ",
    Wanted.OPENING_CASH: "En caisse au départ",
    Wanted.CLOSING_BANK: "En banque à la fin",
    Wanted.CLOSING_CASH: "En caisse à la fin",
    Wanted.STATEMENT: "Solde du relevé de fin d’année",
    Wanted.STATEMENT_DAY: "Date de ce relevé",
    Wanted.STATEMENT_NUMBER: "Numéro de ce relevé",
    Wanted.GRANT_BODY: "Organisme",
    Wanted.GRANT_PURPOSE: "Objet",
    Wanted.GRANT_AMOUNT: "Montant reçu",
    Wanted.GRANT_DAY: "Reçue le",
    Wanted.GRANT_ACCOUNT: "Compte (741 ou 748)",
    Wanted.GRANT_SPENT: "Déjà dépensé",
    Wanted.GRANT_LAST: "Dernière ligne des subventions",
}
MOVES: Final = (Wanted.OPENING_BANK, Wanted.OPENING_CASH, Wanted.CLOSING_BANK, Wanted.CLOSING_CASH)
"""What no compte rendu goes without."""
GRANT_COLUMNS: Final = tuple(one for one in Wanted if one.startswith("grant_") and one is not Wanted.GRANT_LAST)
_GRANT_NEEDED: Final = (Wanted.GRANT_BODY, Wanted.GRANT_PURPOSE, Wanted.GRANT_AMOUNT, Wanted.GRANT_LAST)
_SINGLE: Final = frozenset(Wanted) - {*MOVES, Wanted.STATEMENT}


class InvalidPlace(ValueError):
    """What was typed names no cell; the message says why, in French."""


class InvalidMap(ValueError):
    """What is no map of a workbook; the message says why, in French."""


@dataclass(frozen=True, slots=True, order=True)
class CellPlace:
    """A cell: its sheet, its row and its column, both from zero."""

    sheet: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """How it is kept and typed."""
        return f"{self.sheet}!{self.corner}"

    @property
    def corner(self) -> str:
        """How it is called on its sheet: `C12`."""
        return f"{chr(ord('A') + self.column)}{self.row + 1}"

    @property
    def told(self) -> str:
        """How a message names it."""
        return f"Feuille {self.sheet}, case {self.corner}"


def parse_places(text: str) -> tuple[CellPlace, ...]:
    """Read cells as people type them, `CRF!C12 ; 'Ma feuille'!$C$13`, each once. Raises InvalidPlace."""
    found: dict[CellPlace, None] = {}
    at = _after(text, 0)
    while at < len(text):
        read = _CELL.match(text, at)
        if read is None:
            raise InvalidPlace(f"«\u00a0{text[at:].strip()[:40]}\u00a0» n’est pas une case\u202f: écrivez par exemple CRF!C12.")
        found[_place(read)] = None
        at = _after(text, read.end())
    return tuple(found)


def _after(text: str, at: int) -> int:
    return at + len(_BETWEEN.match(text, at)[0])  # type: ignore[index]  # it matches nothing, too


def _place(read: re.Match[str]) -> CellPlace:
    sheet, letters, row = read["sheet"].strip(), read["column"].upper(), int(read["row"])
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if len(letters) > 1 or not 1 <= row <= MOST_ROWS or len(sheet) > LONGEST_SHEET:
        raise InvalidPlace(
            f"La case {letters}{row} est trop loin\u202f: Retkoop lit de A1 à {chr(ord('A') + MOST_COLUMNS - 1)}{MOST_ROWS}."
        )
    return CellPlace(sheet, row - 1, ord(letters) - ord("A"))


def is_account(key: str) -> bool:
    """Tell whether a key names an account of which the year has a total: subsidies are told one by one."""
    return _ACCOUNT.fullmatch(key) is not None and not key.startswith(SUBSIDY_ACCOUNTS)


def count_key(worth: Cents) -> str:
    """Return the key of how many notes or coins there are of a kind."""
    return f"{COUNT}{worth}"


_COUNTS: Final = frozenset(count_key(worth) for worth in DENOMINATIONS)


def is_sum(key: str) -> bool:
    """Tell whether the cells of a figure are added up; the others have one."""
    return key not in _SINGLE and key not in _COUNTS


def is_known(key: str) -> bool:
    return key in set(Wanted) or key in _COUNTS or is_account(key)


@dataclass(frozen=True, slots=True)
class WorkbookMap:
    """Where each figure stands; what is nowhere is left out."""

    places: Mapping[str, tuple[CellPlace, ...]]

    def of(self, key: str) -> tuple[CellPlace, ...]:
        return self.places.get(key, ())

    def first(self, key: str) -> CellPlace | None:
        return next(iter(self.of(key)), None)

    @property
    def accounts(self) -> list[str]:
        return [key for key in self.places if is_account(key)]

    def as_json(self) -> dict[str, list[str]]:
        return {key: [place.name for place in self.places[key]] for key in sorted(self.places)}

    def with_places(self, key: str, places: Iterable[CellPlace]) -> WorkbookMap:
        """Return the map with a figure in these cells, or nowhere. Raises InvalidMap for what does not fit the figure."""
        told = tuple(dict.fromkeys(places))
        if not is_known(key):
            raise InvalidMap(UNKNOWN)
        if len(told) > 1 and not is_sum(key):
            raise InvalidMap(ONE_CELL)
        if len(told) > MOST_CELLS:
            raise InvalidMap(TOO_MANY)
        others = {name: cells for name, cells in self.places.items() if name != key}
        return WorkbookMap({**others, key: told} if told else others)

    def pointed(self, key: str, place: CellPlace) -> WorkbookMap:
        """Return the map once a cell was pointed at for a figure: added to its sum or taken off it; another one where it has but one."""
        told = self.of(key)
        if place in told:
            return self.with_places(key, [one for one in told if one != place])
        return self.with_places(key, (*told, place) if is_sum(key) else (place,))

    @property
    def grant_rows(self) -> range:
        """The rows in which subsidies may stand; none where they are not pointed at."""
        first, last = self.first(Wanted.GRANT_AMOUNT), self.first(Wanted.GRANT_LAST)
        return range(first.row, last.row + 1) if first and last else range(0)

    def grant_place(self, key: str, row: int) -> CellPlace | None:
        """Return the cell of a column of the subsidies in a row."""
        first = self.first(key)
        return CellPlace(first.sheet, row, first.column) if first else None

    def every_place(self) -> Iterator[CellPlace]:
        """Yield each cell that is to be read."""
        for key, told in self.places.items():
            if key in GRANT_COLUMNS:
                yield from (CellPlace(told[0].sheet, row, told[0].column) for row in self.grant_rows)
            else:
                yield from told


EMPTY_MAP: Final = WorkbookMap({})


def read_map(content: object) -> WorkbookMap:
    """Read a map that was kept. Raises InvalidMap."""
    if not isinstance(content, dict):
        raise InvalidMap(NOT_A_MAP)
    found = EMPTY_MAP
    for key, names in content.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InvalidMap(NOT_A_MAP)
        found = found.with_places(key, [_named(name) for name in names])
    return found


def _named(name: str) -> CellPlace:
    """Read a name as `CellPlace.name` writes it: no sign of a sheet's name means anything."""
    sheet, _, corner = name.rpartition("!")
    if not re.fullmatch(r"[A-Z][0-9]{1,3}", corner) or not 1 <= int(corner[1:]) <= MOST_ROWS or not 1 <= len(sheet) <= LONGEST_SHEET:
        raise InvalidMap(NOT_A_MAP)
    return CellPlace(sheet, int(corner[1:]) - 1, ord(corner[0]) - ord("A"))


def faults_of_map(told: WorkbookMap) -> list[str]:
    """Return what a map lacks before a coop's workbook can be read by it, each in a sentence."""
    lacking = [f"Montrez «\u00a0{WANTED_LABELS[key]}\u00a0»." for key in MOVES if not told.of(key)]
    return [*lacking, *([] if told.accounts else [NO_ACCOUNT]), *_faults_of_grants(told)]


def _faults_of_grants(told: WorkbookMap) -> list[str]:
    columns = [place for key in GRANT_COLUMNS if (place := told.first(key))]
    last = told.first(Wanted.GRANT_LAST)
    if not columns and last is None:
        return []
    if last is None or not all(told.of(key) for key in _GRANT_NEEDED):
        return [HALF_TABLE]
    if len({(place.sheet, place.row) for place in columns}) > 1:
        return [LOOSE_TABLE]
    return [] if (last.sheet, last.row) >= (columns[0].sheet, columns[0].row) and last.sheet == columns[0].sheet else [EARLY_END]


def cells_of(told: WorkbookMap, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, Any]:
    """Take from sheets what stands in the cells of a map: an empty text where nothing does."""
    return {place.name: value_at(sheets[place.sheet], place) for place in told.every_place() if place.sheet in sheets}


def value_at(rows: Sequence[Sequence[Any]], place: CellPlace) -> Any:  # noqa: ANN401 -- a cell holds what it holds
    cells = rows[place.row] if place.row < len(rows) else ()
    return cells[place.column] if place.column < len(cells) else ""


def absent_sheets(told: WorkbookMap, cells: Cells) -> list[str]:
    """Return the names of the sheets of a map that are not in a workbook."""
    return sorted({place.sheet for place in told.every_place() if place.name not in cells})


@dataclass(frozen=True, slots=True)
class Sum:
    """What some cells come to, in cents, and why each that cannot be read cannot."""

    amount: Cents
    refusals: tuple[str, ...] = ()


def sum_of_cells(places: Iterable[CellPlace], cells: Cells, reader: Callable[[Any], Cents], *, needed: bool = False) -> Sum:
    """Add up cells. `reader` raises ValueError; `needed`: they cannot all be empty. Cells of absent sheets are passed over."""
    there = [place for place in places if place.name in cells]
    amount, refusals = 0, []
    for place in there:
        try:
            amount += reader(cells[place.name])
        except ValueError as refusal:
            refusals.append(f"{place.told}\u202f: {refusal}")
    if needed and there and all(str(cells[place.name]).strip() == "" for place in there):
        refusals.append(f"{there[0].told}\u202f: {NEEDED}")
    return Sum(amount, tuple(refusals))
