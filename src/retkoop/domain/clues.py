"""Clues (pistes): the amounts at which an operation explains, all by itself, why two sums differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from retkoop.domain.dates import format_date
from retkoop.domain.money import Cents, format_amount


@dataclass(frozen=True, slots=True)
class Clue:
    """An operation that moved `amount` (cents, signed) may explain the gap; `sentence` asks the question.

    `pointed` is whether to look among the operations that are ticked on a statement, or those that are not.
    """

    amount: Cents
    pointed: bool
    sentence: str


def bank_clues(gap: Cents) -> tuple[Clue, ...]:
    """Return what to look for when a statement and the book differ by `gap` (Reconciliation.gap), the likeliest first.

    An unticked operation of the gap's amount closes it once ticked, a ticked one of the opposite amount once unticked; an
    operation noted the wrong way round weighs twice.
    """
    if not gap:
        return ()
    return (
        Clue(gap, False, "Cette opération vaut exactement l’écart\u202f: si elle est sur le relevé, pointez-la."),
        Clue(-gap, True, "Cette opération pointée vaut exactement l’écart\u202f: est-elle vraiment sur le relevé\u202f?"),
        *_reversed(gap, pointed=True),
    )


def cash_clues(gap: Cents) -> tuple[Clue, ...]:
    """Return what to look for when the cash counted and the book differ by `gap` (CashCount.gap), the likeliest first."""
    if not gap:
        return ()
    sentence = "Cette opération vaut exactement l’écart\u202f: est-elle notée deux fois, ou passée par la banque\u202f?"
    return (Clue(-gap, False, sentence), *_reversed(gap, pointed=False))


def _reversed(gap: Cents, *, pointed: bool) -> Iterator[Clue]:
    if gap % 2 == 0:
        yield Clue(-gap // 2, pointed, "Cette opération vaut la moitié de l’écart\u202f: est-elle notée à l’envers\u202f?")


@dataclass(frozen=True, slots=True)
class Unticked:
    """What a statement may show and nothing ticks: so many operations up to its date, and what they moved, in cents."""

    day: date
    count: int
    moved: Cents

    def closes(self, gap: Cents) -> bool:
        """Tell whether ticking them all leaves no gap."""
        return self.count > 0 and self.moved == gap

    def sentence(self, gap: Cents) -> str:
        """Return what to do first; "" where nothing is left to tick, or only what `bank_clues` names."""
        if not self.count or (self.count == 1 and self.closes(gap)):
            return ""
        many = f"{self.count} opération{'s' if self.count > 1 else ''} jusqu’au {format_date(self.day)}"
        if self.count == 1:
            return f"{many} n’est pas pointée\u202f: est-elle sur le relevé\u202f?"
        if self.closes(gap):
            return f"{many} ne sont pas pointées et font exactement l’écart\u202f: sont-elles toutes sur le relevé\u202f?"
        return f"{many} ne sont pas pointées\u202f: pointez d’abord celles que le relevé montre."


def forgotten(gap: Cents) -> str:
    """Return what may be missing from the book altogether: the statement, or the cash box, holds `gap` more than it says."""
    kind = "recette" if gap > 0 else "dépense"
    return f"Une {kind} de {format_amount(abs(gap))} manque-t-elle dans le cahier\u202f?"


def swapped_figures(gap: Cents) -> str | None:
    """Return the classic hint of a gap that nine divides (54 typed for 45), None for any other."""
    if gap == 0 or gap % 9:
        return None
    return "L’écart se divise par 9\u202f: deux chiffres d’un montant sont peut-être inversés (54 pour 45)."
