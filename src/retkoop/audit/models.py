"""The trail: append-only events in hash chains, one chain a coop, an AD, or the federation."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from retkoop.domain.trail import GENESIS, Link

ERASED = "content.erased"
"""The action that tells the erasure of what an event held (RGPD)."""

_JSON_TYPES = frozenset({str, int, bool})


class Audited(models.Model):
    """A record whose every change is in the trail.

    Its snapshot holds all its columns but those named in `unaudited`, so that no column is forgotten.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    @classmethod
    def audited_rows(cls) -> models.QuerySet[Self]:
        """Return all records with what their snapshot needs, for verification."""
        return cls._default_manager.order_by("pk")

    @property
    def subject(self) -> str:
        """How the trail names this record."""
        return f"{self._meta.label_lower}:{self.pk}"

    def snapshot(self) -> dict[str, object]:
        """Return the audited columns as JSON values."""
        return {
            field.attname: _plain(getattr(self, field.attname))
            for field in self._meta.concrete_fields
            if field.attname not in self.unaudited
        }

    @classmethod
    def unset(cls, name: str) -> object:
        """Return what a snapshot tells of `name` in a record that is older than this column: its default, or no rows of its own."""
        field = next((field for field in cls._meta.concrete_fields if field.attname == name), None)
        return [] if field is None else _plain(field.get_default())


def _plain(value: object) -> object:
    if value is None or type(value) in _JSON_TYPES:
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


class Chain(models.Model):
    """The head of one chain. Its row is the lock under which a coop's writes queue, and proof that no tail was cut."""

    name = models.CharField(max_length=40, primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """One link: who did what to which record, in which role, when, and the state before and after.

    `before` and `after` can be erased (RGPD): the digests stay, and with them the chain. `submission` is the
    idempotency key of the form that did it.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    before_digest = models.CharField(max_length=64, blank=True)
    after_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    submission = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["chain", "sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_one_event_a_place")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "sequence"], name="audit_subject"),
            models.Index(fields=["role", "chain", "sequence"], name="audit_role"),  # who wrote in a coop's books from afar
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.sequence} {self.action}"

    def link(self) -> Link:
        """Return what the hash of this event covers."""
        return Link(
            chain=self.chain_id,
            sequence=self.sequence,
            at=self.at,
            actor=f"{self.actor_id or 0} {self.actor_name}",
            role=self.role,
            action=self.action,
            subject=self.subject,
            before_digest=self.before_digest,
            after_digest=self.after_digest,
            previous_hash=self.previous_hash,
            submission=str(self.submission or ""),
        )
