"""The deliberations of a year as their pages read them, each with the operations that it bears on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404

from retkoop.books.models import Book, Operation
from retkoop.domain.entry import natural_key
from retkoop.registers.models import Deliberation


class Tied(NamedTuple):
    """An operation on which a deliberation bears."""

    key: int
    piece: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A deliberation with its operations; one that was deleted is not among them."""

    row: Deliberation
    operations: tuple[Tied, ...]


def deliberations_of(book: Book) -> list[Shown]:
    """Return the deliberations of a year, the latest first."""
    rows = list(Deliberation.objects.filter(book=book).select_related("minutes"))
    named = _named(book, {key for row in rows for key in row.operations})
    return [Shown(row, tuple(named[key] for key in row.operations if key in named)) for row in rows]


def deliberation_of(book: Book, key: int) -> Shown:
    """Return a deliberation. Raises Http404."""
    row = Deliberation.objects.select_related("minutes").filter(book=book, pk=key).first()
    if row is None:
        raise Http404
    row.book = book
    named = _named(book, row.operations)
    return Shown(row, tuple(named[one] for one in row.operations if one in named))


def _named(book: Book, keys: Iterable[int]) -> dict[int, Tied]:
    keys = list(keys)
    rows = Operation.objects.filter(book=book, pk__in=keys).values_list("pk", "piece", "label") if keys else ()
    return {row[0]: Tied(*row) for row in rows}


class Found(NamedTuple):
    """The operations that bear some pièces, by their keys, and the pièces that none bears."""

    operations: list[int]
    unknown: list[str]


def operations_of_pieces(book: Book, pieces: Sequence[str], kept: Shown | None = None) -> Found:
    """Return the operations that bear some pièces; those of `kept` that have no pièce, or are deleted for now, stay tied."""
    keys = {natural_key(piece): piece for piece in pieces}
    rows = Operation.objects.filter(book=book, piece_key__in=keys, opening=False).order_by("pk").values_list("pk", "piece_key")
    found = list(rows) if keys else []
    shown = {one.key for one in kept.operations if one.piece.strip()} if kept else set()
    silent = [key for key in kept.row.operations if key not in shown] if kept else []
    met = {piece_key for _, piece_key in found}
    return Found([*(key for key, _ in found), *silent], [piece for key, piece in keys.items() if key not in met])
