"""Open data: the totals of a year that the federation may give to everybody, so that no coop can be told from them.

Source: INSEE, guide du secret statistique: no figure of too few, none of which one makes up nearly all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from retkoop.domain.money import Cents

FEWEST_COOPS: Final = 5
"""A figure of fewer coops is not told."""
MOST_SHARE: Final = 85
"""Nor one of which a single coop makes up more than so many hundredths."""
ELSEWHERE: Final = ""
"""The département of the figures that are told together because none of them may be alone."""


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """What the coops of a département booked on one account in a year: how many of them, how much in all and the most of one (cents)."""

    department: str
    account: str
    coops: int
    amount: Cents
    largest: Cents


def may_be_told(figure: OpenFigure) -> bool:
    """Tell whether nobody can learn from a figure what one coop booked."""
    return figure.coops >= FEWEST_COOPS and figure.largest * 100 <= MOST_SHARE * abs(figure.amount)


def told_figures(figures: Iterable[OpenFigure]) -> list[OpenFigure]:
    """Return what may be told, by account and département; what may not is told together, at the end of its account.

    Where even that says too much it is left out, and so is what would tell one of these départements about the others: each knows its
    own figure, and can take it off. No total is ever given from which what is left out could be found again.
    """
    by_account: dict[str, list[OpenFigure]] = {}
    for figure in figures:
        by_account.setdefault(figure.account, []).append(figure)
    return [told for _, alike in sorted(by_account.items()) for told in _told(alike)]


def _told(alike: list[OpenFigure]) -> list[OpenFigure]:
    told = sorted(filter(may_be_told, alike), key=lambda one: one.department)
    hidden = [one for one in alike if not may_be_told(one)]
    groups = [hidden, *([other for other in hidden if other is not one] for one in hidden)]
    return [*told, _together(hidden)] if hidden and all(group and may_be_told(_together(group)) for group in groups) else told


def _together(group: list[OpenFigure]) -> OpenFigure:
    return OpenFigure(
        ELSEWHERE,
        group[0].account,
        coops=sum(one.coops for one in group),
        amount=sum(one.amount for one in group),
        largest=max(one.largest for one in group),
    )
