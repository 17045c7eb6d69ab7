"""One action on many coops, and what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from retkoop.audit.models import Audited
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop, DepartmentalAssociation


class BulkAction(models.TextChoices):
    """What can be done with many coops at once, by the word of the address."""

    ACCEPT = "valider", "Valider les comptes"
    ENTRY = "saisie", "Fermer ou rouvrir la saisie"
    FOLLOW = "confier", "Confier à une personne"
    JOIN = "adhesions", "Valider les adhésions"


class BulkRun(Audited):
    """An action of somebody of an AD on the coops that they chose (`rnes`, in this order), in one school year.

    `choice` is what they filled in, as JSON. The worker does it in their name and role, which it asks for again before each coop.
    `stopped_at`: they stopped it, or `stop_reason` says what did.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="+", db_index=False)
    action = models.CharField("action", max_length=10, choices=BulkAction.choices)
    start = models.PositiveSmallIntegerField("année", help_text="Année civile du 1er septembre")
    choice = models.JSONField("choix", default=dict)
    rnes = models.JSONField("coopératives", default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_by = models.CharField("par", max_length=150)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField("arrêtée", null=True)
    stop_reason = models.CharField("raison de l’arrêt", max_length=300, blank=True)
    finished_at = models.DateTimeField("finie", null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["association", "-made_at"], name="bulk_latest"),
            models.Index(fields=["made_at"], condition=models.Q(finished_at=None, stopped_at=None), name="bulk_running"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.made_at:%Y-%m-%d}"

    @property
    def chain(self) -> str:
        return self.association.chain

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)

    @property
    def is_running(self) -> bool:
        return self.finished_at is None and self.stopped_at is None

    @classmethod
    def audited_rows(cls) -> models.QuerySet[BulkRun]:
        return cls.objects.order_by("pk").select_related("association")


class BulkFate(models.TextChoices):
    """What became of a coop in a run."""

    REFUSED = "refusees", "Non faites"
    DONE = "faites", "Faites"
    ALREADY = "deja", "Déjà ainsi"


class BulkOutcome(models.Model):
    """What became of one coop in a run, written in the transaction of the verb: once. The coop's own chain tells what was done."""

    run = models.ForeignKey(BulkRun, models.PROTECT, related_name="outcomes", db_index=False)
    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    fate = models.CharField(max_length=10, choices=BulkFate.choices)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "coop"], name="bulk_outcome_once_a_coop")
        ]

    def __str__(self) -> str:
        return f"{self.coop_id} {self.fate}"
