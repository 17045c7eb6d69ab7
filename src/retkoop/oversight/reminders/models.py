"""Campaigns of relances, and to whom each wrote or did not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from retkoop.audit.models import Audited
from retkoop.domain.reminders import KIND, ReminderKind
from retkoop.mailing.models import Letter
from retkoop.network.models import Coop, DepartmentalAssociation


class Audience(models.TextChoices):
    """To whom of a coop a relance goes."""

    SCHOOL = "school", "L’adresse officielle de l’école"
    MANDATAIRE = "mandataire", "Le mandataire, à son adresse personnelle"
    PEOPLE = "people", "Toutes les personnes qui tiennent les comptes"


class Way(models.TextChoices):
    """How a coop is told."""

    MAIL = "mail", "Courriel"
    POST = "post", "Courrier"


class Campaign(Audited):
    """A relance of an AD: what, in which words, to whom. Planned until it starts; from then on its coops are fixed.

    `chosen`: the RNEs that somebody picked ([]: all those that the kind concerns on its day); `rnes`: those to which it goes.
    `start`: the first year of the school year of which it speaks, known once it starts. `switched_off`: it does not leave on its day.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="campaigns", db_index=False)
    kind = models.CharField("objet", max_length=20)
    headline = models.CharField("objet du courriel", max_length=200)
    text = models.TextField("texte")
    deadline = models.DateField("date limite", null=True)
    audience = models.JSONField("destinataires", default=list)
    chosen = models.JSONField("coopératives choisies", default=list)
    made_by = models.CharField("par", max_length=150)
    made_at = models.DateTimeField()
    planned_on = models.DateField("prévue le", null=True)
    switched_off = models.BooleanField("suspendue", default=False)
    start = models.PositiveSmallIntegerField(null=True, help_text="Année civile du 1er septembre")
    rnes = models.JSONField("coopératives", default=list)
    started_at = models.DateTimeField("partie", null=True)
    stopped_at = models.DateTimeField("arrêtée", null=True)
    finished_at = models.DateTimeField("finie", null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["association", "-made_at"], name="campaign_latest"),
            models.Index(fields=["planned_on"], condition=models.Q(started_at=None), name="campaign_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"

    @property
    def chain(self) -> str:
        return self.association.chain

    @property
    def about(self) -> ReminderKind:
        return KIND[self.kind]

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.finished_at is None and self.stopped_at is None


class Reminder(Audited):
    """One address of a coop in a campaign: a letter to it, or why there is none (`reason`); or a letter on paper to the coop itself.

    The letter tells the rest.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="reminders", db_index=False)
    coop = models.ForeignKey(Coop, models.PROTECT, related_name="reminders")
    way = models.CharField("moyen", max_length=10, choices=Way, default=Way.MAIL)
    address = models.EmailField("adresse", blank=True)
    reason = models.CharField("laissée de côté", max_length=200, blank=True)
    made_at = models.DateTimeField()
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="+")

    unaudited: ClassVar[frozenset[str]] = frozenset({"letter_id"})
    """Letters are erased after 400 days, what was sent to whom is not."""

    class Meta:
        ordering: ClassVar[list[str]] = ["coop__rne", "address", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "coop", "way", "address"], name="reminder_once_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.coop_id} {self.address}"

    @property
    def chain(self) -> str:
        return self.campaign.chain

    @classmethod
    def audited_rows(cls) -> models.QuerySet[Reminder]:
        return cls.objects.order_by("pk").select_related("campaign__association")
