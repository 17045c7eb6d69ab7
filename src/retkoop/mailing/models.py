"""Letters (courriels): what is told by mail, and what became of it. Plumbing: the trail tells the acts of which letters speak.

A letter knows no coop: it carries the name of a chain, by which the rooms above find their own.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Fate(models.TextChoices):
    """What became of a letter."""

    WAITING = "waiting", "en attente"
    SENT = "sent", "envoyé"
    ANSWERED = "answered", "répondu"
    BOUNCED = "bounced", "refusé par le destinataire"
    FAILED = "failed", "abandonné"


class Letter(models.Model):
    """A letter to one address. It waits as long as it has a `next_try_at`.

    `sender`, `reply_to`: the name it comes from and where answers go, where it is not the house's. `token` stands in its Message-ID
    and its return address. The body of a letter that has left is kept where `keeps_body` says so alone: others hold links and codes.
    `postal`: the lines of an address to which it goes on paper; it is then nobody's to send by mail, and counts as sent.
    `unreachable_since`: since when no server takes it; `bounced_at`: refused for this address, at once or by a message that came back.
    """

    address = models.EmailField("destinataire")
    postal = models.CharField("adresse postale", max_length=500, blank=True)
    subject = models.CharField("objet", max_length=300)
    body = models.TextField("texte", blank=True)
    keeps_body = models.BooleanField(default=False)
    sender = models.CharField("expéditeur", max_length=100, blank=True)
    reply_to = models.EmailField("adresse de réponse", blank=True)
    purpose = models.CharField("objet de l’envoi", max_length=40)
    chain = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=24, unique=True)
    queued_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    unreachable_since = models.DateTimeField(null=True)
    error = models.CharField("refus du serveur", max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-queued_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="letter_waiting"),
            models.Index(fields=["chain", "-queued_at"], name="letter_of_a_chain"),
            models.Index(fields=["-queued_at"], name="letter_latest"),
            models.Index(fields=["address", "sent_at"], name="letter_to_an_address"),
            models.Index(fields=["bounced_at"], condition=Q(bounced_at__isnull=False), name="letter_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.address or 'courrier'})"

    @property
    def fate(self) -> Fate:
        if self.bounced_at is not None:
            return Fate.BOUNCED
        if self.answered_at is not None:
            return Fate.ANSWERED
        if self.sent_at is not None:
            return Fate.SENT
        return Fate.WAITING if self.next_try_at is not None else Fate.FAILED

    @property
    def fate_at(self) -> datetime:
        """When it became what it is."""
        return self.bounced_at or self.answered_at or self.sent_at or self.failed_at or self.queued_at


class LetterAnswer(models.Model):
    """What somebody answered to a letter, as text."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="answers")
    received_at = models.DateTimeField()
    sender = models.CharField("de", max_length=254, blank=True)
    text = models.TextField("réponse", blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["received_at", "id"]

    def __str__(self) -> str:
        return f"{self.sender}, {self.received_at:%Y-%m-%d %H:%M}"
