"""What an operation says, for people to read: alone, or beside what someone typed over an older version of it.

Only what was typed stands against what is saved now: what someone left as their form showed it takes what others made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from retkoop.audit.models import AuditEvent
from retkoop.books.history import Change, changes_between
from retkoop.books.models import Operation
from retkoop.books.queries import chart_of
from retkoop.books.values import operation_value
from retkoop.domain import entry

_TEXTS: Final = ("piece", "label", "tiers", "cheque", "project", "classe")


def merged(row: Operation, typed: entry.Operation, version: int) -> entry.Operation:
    """Return what is saved with what was typed over it, by someone whose form showed an older version.

    All that was typed, where the trail no longer tells what that version said.
    """
    saved, shown = operation_value(row), _as_of(row, version)
    if shown is None:
        return typed
    touched = {name: getattr(typed, name) for name in ("date", *_TEXTS) if getattr(typed, name) != getattr(shown, name)}
    return replace(saved, **touched, **_sums(shown, saved, typed))


def _sums(shown: entry.Operation, saved: entry.Operation, typed: entry.Operation) -> dict[str, Any]:
    """Return what moved and its split, which go together; another account alone goes with the amount that is saved."""
    if (typed.moves, typed.parts) == (shown.moves, shown.parts):
        return {}
    if typed.moves == shown.moves and len(typed.parts) == len(saved.parts) == 1:
        return {"parts": (replace(saved.parts[0], account=typed.parts[0].account),)}
    return {"moves": typed.moves, "parts": typed.parts}


def _as_of(row: Operation, version: int) -> entry.Operation | None:
    """Return what an operation said in one of its versions, as the trail tells it."""
    events = AuditEvent.objects.filter(chain=row.book.coop.chain, subject=row.subject).order_by("-sequence")
    states = (event.after for event in events if event.after)
    return next((_value(row, state) for state in states if state["version"] == version), None)


def _value(row: Operation, state: Mapping[str, Any]) -> entry.Operation:
    moves, parts = entry.moves_and_parts(entry.Line(*line) for line in state["lines"])
    texts = {name: state[name] for name in _TEXTS}
    return entry.Operation(key=row.pk, date=date.fromisoformat(state["date"]), moves=moves, parts=parts, **texts)


def differences(row: Operation, typed: entry.Operation) -> tuple[Change, ...]:
    """Return what is typed differently, field by field: `before` is what is saved, `after` what is typed."""
    saved = row.snapshot()
    lines = [[line.account, line.debit, line.credit] for line in entry.lines_of(typed, row.book.bank_account)]
    texts = {name: getattr(typed, name) for name in _TEXTS}
    moves = {"bank": typed.moves.bank, "cash": typed.moves.cash, "regie": typed.moves.regie}
    said = {**saved, **texts, **moves, "date": typed.date.isoformat(), "lines": lines}
    return changes_between("books.operation", saved, said, chart_of(row.book))


def last_change(row: Operation) -> AuditEvent | None:
    """Return the event that made an operation what it is."""
    return AuditEvent.objects.filter(chain=row.book.coop.chain, subject=row.subject).order_by("-sequence").first()


def facts(row: Operation) -> tuple[Change, ...]:
    """Return what an operation says, field by field, as `after`."""
    return changes_between("books.operation", dict.fromkeys(row.snapshot()), row.snapshot(), chart_of(row.book))
