"""The national figures that the worker keeps, what is published of them, and what the federation announces."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from retkoop.audit.models import Audited
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN, DepartmentalAssociation


class NationalTotal(models.Model):
    """Kept: the debits and credits of one account over the books of an AD in a year; made again by the worker, so no trail.

    `coops`: how many of them moved it; `largest`: the most that one of them did, debits less credits, without its sign.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.CASCADE, related_name="+", db_index=False)
    start = models.PositiveSmallIntegerField(help_text="Année civile du 1er septembre")
    account = models.CharField(max_length=8)
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()
    coops = models.PositiveIntegerField()
    largest = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "start", "account"], name="national_total_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["start", "account"], name="national_total_year")]

    def __str__(self) -> str:
        return f"{self.association_id} {self.start} {self.account}"


class NationalState(models.Model):
    """Kept: how many coops of an AD are where in a year, as its board says; made again by the worker, so no trail.

    `due`: the last day on which the AD takes the accounts; `first_sent`, `last_sent`: the days of the first and last sending so far.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.CASCADE, related_name="+", db_index=False)
    start = models.PositiveSmallIntegerField(help_text="Année civile du 1er septembre")
    coops = models.PositiveIntegerField()
    activated = models.PositiveIntegerField()
    not_ready = models.PositiveIntegerField()
    ready = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    sent = models.PositiveIntegerField()
    due = models.DateField()
    first_sent = models.DateField(null=True)
    last_sent = models.DateField(null=True)
    help_open = models.PositiveIntegerField()
    help_waiting = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["start", "association"], name="national_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.association_id} {self.start}"


class Summing(models.Model):
    """The one row that says of when the national figures are, and how far the worker is while it makes them again.

    `event`: the last event of the trail that they know; `asked_at`: when somebody asked for them; `begun_at` while they are being made,
    `beat_at` the last sign of life then.
    """

    asked_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    event = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.ended_at}"


class Publication(Audited):
    """The totals of a year as everybody may read them. Made once and kept as they were: two states of it would tell what changed between.

    `figures`: [département, account, coops, cents] a row; the trail holds their digest. `withdrawn_at`: since when nobody is shown
    them; published again, they are the same.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset({"figures"})

    start = models.PositiveSmallIntegerField(unique=True, help_text="Année civile du 1er septembre")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    figures_of = models.DateTimeField("chiffres du")
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField("retirée", null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-start"]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)

    @property
    def chain(self) -> str:
        return FEDERATION_CHAIN


class Readers(models.TextChoices):
    """To whom something is announced."""

    ALL = "all", "Tout le monde"
    COOPS = "coops", "Les coopératives"
    ASSOCIATIONS = "associations", "Les associations départementales"


class Announcement(Audited):
    """A few words of the federation, on the first page of those to whom they are said, from a day to a day, until they have been read."""

    title = models.CharField("titre", max_length=80)
    text = models.CharField("texte", max_length=600)
    readers = models.CharField("pour", max_length=12, choices=Readers)
    first_day = models.DateField("du")
    last_day = models.DateField("au")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-first_day", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="announcement_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def chain(self) -> str:
        return FEDERATION_CHAIN


class AnnouncementRead(models.Model):
    """Somebody has read an announcement and needs it no more. Nobody's accounts: the trail does not hold it."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="reads", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["announcement", "user"], name="announcement_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.user_id}"
