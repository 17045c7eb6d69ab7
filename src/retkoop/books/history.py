"""The trail of a coop in plain French: who did what, in which role, when, and what it was before.

Each room tells the names and the columns of its records (`vocabulary`); those of no interest to a reader are named as well, so that
a test can hold every audited column to one or the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Page, Paginator

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import history
from retkoop.books.history_words import ON_STATEMENT, ROLES
from retkoop.books.vocabulary import vocabulary
from retkoop.domain.chart import Chart
from retkoop.domain.trail import ABSENT
from retkoop.ui.days import format_full

A_PAGE: Final = 50

POINTINGS: Final = frozenset({"pointing.made", "pointing.removed"})
POINTED: Final = frozenset({"operation.pointed", "operation.unpointed", "carried_item.pointed", "carried_item.unpointed"})
"""What follows from a tick; the tick itself, told just before at the same instant, names the statement."""
REACH: Final = 2000
"""So many events before it a tick is looked for: more than are ticked at once."""
ECHOES: Final = frozenset({"book.told"})
"""What only repeats the event beside it: the book is told of each statement and of each count."""

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A column that changed, as people read it; "" where there was, or is, nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One event: what was done, to what, and what it changed. `erased`: the trail has forgotten the details (RGPD)."""

    action: str
    name: str
    changes: tuple[Change, ...]
    erased: bool

    @property
    def is_change(self) -> bool:
        """Something had a state before and has another one now."""
        return any(change.before for change in self.changes) and any(change.after for change in self.changes)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one person did within a minute. `pointings` counts the ticks, of which the operations ticked say the rest."""

    at: datetime
    actor: str
    role: str
    deeds: tuple[Deed, ...]
    pointings: int


def history_page(chain: str, number: str | None) -> Page[AuditEvent]:
    """Return a page of the trail, the latest first."""
    return Paginator(history(chain), A_PAGE).get_page(number)


def moments(events: Iterable[AuditEvent], chart: Chart) -> list[Moment]:
    """Put together what a person did within a minute, in the order of the events."""
    events = list(events)
    days = _statement_days(events)
    told = (_moment(list(members), chart, days) for _, members in groupby(events, key=_minute))
    return [moment for moment in told if moment.deeds or moment.pointings]


def _minute(event: AuditEvent) -> tuple[datetime, str, str]:
    return event.at.replace(second=0, microsecond=0), event.actor_name, event.role


def _statement_days(events: Sequence[AuditEvent]) -> dict[int, str]:
    """Return the day of the statement on which something was ticked, or no more, by the key of the event: in two queries, or none."""
    pointed = [event for event in events if event.action in POINTED]
    if not pointed:
        return {}
    chain, sequences = pointed[0].chain_id, [event.sequence for event in pointed]
    near = {"sequence__range": (min(sequences) - REACH, max(sequences)), "at__in": {event.at for event in pointed}}
    ticks: dict[tuple[datetime, str], int] = {}
    for tick in AuditEvent.objects.filter(chain=chain, action__in=POINTINGS, **near):
        state = tick.after or tick.before or {}
        for model, column in (("books.operation", "operation_id"), ("books.carrieditem", "carried_item_id")):
            if state.get(column):
                ticks[tick.at, f"{model}:{state[column]}"] = state["statement_id"]
    names = {f"banking.bankstatement:{key}" for key in ticks.values()}
    told = AuditEvent.objects.filter(chain=chain, subject__in=names).order_by("sequence")
    days = {event.subject: state["date"] for event in told if (state := event.after or event.before)}
    found = {event.pk: days.get(f"banking.bankstatement:{ticks.get((event.at, event.subject))}") for event in pointed}
    return {key: format_full(date.fromisoformat(day)) for key, day in found.items() if day}


def _moment(events: list[AuditEvent], chart: Chart, days: Mapping[int, str]) -> Moment:
    first = events[0]
    pointings = sum(event.action in POINTINGS for event in events)
    deeds = tuple(_deed(event, chart, days.get(event.pk)) for event in events if event.action not in POINTINGS | ECHOES)
    return Moment(first.at, first.actor_name, ROLES.get(first.role, first.role), deeds, pointings)


def _deed(event: AuditEvent, chart: Chart, statement: str | None) -> Deed:
    model = event.subject.partition(":")[0]
    state: State = event.after or event.before or {}
    erased = any(state is None and digest != ABSENT for state, digest in _states(event))
    changes = () if erased else changes_between(model, event.before or {}, event.after or {}, chart)
    if statement:
        changes = tuple(Change(ON_STATEMENT, one.before and statement, one.after and statement) for one in changes)
    return Deed(vocabulary().actions.get(event.action, event.action), "" if erased else _name(model, state), changes, erased)


def _states(event: AuditEvent) -> tuple[tuple[State | None, str], tuple[State | None, str]]:
    return (event.before, event.before_digest), (event.after, event.after_digest)


def _name(model: str, state: State) -> str:
    words = vocabulary().records.get(model)
    return words.name(state).strip() if words and words.name else ""


def changes_between(model: str, before: State, after: State, chart: Chart) -> tuple[Change, ...]:
    """Return what differs between two states of a record, for people to read."""
    words = vocabulary().records.get(model)
    if words is None:
        return ()
    named = words.in_name if not (before and after) else frozenset()
    told = (
        Change(label, _written(write, before.get(column), chart), _written(write, after.get(column), chart))
        for column, (label, write) in words.columns.items()
        if before.get(column) != after.get(column) and column not in named
    )
    return tuple(change for change in told if change.before != change.after)


def _written(write: Callable[[Any, Chart], str], value: object, chart: Chart) -> str:
    return "" if value in (None, "") else write(value, chart)
