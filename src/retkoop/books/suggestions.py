"""What the form proposes: the next pièce and cheque, the means used last, the names already known.

All of it is read from the operations entered last, so many of them whatever the size of the book. Those of last year
lend their names to a book that begins; numbers restart each year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet, Value
from markupsafe import Markup, escape

from retkoop.audit.statements import prepared
from retkoop.books.intentions import INTENTIONS, PAID, Intention, Means
from retkoop.books.models import Book, Operation
from retkoop.domain.entry import natural_key, next_cheque, next_piece
from retkoop.domain.school_year import SchoolYear

LOOKED_AT: Final = 100
KINDS_BY_LETTER: Final = {
    letter: tuple(intention.kind for intention in INTENTIONS if intention.letter == letter) for letter in ("D", "R", "V", "J")
}
"""Kinds that share a series of pièces: a régie is paid out among the expenses."""
_NUMBERED: Final = re.compile(r"(.*?)\d+", re.DOTALL | re.ASCII)


class Recent(NamedTuple):
    """An operation entered lately, as far as the form can learn from it."""

    book: int
    kind: str
    piece: str
    tiers: str
    cheque: str
    bank: int
    cash: int
    project: str
    classe: str


@prepared
def _recent(coop: int) -> QuerySet[Operation, tuple[Any, ...]]:
    entered = Operation.objects.filter(coop=coop, opening=Value(False)).order_by("-pk")
    return entered.values_list(*Recent._fields)[:LOOKED_AT]


@prepared
def _greatest_piece(book: int, first: str, end: str) -> QuerySet[Operation, tuple[Any, ...]]:
    return (
        Operation.objects.filter(book=book, piece_key__gte=first, piece_key__lt=end).order_by("-piece_key", "-pk").values_list("piece")[:1]
    )


class Suggestions:
    """What the latest operations of a coop suggest for a book."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @cached_property
    def _recent(self) -> list[Recent]:
        return [Recent(*row) for row in _recent(self._book.coop_id)]

    @cached_property
    def tiers(self) -> list[str]:
        return _known({row.tiers for row in self._recent})

    @cached_property
    def projects(self) -> list[str]:
        return _known({row.project for row in self._recent})

    @cached_property
    def classes(self) -> list[str]:
        return _known({row.classe for row in self._recent})

    @property
    def datalists(self) -> Markup:
        """The known names, for the browser to complete what is typed."""
        known = (("known-tiers", self.tiers), ("known-projects", self.projects), ("known-classes", self.classes))
        return Markup("".join(f'<datalist id="{name}">{_options(values)}</datalist>' for name, values in known))  # noqa: S704 -- escaped below

    def initial(self, intention: Intention, day: date) -> dict[str, Any]:
        """Return what a new form shows."""
        means = self._means(intention)
        return {
            "date": day,
            "piece": self.piece(intention),
            "label": intention.usual_label,
            "means": means and means.value,
            "cheque": self.cheque() if intention.means is PAID else "",
        }

    def piece(self, intention: Intention) -> str:
        """Return the pièce after the greatest of its series: the book's own habit, or D01, R01… where it has none."""
        series = self._series(intention)
        low = natural_key(f"{series}0").removesuffix("00")
        greatest = [piece for (piece,) in _greatest_piece(self._book.pk, f"{low}0", f"{low}:")]
        own = [piece for found, piece, _ in self._own if found == series]
        followed = [piece for piece in greatest if _NUMBERED.fullmatch(piece)] or own
        if followed:
            return next_piece(max(followed, key=natural_key))
        return f"{series}01" if series else "1"

    def _series(self, intention: Intention) -> str:
        """Return what stands before the number: as for the last operation of the kind; none, where the book numbers all alike."""
        for kinds in ((intention.kind,), KINDS_BY_LETTER.get(intention.letter, ())):
            for series, _, kind in self._own:
                if kind in kinds:
                    return series
        return "" if self._own and not any(series for series, _, _ in self._own) else intention.letter

    @cached_property
    def _own(self) -> list[tuple[str, str, str]]:
        """The numbered pièces of the book itself, the latest first: (series, pièce, kind)."""
        return [
            (found[1], row.piece, row.kind)
            for row in self._recent
            if row.book == self._book.pk and (found := _NUMBERED.fullmatch(row.piece))
        ]

    def cheque(self) -> str:
        """Return the cheque after the one entered last."""
        return next((next_cheque(row.cheque) for row in self._recent if row.bank < 0 and row.cheque.isdigit()), "")

    def _means(self, intention: Intention) -> Means | None:
        """Return the means of the last operation of the kind."""
        if not intention.means:
            return None
        last = next((row for row in self._recent if row.kind == intention.kind), None)
        if last is None or (last.bank and (last.cheque or intention.means is not PAID)):
            return intention.means[0][0]
        return Means.BANK if last.bank else Means.CASH


def first_day_shown(year: SchoolYear, today: date, last: date | None) -> date:
    """Return the date of a new form: today within its year, else the book's last day, else its first."""
    if today in year:
        return today
    return last if last and last in year else year.first_day


def _known(names: set[str]) -> list[str]:
    return sorted(names - {""}, key=str.casefold)


def _options(names: Iterable[str]) -> str:
    return "".join(f'<option value="{escape(name)}">' for name in names)
