"""Pictures of the accounts, for pupils as well: geometry worked out here, drawn as SVG by `ui/macros/charts.html`.

The drawing stretches with the page, so its words stand beside it as HTML; the same figures follow as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from retkoop.domain.money import Cents, format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import format_long

WIDTH: Final = 1000
HEIGHT: Final = 300
KEYS: Final = "ab"
"""One letter a series: the stylesheet gives each its colour and its stroke."""


@dataclass(frozen=True, slots=True)
class Series:
    """A balance over the year: its name, and its value in cents at the end of each day on which it changed, in order."""

    name: str
    points: tuple[tuple[date, Cents], ...]

    def at(self, day: date) -> Cents:
        """Return the value at the end of `day`: 0 before the first change."""
        return next((value for when, value in reversed(self.points) if when <= day), 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A series as drawn."""

    name: str
    key: str
    path: str
    area: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the drawing, at `y` of HEIGHT, with its label."""

    y: int
    label: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Balances over a school year, ready to draw, with the figures at each month's end."""

    title: str
    description: str
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[tuple[str, tuple[Cents, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and its length, in percent of the longest."""

    label: str
    amount: Cents
    percent: float


@dataclass(frozen=True, slots=True)
class BarChart:
    title: str
    bars: tuple[Bar, ...]
    key: str = "a"


def bar_chart(title: str, figures: Sequence[tuple[str, Cents]], *, key: str = "a") -> BarChart:
    """Draw amounts against the largest of them; a negative one (a refund) has no length."""
    longest = max((amount for _, amount in figures), default=0) or 1
    return BarChart(title, tuple(Bar(label, amount, round(max(amount, 0) * 100 / longest, 1)) for label, amount in figures), key)


def line_chart(title: str, year: SchoolYear, series: Sequence[Series], *, until: date | None = None) -> LineChart:
    """Draw up to two balances over the year, stopping at `until` (today) where the year still runs."""
    last = min(until or year.last_day, year.last_day)
    values = [value for each in series for _, value in each.points]
    step = _step(max([0, *values]) - min([0, *values]))
    lowest, highest = _floor(min([0, *values]), step), -_floor(-max([step, *values]), step)

    def y(value: Cents) -> int:
        return round(HEIGHT * (highest - value) / (highest - lowest))

    drawn = tuple(
        _line(each, key, year, last, [y(0), *(y(value) for _, value in each.points)]) for each, key in zip(series, KEYS, strict=False)
    )
    ticks = tuple(Tick(y(value), f"{value // 100:,} €".replace(",", "\u202f")) for value in range(highest, lowest - 1, -step))
    ends = [end for end in _month_ends(year) if end <= last]
    rows = tuple((format_long(end), tuple(each.at(end) for each in series)) for end in ends)
    return LineChart(title, _describe(series, last), drawn, ticks, rows)


def _line(series: Series, key: str, year: SchoolYear, last: date, heights: Sequence[int]) -> Line:
    """Return the stairs of a balance: it stays until the day it changes."""
    path = f"M0 {heights[0]}"
    for (day, _), height in zip(series.points, heights[1:], strict=True):
        path += f"H{_x(day, year)}V{height}"
    path += f"H{_x(last, year)}"
    return Line(series.name, key, path, f"{path}V{heights[0]}Z")


def _x(day: date, year: SchoolYear) -> int:
    span = (year.last_day - year.first_day).days
    return round(WIDTH * min(max((day - year.first_day).days, 0), span) / span)


def _step(span: Cents) -> Cents:
    """Return a round distance between ticks, so that there are four to six of them: 1, 2 or 5 times a power of ten."""
    step = 10_00
    while span / step > 5:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def _floor(value: Cents, step: Cents) -> Cents:
    return value // step * step


def _month_ends(year: SchoolYear) -> list[date]:
    starts = [date(year.start + (month > 12), (month - 1) % 12 + 1, 1) for month in range(10, 21)]
    return [*(start - timedelta(days=1) for start in starts), year.last_day]


def _describe(series: Sequence[Series], last: date) -> str:
    told = (f"{each.name}\u00a0: {format_amount(each.at(last))}" for each in series)
    return f"Le {format_long(last)}, {', '.join(told)}."
