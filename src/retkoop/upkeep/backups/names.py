"""Names of backups: they tell when one was made, and so which of them have had their time. Whatever is named otherwise is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

_NAME: Final = re.compile(r"retkoop-(\d{4}-\d{2}-\d{2}-\d{6})\.tar(?:\.age)?", re.ASCII)
_MOMENT: Final = "%Y-%m-%d-%H%M%S"


def name_of(at: datetime, *, encrypted: bool) -> str:
    """Name a backup by the clocks of the installation."""
    return f"retkoop-{at.strftime(_MOMENT)}.tar{'.age' if encrypted else ''}"


def made_at(name: str) -> datetime | None:
    """Return when a backup was made, None for a file that is none of ours."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], _MOMENT) if found else None  # noqa: DTZ007 -- local time, compared among names alone
    except ValueError:
        return None


def outdated(names: Iterable[str], *, last: int, nights: int) -> list[str]:
    """Return which backups to discard: all but the `last` ones, and the last one of each of the last `nights` days.

    The newest always stays.
    """
    dated = sorted(((at, name) for name in names if (at := made_at(name))), reverse=True)
    by_day: dict[date, str] = {}
    for at, name in dated:
        by_day.setdefault(at.date(), name)
    kept = {name for _, name in dated[: max(last, 1)]} | set(list(by_day.values())[:nights])
    return sorted(name for _, name in dated if name not in kept)
