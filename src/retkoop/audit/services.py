"""Writing: one transaction, one lock on the chain, the events of all that was done in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from retkoop.audit.models import ERASED, Audited, AuditEvent, Chain
from retkoop.audit.statements import Insert, Update, prepared
from retkoop.domain.trail import Snapshot, digest


class AlreadySubmitted(Exception):
    """The same form was sent before (double click, resend, back button); `subject` names what it made then."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and in which role. The machine itself has no user."""

    user: AbstractBaseUser | None
    name: str
    role: str


SYSTEM = Author(None, "Retkoop", "system")

_INSERT: Final = Insert(AuditEvent)
_UPDATE_HEAD: Final = Update(Chain, ["sequence", "head"])


@dataclass
class Trail:
    """The events of one transaction, in order, waiting to be chained."""

    author: Author
    at: datetime
    events: list[AuditEvent] = field(default_factory=list)

    def created(self, record: Audited, *, action: str, submission: uuid.UUID | None = None) -> None:
        self._add(action, record.subject, None, record.snapshot(), submission)

    def changed(self, record: Audited, before: Snapshot, *, action: str, submission: uuid.UUID | None = None) -> None:
        """Tell a change. `before` is the snapshot taken ahead of it."""
        self._add(action, record.subject, before, record.snapshot(), submission)

    def deleted(self, subject: str, before: Snapshot | None, *, action: str, submission: uuid.UUID | None = None) -> None:
        self._add(action, subject, before, None, submission)

    def _add(self, action: str, subject: str, before: Snapshot | None, after: Snapshot | None, submission: uuid.UUID | None) -> None:
        self.events.append(
            AuditEvent(
                at=self.at,
                actor_id=self.author.user.pk if self.author.user else None,
                actor_name=self.author.name,
                role=self.author.role,
                action=action,
                subject=subject,
                before=before,
                after=after,
                before_digest=digest(before),
                after_digest=digest(after),
                submission=submission,
            )
        )

    def append_to(self, chain: Chain) -> None:
        """Chain the events behind the head and save them."""
        for event in self.events:
            event.chain = chain
            event.sequence = chain.sequence + 1
            event.previous_hash = chain.head
            event.hash = event.link().hash()
            chain.sequence, chain.head = event.sequence, event.hash
        _INSERT.many(self.events)
        _UPDATE_HEAD.one(chain)


@prepared
def _head(chain: str) -> QuerySet[Chain, tuple[Any, ...]]:
    return Chain.objects.select_for_update().filter(pk=chain).values_list("name", "sequence", "head")


def _locked(chain: str) -> Chain:
    """Return the head of a chain, made where it is missing, and hold it until the transaction ends."""
    for name, sequence, last in _head(chain):
        return Chain(name=name, sequence=sequence, head=last)
    head, _ = Chain.objects.select_for_update().get_or_create(pk=chain)
    return head


@prepared
def _submitted(submission: uuid.UUID) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    return AuditEvent.objects.filter(submission=submission).order_by().values_list("subject")


@contextmanager
def writing(chain: str, author: Author, submission: uuid.UUID | None = None) -> Iterator[Trail]:
    """Open the one transaction of a service verb and yield its trail; all verbs on one chain queue here.

    Raises AlreadySubmitted where `submission` was recorded before: nothing is written a second time.
    """
    with transaction.atomic():
        head = _locked(chain)
        for (done,) in _submitted(submission) if submission else ():
            raise AlreadySubmitted(done)
        trail = Trail(author, timezone.now())
        yield trail
        if trail.events:
            trail.append_to(head)


def erase_content(*, author: Author, event: AuditEvent) -> None:
    """Erase what an event holds of somebody (RGPD): its digests stay, and the chain tells who erased it."""
    with writing(event.chain_id, author) as trail:
        AuditEvent.objects.filter(pk=event.pk).update(before=None, after=None)
        trail.deleted(f"{AuditEvent._meta.label_lower}:{event.pk}", None, action=ERASED)
