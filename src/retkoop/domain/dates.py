"""Dates as the French write them, and delays counted from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def format_day(day: date) -> str:
    """Write a day of a year that is known: `3 novembre`, `1er septembre`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"


def format_date(day: date) -> str:
    """Write a date in full: `3 novembre 2025`."""
    return f"{format_day(day)} {day.year}"


def days_after(day: date, days: int) -> date:
    """Return the day so many days later, the last day of the calendar where it would lie beyond."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max


def year_after(day: date) -> date:
    """Return the same day a year later, 28 February for a 29th; the last day of the calendar where it would lie beyond."""
    if day.year == date.max.year:
        return date.max
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
