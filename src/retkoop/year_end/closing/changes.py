"""What has changed in a book since a place of its coop's chain: by it a signature holds, or is void."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.books.vocabulary import vocabulary

_NEUTRAL: Final = (
    "closing.",
    "cra.begun",
    "cra.finished",
    "cra.reopened",
    "document.received",
    "document.read",
    "entry.",
    "handover.",
    "help.",
    "remark.",
    "review.",
    "seal.",
    "signature.",
    "verifier.",
)
"""What is done around the accounts and changes nothing that was signed; one more document takes nothing away either. Of a CRA, only
another answer is another CRA."""

_ASIDE: Final = frozenset({"statement_document", "sealed_at", "opening_follows"})
"""Columns of a book that tell of documents, of the closing itself, and of where its opening comes from."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a book, as the history tells it."""

    at: datetime
    who: str
    what: str


def changes_since(book: Book, sequence: int) -> list[Change]:
    """Return what was changed in a book by the events of its coop's chain after `sequence`, the oldest first.

    Events whose content was erased (RGPD) cannot be told apart, and count.
    """
    events = AuditEvent.objects.filter(chain=book.coop.chain, sequence__gt=sequence).order_by("sequence")
    rows = events.values_list("at", "actor_name", "action", "subject", "before", "after")
    return [
        Change(at, who, _told(action, subject, after or before or {}))
        for at, who, action, subject, before, after in rows
        if not action.startswith(_NEUTRAL) and _changes(book, subject, before, after)
    ]


def _changes(book: Book, subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    model = subject.partition(":")[0]
    state = after or before
    if subject == book.subject:
        return {name for name in (after or {}) if (before or {}).get(name) != (after or {}).get(name)} - _ASIDE != set()
    if state is None:
        return model.startswith(("books.", "banking.", "registers.inventoryitem"))
    if model == "registers.inventoryitem":
        return state.get("coop_id") == book.coop_id and _listed(book, before) != _listed(book, after)
    if model == "archive.document":
        return bool(state.get("coop_id") == book.coop_id and state.get("start") == book.start)
    return state.get("book_id") == book.pk


def _listed(book: Book, good: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what the inventory of a year tells of a good, None where it is not in it; what leaves later is still there."""
    if good is None:
        return None
    first, last = (day.isoformat() for day in (book.year.first_day, book.year.last_day))
    left = good.get("disposed_on") or ""
    if (good.get("bought_on") or "") > last or "" < left < first:
        return None
    untold = {"version"} if "" < left <= last else {"version", "disposed_on", "disposal"}
    return {name: value for name, value in good.items() if name not in untold}


def _told(action: str, subject: str, state: Mapping[str, Any]) -> str:
    words = vocabulary()
    record = words.records.get(subject.partition(":")[0])
    name = record.name(state).strip() if record and record.name and state else ""
    return f"{words.actions.get(action, action)}{f' ({name})' if name else ''}"
