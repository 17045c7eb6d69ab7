"""A cahier as rows of a file: the columns of the format, and the rows grouped into operations.

Pure: no database, no clock. What cannot be read is told with its row, its column and the reason, all of it at once.
The format stands in docs/format-cahier.md; `exporting` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple, TypeVar

from retkoop.books.cells import (
    InvalidCell,
    is_empty,
    quote,
    read_account,
    read_amount,
    read_day,
    read_label,
    read_share,
    read_text,
    read_tick,
    read_tiers,
)
from retkoop.books.sheets import Cell, Row, UnreadableFile
from retkoop.domain.chart import Chart, fold
from retkoop.domain.entry import OPENING_PIECE, Moves, Operation, Part
from retkoop.domain.money import Cents

COLUMNS: Final = (
    "piece",
    "date",
    "libelle",
    "tiers",
    "cheque",
    "banque_entree",
    "banque_sortie",
    "caisse_entree",
    "caisse_sortie",
    "regie_versee",
    "regie_rendue",
    "compte",
    "montant",
    "projet",
    "classe",
    "pointe",
)
MOVES: Final = COLUMNS[5:11]
LONGEST: Final = {"piece": 30, "libelle": 200, "tiers": 120, "cheque": 20, "projet": 80, "classe": 40}
_BY_FOLDED_NAME: Final = {fold(column): column for column in COLUMNS}
_REPEATED: Final = frozenset({"compte", "montant"})
_NOTHING_IN_IT: Final = "Ce fichier n’a que son en-tête : il ne contient aucune opération."
_LISTED: Final = 5

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that cannot be taken: the number of its row as a spreadsheet shows it, its column, and why, in French."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.row}, colonne « {self.column} » : {self.reason}"


@dataclass(frozen=True, slots=True)
class ReadOperation:
    """An operation, and the row where it begins. Its key is that row: it has none in a book yet."""

    row: int
    operation: Operation


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its operations, and what in it cannot be taken."""

    operations: tuple[ReadOperation, ...]
    refusals: tuple[Refusal, ...]


def is_header(row: Row) -> bool:
    """Tell whether most columns of the format stand in a row."""
    return len({fold(str(cell)) for cell in row} & _BY_FOLDED_NAME.keys()) > len(COLUMNS) // 2


def read_book(rows: Sequence[Row], chart: Chart, in_book: Iterable[Likeness] = ()) -> Reading:
    """Read a whole file; `in_book` is what the book holds already.

    Raises UnreadableFile where the header is not ours, or nothing stands below it.
    """
    top = next((place for place, row in enumerate(rows) if not _is_blank(row)), None)
    if top is None:
        raise UnreadableFile("Ce fichier est vide.")
    columns = _columns(rows[top])
    refusals: list[Refusal] = []
    below = [
        _FileRow.of(number, row, columns, chart, refusals)
        for number, row in enumerate(rows[top + 1 :], start=top + 2)
        if not _is_blank(row)
    ]
    if not below:
        raise UnreadableFile(_NOTHING_IN_IT)
    operations = tuple(_operations(below))
    refusals += repeated(operations, in_book)
    return Reading(operations, tuple(sorted(refusals, key=_place)))


def _place(refusal: Refusal) -> tuple[int, int]:
    return refusal.row, COLUMNS.index(refusal.column) if refusal.column in COLUMNS else len(COLUMNS)


def _is_blank(row: Row) -> bool:
    return all(is_empty(cell) for cell in row)


def _columns(header: Row) -> list[str]:
    """Return the column of each place of the header, "" where it has no title. Raises UnreadableFile."""
    titles = [str(cell).strip() for cell in header]
    columns = [_BY_FOLDED_NAME.get(fold(title), title) for title in titles]
    unknown = [title for title, column in zip(titles, columns, strict=True) if title and column not in COLUMNS]
    missing = [column for column in COLUMNS if column not in columns]
    twice = [column for column in COLUMNS if columns.count(column) > 1]
    if len(missing) == len(COLUMNS):
        raise UnreadableFile(f"La première ligne n’est pas l’en-tête attendu : {';'.join(COLUMNS)}.")
    troubles = [("inconnues", unknown), ("absentes", missing), ("en double", twice)]
    told = [f"colonnes {how} : {_listed(names)}" for how, names in troubles if names]
    if told:
        raise UnreadableFile(f"L’en-tête ne convient pas, {' ; '.join(told)}.")
    return columns


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(quote(name) for name in names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} et {len(names) - _LISTED} autres"


@dataclass(frozen=True)
class _FileRow:
    """A row under the header, and the list in which all rows tell what they refuse."""

    number: int
    cells: dict[str, Cell]
    chart: Chart
    refusals: list[Refusal]

    @classmethod
    def of(cls, number: int, row: Row, columns: Sequence[str], chart: Chart, refusals: list[Refusal]) -> _FileRow:
        made = cls(number, dict.fromkeys(COLUMNS, "") | dict(zip(columns, row, strict=False)), chart, refusals)
        for place, cell in enumerate(row):
            if not is_empty(cell) and (place >= len(columns) or not columns[place]):
                made.refuse(str(place + 1), f"{quote(cell)} n’est sous aucun titre.")
        return made

    def refuse(self, column: str, reason: str) -> None:
        self.refusals.append(Refusal(self.number, column, reason))

    def has(self, column: str) -> bool:
        return not is_empty(self.cells[column])

    def read(self, column: str, reader: Callable[[Cell], Value], otherwise: Value) -> Value:
        """Return what a cell holds; where it cannot be read, refuse it and return `otherwise` to read on."""
        try:
            return reader(self.cells[column])
        except InvalidCell as refusal:
            self.refuse(column, str(refusal))
            return otherwise

    def text(self, column: str) -> str:
        return self.read(column, lambda cell: read_text(cell, LONGEST[column]), "")

    def moved(self, came_in: str, went_out: str) -> Cents:
        """Return what a pair of columns moved: in less out, of which one at most is filled."""
        amounts = {column: self.read(column, read_amount, 0) for column in (came_in, went_out)}
        for column, other in ((came_in, went_out), (went_out, came_in)):
            if amounts[column] < 0:
                self.refuse(column, f"un montant négatif n’a pas sa place ici : écrivez-le sans signe dans « {other} ».")
        if all(amounts.values()):
            self.refuse(went_out, f"« {came_in} » et « {went_out} » ne se remplissent pas sur la même ligne.")
        return amounts[came_in] - amounts[went_out]

    def part(self) -> Part | None:
        """Return the part of the split that stands on the row."""
        if not self.has("compte") and not self.has("montant"):
            return None
        account = self.read("compte", lambda cell: read_account(cell, self.chart), "")
        amount = self.read("montant", read_share, 0)
        return Part(account, amount)


def _operations(rows: Iterable[_FileRow]) -> Iterator[ReadOperation]:
    """Yield the operations in which nothing is refused."""
    for first, *others in _groups(rows):
        known = len(first.refusals)
        parts = tuple(part for row in (first, *others) if (part := row.part()))
        operation = _operation(first, parts)
        if len(first.refusals) == known:
            _refuse_senseless(first, operation)
        if len(first.refusals) == known:
            yield ReadOperation(first.number, operation)


def _groups(rows: Iterable[_FileRow]) -> list[list[_FileRow]]:
    """Put each dated row together with those that continue it."""
    groups: list[list[_FileRow]] = []
    for row in rows:
        if row.has("date"):
            groups.append([row])
        elif not groups:
            row.refuse("date", "la date manque, et il n’y a pas d’opération au-dessus que cette ligne continuerait.")
        else:
            _refuse_more_than_a_part(row, groups[-1][0].number)
            groups[-1].append(row)
    return groups


def _refuse_more_than_a_part(row: _FileRow, above: int) -> None:
    filled = [column for column in COLUMNS if column not in _REPEATED and row.has(column)]
    if filled:
        row.refuse(
            filled[0],
            f"sans date, cette ligne continue l’opération de la ligne {above} et ne porte que « compte » et « montant » : "
            "ajoutez une date, ou videz cette case.",
        )


def _operation(row: _FileRow, parts: tuple[Part, ...]) -> Operation:
    piece = row.text("piece")
    opening = piece.upper() == OPENING_PIECE
    return Operation(
        key=row.number,
        piece=OPENING_PIECE if opening else piece,
        date=row.read("date", read_day, date.min),
        label=row.read("libelle", lambda cell: read_label(cell, LONGEST["libelle"]), ""),
        moves=Moves(
            bank=row.moved("banque_entree", "banque_sortie"),
            cash=row.moved("caisse_entree", "caisse_sortie"),
            regie=row.moved("regie_versee", "regie_rendue"),
        ),
        parts=parts,
        tiers=row.read("tiers", lambda cell: read_tiers(cell, LONGEST["tiers"]), ""),
        cheque=row.text("cheque"),
        project=row.text("projet"),
        classe=row.text("classe"),
        opening=opening,
        pointed=row.read("pointe", read_tick, False),
    )


def _refuse_senseless(row: _FileRow, operation: Operation) -> None:
    """Refuse what is no operation. One whose split is not what moved is taken: a check will say so, where it can be mended."""
    if operation.opening and operation.parts:
        row.refuse("compte", "le report à nouveau ne se ventile pas : videz « compte » et « montant ».")
    moves = operation.moves
    if not (moves.bank or moves.cash or moves.regie or operation.parts or (operation.opening and any(map(row.has, MOVES)))):
        row.refuse("montant", "rien n’entre, rien ne sort et rien n’est ventilé : indiquez une somme.")
    if operation.pointed and not moves.bank and not operation.opening:
        row.refuse("pointe", "seul un mouvement de banque se pointe : videz cette case.")


class Likeness(NamedTuple):
    """What makes two rows the same operation: the pièce, the date, and what moved in cents."""

    opening: bool
    piece: str
    day: date
    bank: Cents
    cash: Cents
    regie: Cents

    @classmethod
    def of(cls, opening: bool, piece: str, day: date, *moves: Cents) -> Likeness:  # noqa: FBT001 -- the columns, in order
        return cls(opening, OPENING_PIECE if opening else piece.casefold(), day, *moves)


def _likeness(operation: Operation) -> Likeness:
    moves = operation.moves
    return Likeness.of(operation.opening, operation.piece, operation.date, moves.bank, moves.cash, moves.regie)


def repeated(operations: Iterable[ReadOperation], in_book: Iterable[Likeness] = ()) -> Iterator[Refusal]:
    """Refuse operations that are in the book already, a pièce that stands twice in the file word for word, a second report à nouveau.

    Within a file, sales of the same day and sum are several: what a book held comes back whole.
    """
    held, rows = set(in_book), dict[Operation, int]()
    openings = ["dans le cahier" for known in held if known.opening]
    for read in operations:
        mine, whole = _likeness(read.operation), replace(read.operation, key=0)
        if mine in held:
            yield Refusal(read.row, "piece", "cette opération est déjà dans le cahier (même pièce, même date, mêmes sommes).")
        elif whole.piece and whole in rows:
            yield Refusal(read.row, "piece", f"cette opération est déjà à la ligne {rows[whole]}, mot pour mot.")
        elif mine.opening and openings:
            yield Refusal(read.row, "piece", f"un autre report à nouveau est déjà {openings[0]} : il n’y en a qu’un par année.")
        rows.setdefault(whole, read.row)
        openings += [f"à la ligne {read.row}"] if mine.opening else []
