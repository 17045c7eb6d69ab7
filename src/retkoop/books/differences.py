"""What an operation says, for people to read: alone, or beside what someone typed over an older version of it."""

from __future__ import annotations

from retkoop.audit.models import AuditEvent
from retkoop.books.history import Change, changes_between
from retkoop.books.models import Operation
from retkoop.books.queries import chart_of
from retkoop.domain import entry


def differences(row: Operation, typed: entry.Operation) -> tuple[Change, ...]:
    """Return what is typed differently, field by field: `before` is what is saved, `after` what is typed."""
    saved = row.snapshot()
    lines = [[line.account, line.debit, line.credit] for line in entry.lines_of(typed, row.book.bank_account)]
    texts = {name: getattr(typed, name) for name in ("piece", "label", "tiers", "cheque", "project", "classe")}
    moves = {"bank": typed.moves.bank, "cash": typed.moves.cash, "regie": typed.moves.regie}
    said = {**saved, **texts, **moves, "date": typed.date.isoformat(), "lines": lines}
    return changes_between("books.operation", saved, said, chart_of(row.book))


def last_change(row: Operation) -> AuditEvent | None:
    """Return the event that made an operation what it is."""
    return AuditEvent.objects.filter(chain=row.book.coop.chain, subject=row.subject).order_by("-sequence").first()


def facts(row: Operation) -> tuple[Change, ...]:
    """Return what an operation says, field by field, as `after`."""
    return changes_between("books.operation", dict.fromkeys(row.snapshot()), row.snapshot(), chart_of(row.book))
