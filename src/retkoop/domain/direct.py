"""A year that was kept elsewhere (CRF direct): its totals become one operation, so that all figures have a single way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from retkoop.domain.entry import SUMMARY_PIECE, Moves, Operation, Part
from retkoop.domain.school_year import SchoolYear

_NOTHING: Final = Moves()


@dataclass(frozen=True, slots=True)
class YearTotals:
    """What a coop says of a whole year, in cents: what it held on the last day, and the total of each account, none for zero."""

    closing: Moves
    parts: tuple[Part, ...] = ()


def sum_of(moves: Iterable[Moves]) -> Moves:
    """Add up what operations moved."""
    bank = cash = regie = 0
    for one in moves:
        bank, cash, regie = bank + one.bank, cash + one.cash, regie + one.regie
    return Moves(bank, cash, regie)


def summary_of(totals: YearTotals, year: SchoolYear, others: Moves = _NOTHING) -> Operation:
    """Return the one operation that says the totals of a year, dated on its last day.

    `others` is what its other operations moved, the report à nouveau among them: the summary moves the rest, so that the year
    ends with what was said. What the accounts do not explain of it stays as its remainder.
    """
    closing = totals.closing
    moves = Moves(closing.bank - others.bank, closing.cash - others.cash, closing.regie - others.regie)
    parts = tuple(part for part in totals.parts if part.amount)
    label = f"Totaux de l’année {year}"
    return Operation(0, SUMMARY_PIECE, year.last_day, label, moves, parts, pointed=True, proven=True, summary=True)


def totals_of(summary: Operation, others: Moves = _NOTHING) -> YearTotals:
    """Read a summary back as what the coop said; `others` is what the other operations of its year moved."""
    return YearTotals(sum_of((summary.moves, others)), summary.parts)
