"""What is in force in a year: the chart of accounts, the questionnaire of the CRA, the grid of the vérificateurs."""

from __future__ import annotations

from typing import Final, NamedTuple

from retkoop.domain.chart import national_chart
from retkoop.domain.school_year import SchoolYear
from retkoop.oversight.national.totals import chart_of
from retkoop.year_end.cra.editor import Listed, listed_kinds


class YearInForce(NamedTuple):
    """A year and the versions that ask in it; None where nothing does."""

    year: SchoolYear
    asking: dict[str, Listed | None]
    own_chart: bool
    """Whether the federation has changed labels or accounts of the nomenclature."""


BEFORE: Final = 1
"""So many years are shown before the present one, and one after it."""


def in_force(current: SchoolYear) -> list[YearInForce]:
    """Return what is in force in the years around the present one, the latest first."""
    years = [SchoolYear(start) for start in range(current.start + 1, current.start - BEFORE - 1, -1)]
    return [
        YearInForce(year, {one.kind.value: _asking(one.versions) for one in listed_kinds(year)}, chart_of(year) != national_chart())
        for year in years
    ]


def _asking(versions: list[Listed]) -> Listed | None:
    return next((one for one in versions if one.asks), None)
