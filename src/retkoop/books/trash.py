"""The corbeille: operations that were deleted, read from the trail, and can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, Operation
from retkoop.domain.entry import KIND_LABELS, Kind
from retkoop.domain.money import Cents

A_PAGE: Final = 50
COME_BACK: Final = ("operation.deleted", "operation.unimported")
"""How an operation goes that can be brought back. What a compte rendu without cahier leaves behind is no line of one."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A deleted operation: who deleted it and when, what it said, and whether it can be brought back."""

    key: int
    at: datetime
    actor: str
    kind: str
    piece: str
    date: date
    label: str
    tiers: str
    amount: Cents
    returns: bool


def removed_operation(book: Book, key: int) -> Removed | None:
    """Return an operation that the trail last saw deleted from a book, None where it is another story."""
    events = AuditEvent.objects.filter(chain=book.coop.chain, subject=Operation(pk=key).subject)
    last = events.order_by("-sequence").first()
    return _removed(last) if last and last.after is None and last.before and last.before["book_id"] == book.pk else None


def removed_operations(book: Book, number: str) -> Page[Any]:
    """Return a page of the operations that were deleted from a book and not brought back, the latest first."""
    later = AuditEvent.objects.filter(subject=OuterRef("subject"), sequence__gt=OuterRef("sequence"))
    gone = AuditEvent.objects.filter(chain=book.coop.chain, action="operation.deleted", before__book_id=book.pk).exclude(Exists(later))
    page: Page[Any] = Paginator(gone.order_by("-sequence"), A_PAGE).get_page(number)
    page.object_list = [_removed(event) for event in page.object_list]
    return page


def _removed(event: AuditEvent) -> Removed:
    state: Mapping[str, Any] = event.before or {}
    return Removed(
        key=int(event.subject.rpartition(":")[2]),
        at=event.at,
        actor=event.actor_name,
        kind=KIND_LABELS[Kind(state["kind"])],
        piece=state["piece"],
        date=date.fromisoformat(state["date"]),
        label=state["label"],
        tiers=state["tiers"],
        amount=abs(state["bank"]) or abs(state["cash"]) or abs(state["regie"]),
        returns=event.action in COME_BACK,
    )
