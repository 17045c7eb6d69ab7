"""Reading settings: what stands in a year, whose it is, who set it last, all that it has been."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from retkoop.audit.models import AuditEvent
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation, Setting
from retkoop.network.queries import NATIONAL, given_settings
from retkoop.oversight.rules.groups import Item


@dataclass(frozen=True, slots=True)
class Line:
    """A setting in a year: its value, whether it is the AD's own, the national one; who set it last, as the trail tells (None: nobody)."""

    item: Item
    year: SchoolYear
    value: Any
    national: Any
    is_own: bool
    told: AuditEvent | None

    @property
    def written(self) -> str:
        return self.item.written(self.value, self.year)

    @property
    def national_written(self) -> str:
        return self.item.written(self.national, self.year)


def lines_of(association: DepartmentalAssociation | None, year: SchoolYear, items: Iterable[Item]) -> dict[str, Line]:
    """Return the settings of an AD (or of the federation) in a year, by name, in three queries."""
    items = list(items)
    given = given_settings(association, year)
    rows = list(_rows(association, [item.name for item in items]).filter(from_year__lte=year.start))
    latest = {row.name: row for row in sorted(rows, key=lambda row: (row.association_id is not None, row.from_year))}
    told = _last_events(latest.values())
    return {
        item.name: Line(
            item,
            year,
            given.value(item.name),
            given.national_value(item.name),
            item.name in given.own,
            told.get(latest[item.name].subject) if item.name in latest else None,
        )
        for item in items
    }


def _rows(association: DepartmentalAssociation | None, names: Iterable[str]) -> QuerySet[Setting]:
    return Setting.objects.filter(Q(association=association) | Q(association=None), name__in=list(names))


def _last_events(rows: Iterable[Setting]) -> dict[str, AuditEvent]:
    events = AuditEvent.objects.filter(subject__in=[row.subject for row in rows]).defer("before", "after").order_by("sequence")
    return {event.subject: event for event in events}


@dataclass(frozen=True, slots=True)
class Moment:
    """One change of a setting: when, by whom, from which year on, to what; `national`: the federation's.."""

    at: datetime
    by: str
    year: SchoolYear
    national: bool
    written: str


def history_of(association: DepartmentalAssociation | None, item: Item) -> list[Moment]:
    """Return all that a setting has been, the latest first."""
    rows = {row.subject: row for row in _rows(association, [item.name])}
    events = AuditEvent.objects.filter(subject__in=list(rows)).order_by("-at", "-sequence")
    return [_moment(event, rows[event.subject], item) for event in events]


def _moment(event: AuditEvent, row: Setting, item: Item) -> Moment:
    year = SchoolYear(row.from_year)
    if event.after is None:
        written = "effacé"
    elif event.after["value"] == NATIONAL:
        written = "la valeur nationale"
    else:
        written = item.written(event.after["value"], year)
    return Moment(event.at, event.actor_name, year, row.association_id is None, written)
