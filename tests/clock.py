"""A clock that tests move; everything of ours asks Django's for the time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    """Stands still until it is moved, so that waits can be told to the second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.time)

    def at(self, hour: int, minute: int) -> None:
        """Move to an hour of today, after which those who were let in today have come."""
        self.time = timezone.localtime(self.time).replace(hour=hour, minute=minute, second=0, microsecond=0)

    def advance(self, **parts: float) -> None:
        self.time += timedelta(**parts)

    def set(self, *parts: int) -> None:
        self.time = datetime(*parts, tzinfo=timezone.get_default_timezone())  # type: ignore[misc,arg-type]  # year, month, day, hour…
