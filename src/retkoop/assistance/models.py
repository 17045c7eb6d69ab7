"""Help from afar: threads of questions and answers, who has seen them, who is on a coop's pages, answers kept ready.

A thread names its operation by its key alone, a message its document likewise (no constraint in the database): what is deleted and
brought back has the same key, and a thread forbids nothing in the books.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from retkoop.archive.models import Document
from retkoop.audit.models import Audited
from retkoop.books.models import Book
from retkoop.network.models import FEDERATION_CHAIN, Coop, DepartmentalAssociation


class Theme(models.TextChoices):
    """What people ask about, as they call it."""

    ENTRY = "entry", "Noter une opération"
    BANK = "bank", "La banque"
    CASH = "cash", "La caisse"
    EVIDENCE = "evidence", "Les justificatifs"
    REGISTERS = "registers", "Les registres"
    YEAR_END = "year_end", "La fin de l’année"
    ACCOUNT = "account", "Les connexions et les droits"
    OTHER = "other", "Autre chose"


class Thread(Audited):
    """A question of a coop, with the page, the operation and the check of which it speaks.

    `place` is the URL name of the page, by which questions are counted; `operation` the key of the operation, 0 where it speaks of none;
    `message` what the check said then.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="threads", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="threads", db_index=False)
    path = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=60, blank=True)
    operation = models.BigIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    topic = models.CharField("objet", max_length=150)
    theme = models.CharField("thème", max_length=10, choices=Theme, default=Theme.OTHER)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    opener = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["coop", "-opened_at"], name="thread_coop"),
            models.Index(fields=["coop"], condition=Q(closed_at__isnull=True), name="thread_open"),
            models.Index(fields=["opened_at"], name="thread_opened"),
        ]

    def __str__(self) -> str:
        return self.topic


class Message(Audited):
    """What somebody wrote in a thread, in the role that they had then; `from_afar`: somebody of the AD or of the federation."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    from_afar = models.BooleanField()
    text = models.TextField("message")
    document = models.ForeignKey(Document, models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["thread", "id"], name="message_thread")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.name}"


class ThreadSight(models.Model):
    """How far somebody has read a thread: `message` is the key of the last message that they had before them."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="sights", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    from_afar = models.BooleanField()
    message = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thread", "user", "from_afar"], name="sight_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.name} {self.message}"


class Presence(models.Model):
    """Somebody before a page of a coop: one row a session, renewed while the page is in sight, gone two minutes later.

    `session` is a digest: nobody can log in with it.
    """

    coop = models.ForeignKey(Coop, models.CASCADE, related_name="+", db_index=False)
    session = models.CharField(max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    from_afar = models.BooleanField()
    path = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["coop", "session"], name="presence_once_a_session")
        ]

    def __str__(self) -> str:
        return f"{self.coop_id} {self.name} {self.path}"


class VisitMark(models.Model):
    """How far a coop knows what others changed in its books: `seen` on its first page, `told` by mail, both places of its chain."""

    coop = models.OneToOneField(Coop, models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    told_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.coop_id} {self.seen} {self.told}"


class CannedAnswer(Audited):
    """An answer kept ready by an AD, or by the federation (no AD) for all of them."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, null=True, related_name="+")
    title = models.CharField("titre", max_length=100)
    text = models.TextField("réponse")

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def chain(self) -> str:
        return self.association.chain if self.association else FEDERATION_CHAIN
