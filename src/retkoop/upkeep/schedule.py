"""When upkeep is due. Pure: it is told what was done and what time it is.

What a machine missed because it was off (a laptop at night) is due as soon as it is on again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

RETRY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Done:
    """The last run of a kind: when it began, and whether it went well."""

    started: datetime
    ok: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A backup each so many hours (0: at night alone), and what is done at night."""

    hours: int
    night: time
    zone: ZoneInfo

    def last_night(self, now: datetime) -> datetime:
        """Return the last moment at which a night's work was due."""
        today = now.astimezone(self.zone).date()
        tonight = self._night_of(today)
        return tonight if tonight <= now.astimezone(UTC) else self._night_of(today - timedelta(days=1))

    def _night_of(self, day: date) -> datetime:
        """Return the moment in UTC: on the two days a year when clocks jump, local times cannot be compared."""
        return datetime.combine(day, self.night, self.zone).astimezone(UTC)

    def backup_is_due(self, last: Done | None, now: datetime) -> bool:
        """Tell whether to make a backup: none was ever made, an hour or a night has passed, or the last one failed."""
        if last is None:
            return True
        if not last.ok:
            return now - last.started >= RETRY
        return last.started < self.last_night(now) or bool(self.hours and now - last.started >= timedelta(hours=self.hours))

    def verification_is_due(self, last: Done | None, first_backup: datetime | None, now: datetime) -> bool:
        """Tell whether to verify: a night has passed since the last time, or since the installation began to be kept."""
        since = last.started if last else first_backup
        return since is not None and since < self.last_night(now)
