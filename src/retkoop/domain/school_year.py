"""School year (exercice): 1 September to 31 August, named "2025-2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_DAY: Final = date(1948, 9, 1)
LAST_DAY: Final = date(2200, 8, 31)
"""OCCE's own bounds of a school year: a date beyond is a slip of the keyboard, and no other year of the same coop."""

KEPT_YEARS: Final = 10
"""Years for which accounts and vouchers are kept, Code de commerce, art. L123-22."""

_NAME = re.compile(r"(\d{4})-(\d{4})", re.ASCII)


class InvalidSchoolYear(ValueError):
    """Not the name of a school year; the message says so in French."""


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """An accounting year of a coop, known by the calendar year in which it starts."""

    start: int

    @classmethod
    def parse(cls, name: str) -> SchoolYear:
        """Read "2025-2026". Raises InvalidSchoolYear for anything else, also for two years that do not follow."""
        found = _NAME.fullmatch(name)
        if found is None or int(found[2]) != int(found[1]) + 1 or not FIRST_DAY.year <= int(found[1]) < LAST_DAY.year:
            raise InvalidSchoolYear(f"« {name} » n’est pas une année scolaire. Écrivez par exemple 2025-2026.")
        return cls(int(found[1]))

    @classmethod
    def containing(cls, day: date) -> SchoolYear:
        """Return the year in which `day` falls: 31 August ends one, 1 September starts the next."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def first_day(self) -> date:
        return date(self.start, 9, 1)

    @property
    def last_day(self) -> date:
        return date(self.start + 1, 8, 31)

    @property
    def kept_until(self) -> date:
        """The last day on which the accounts and the vouchers of the year must be kept: ten years (Code de commerce, art. L123-22)."""
        return date(self.start + 1 + KEPT_YEARS, 8, 31)

    @property
    def previous(self) -> SchoolYear:
        return SchoolYear(self.start - 1)

    @property
    def next(self) -> SchoolYear:
        return SchoolYear(self.start + 1)

    def __contains__(self, day: date) -> bool:
        return self.start == (day.year if day.month >= 9 else day.year - 1)

    def __str__(self) -> str:
        return f"{self.start}-{self.start + 1}"
