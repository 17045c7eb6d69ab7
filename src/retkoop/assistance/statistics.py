"""What people ask, in numbers: by check, by page, by theme, by month; how long the first answer takes. Counts only, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from retkoop.assistance.about import ELSEWHERE, PLACES
from retkoop.assistance.models import Message, Theme, Thread
from retkoop.domain.checks import CHECKS
from retkoop.domain.dates import MONTHS
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.templates import plural

RULES: Final[Mapping[str, str]] = {check.code: check.rule for check in CHECKS}


class Asked(NamedTuple):
    """What is counted of one question; `answered_at` is None while nobody has answered."""

    code: str
    place: str
    theme: str
    opened_at: datetime
    closed_at: datetime | None
    answered_at: datetime | None


class Row(NamedTuple):
    """A line of a table: what was asked about, and how often."""

    label: str
    times: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The questions of a school year. `delay` is the median time to the first answer, None where there is none yet."""

    year: SchoolYear
    total: int
    still_open: int
    unanswered: int
    delay: timedelta | None
    by_check: tuple[Row, ...]
    by_page: tuple[Row, ...]
    by_theme: tuple[Row, ...]
    by_month: tuple[Row, ...]

    @property
    def delay_written(self) -> str:
        return "—" if self.delay is None else written_delay(self.delay)


def written_delay(delay: timedelta) -> str:
    """Write how long something took, in the largest unit that says enough: `25 minutes`, `5 heures`, `3 jours`."""
    minutes = round(delay.total_seconds() / 60)
    if minutes < 1:
        return "moins d’une minute"
    if minutes < 60:
        return plural(minutes, "minute")
    hours = round(minutes / 60)
    return plural(hours, "heure") if hours < 48 else plural(round(hours / 24), "jour")


def statistics_of(association: DepartmentalAssociation | None, year: SchoolYear) -> Statistics:
    """Return the statistics of an AD in a school year, of all of them where none is given: in one query."""
    threads = Thread.objects.filter(opened_at__range=_bounds(year))
    if association is not None:
        threads = threads.filter(coop__association=association)
    return counted(year, asked_in(threads))


def _bounds(year: SchoolYear) -> tuple[datetime, datetime]:
    zone, midnight = timezone.get_current_timezone(), datetime.min.time()
    first, after = (datetime.combine(day, midnight, zone) for day in (year.first_day, year.next.first_day))
    return first, after - timedelta(microseconds=1)


def asked_in(threads: QuerySet[Thread]) -> list[Asked]:
    """Return what is counted of some threads."""
    answers = Message.objects.filter(thread=OuterRef("pk"), from_afar=True).order_by("pk").values("at")[:1]
    rows = threads.order_by().annotate(answered_at=Subquery(answers))
    return [Asked(*row) for row in rows.values_list(*Asked._fields).iterator(chunk_size=2000)]


def counted(year: SchoolYear, asked: Iterable[Asked]) -> Statistics:
    """Count questions; rows that come out most often stand first, months in their order."""
    asked = tuple(asked)
    delays = [(one.answered_at - one.opened_at).total_seconds() for one in asked if one.answered_at is not None]
    months = Counter(timezone.localtime(one.opened_at).month for one in asked)
    return Statistics(
        year=year,
        total=len(asked),
        still_open=sum(one.closed_at is None for one in asked),
        unanswered=sum(one.answered_at is None and one.closed_at is None for one in asked),
        delay=timedelta(seconds=median(delays)) if delays else None,
        by_check=_rows(RULES.get(one.code, one.code) for one in asked if one.code),
        by_page=_rows(PLACES.get(one.place, ELSEWHERE)[0] for one in asked if one.place),
        by_theme=_rows(str(Theme(one.theme).label) for one in asked),
        by_month=tuple(Row(MONTHS[month - 1].capitalize(), months[month]) for month in (*range(9, 13), *range(1, 9)) if months[month]),
    )


def _rows(labels: Iterable[str]) -> tuple[Row, ...]:
    return tuple(Row(label, count) for label, count in sorted(Counter(labels).items(), key=lambda pair: (-pair[1], pair[0])))
