"""Days on which euros move between banks: the calendar of T2 (TARGET), and the delays of a direct debit (prélèvement SEPA).

Source: European Central Bank, T2 calendar: closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_FIXED: Final = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
_DAY: Final = timedelta(days=1)


def easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (Butcher's algorithm)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_target_day(day: date) -> bool:
    """Tell whether euros move between banks on a day."""
    if day.weekday() >= 5 or (day.month, day.day) in _FIXED:
        return False
    return day - easter(day.year) not in (timedelta(days=-2), timedelta(days=1))


def next_target_day(day: date) -> date:
    """Return the day itself where euros move on it, else the next one on which they do."""
    while not is_target_day(day):
        day += _DAY
    return day


def target_days_before(day: date, count: int) -> date:
    """Return the day that is `count` TARGET days before another: the last on which a file that wants D-`count` may be handed in."""
    while count:
        day -= _DAY
        count -= is_target_day(day)
    return day
