"""Days (dates) as the French write them, and as people type them in a cahier: 14/11 is enough, the school year knows the rest; and
14 alone, beside a day already there.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

from retkoop.domain.dates import MONTHS
from retkoop.domain.school_year import FIRST_DAY, LAST_DAY, SchoolYear

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_FRENCH = re.compile(r"(?P<day>\d{1,2})[\s/.-]+(?P<month>\d{1,2})(?:[\s/.-]+(?P<year>\d{4}|\d{2}))?[/.]?", re.ASCII)
_ALONE = re.compile(r"\d{1,2}", re.ASCII)
_RUN = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})?", re.ASCII)


class InvalidDay(ValueError):
    """What was typed is not a day; the message says why, in French, for the person who typed it."""


def parse_day(text: str, year: SchoolYear | None = None, near: date | None = None) -> date:
    """Read `14/11/2025`, `14.11.25`, `14 11`, `141125` or `2025-11-14`; day and month alone fall in `year`, a day alone in `near`'s month.

    Raises InvalidDay: not a date, a day that does not exist, no year to complete it with, or a year that no coop has seen.
    """
    typed = text.strip()
    if not typed:
        raise InvalidDay(f"Indiquez une date, par exemple {_example(year)}.")
    if near and _ALONE.fullmatch(typed):
        typed = f"{typed}/{near.month}/{near.year}"
    found = _ISO.fullmatch(typed) or _FRENCH.fullmatch(typed) or _RUN.fullmatch(typed)
    if found is None:
        raise InvalidDay(f"Cette date n’est pas lisible. Écrivez par exemple {_example(year)}.")
    month = int(found["month"])
    calendar_year = _calendar_year(found["year"], month, year)
    try:
        day = date(calendar_year, month, int(found["day"]))
    except ValueError:
        raise InvalidDay("Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois.") from None
    return checked(day)


def checked(day: date) -> date:
    """Return a day that a coop may have seen. Raises InvalidDay."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidDay("Cette année n’est pas plausible. Vérifiez-la.")
    return day


def _example(year: SchoolYear | None) -> str:
    return f"14/11/{year.start if year else 2025}"


def _calendar_year(typed: str | None, month: int, year: SchoolYear | None) -> int:
    if typed:
        return int(typed) + (2000 if len(typed) == 2 else 0)
    if year is None:
        raise InvalidDay(f"Indiquez aussi l’année, par exemple {_example(None)}.")
    return year.start if month >= 9 else year.start + 1


def format_short(day: date) -> str:
    """Write `12/11`, where the year is plain."""
    return f"{day.day:02d}/{day.month:02d}"


def format_full(day: date) -> str:
    """Write `12/11/2025`, the form that fields take."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long(day: date) -> str:
    """Write `12 novembre 2025`, with `1er` for the first of a month."""
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first}\u00a0{MONTHS[day.month - 1]} {day.year}"


def format_moment(at: datetime) -> str:
    """Write `12 novembre 2025 à 8 h 05`, on the clocks of the installation."""
    local = timezone.localtime(at)
    return f"{format_long(local.date())} à {local.hour}\u00a0h\u00a0{local.minute:02d}"
