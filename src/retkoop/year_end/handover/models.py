"""The handover of a coop from one mandataire to the next."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from retkoop.archive.models import Document
from retkoop.audit.models import Audited
from retkoop.books.models import Book
from retkoop.domain.handover import CHECKLIST_VERSION
from retkoop.network.models import Coop, Mandate, Role


class HandoverWay(models.TextChoices):
    """How a signature of a handover was given."""

    ACCOUNT = "account", "Dans Retkoop"
    PAPER = "paper", "Signature sur papier"


class Handover(Audited):
    """A passation: who leaves, on what day (their last one), who comes, what was looked at together, who signed.

    `answers` fill the list in (`domain.handover`), `counted` is what was in the cash box, in cents. `facts` are those of the book as
    both sign them: kept at the first signature. `leaving_role` is that of the account of their own by which who leaves opens the coop;
    `renews_account`: the shared account of the school takes a new password, the day after.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="handovers", db_index=False)
    leaving = models.ForeignKey(Mandate, models.PROTECT, related_name="handovers")
    leaving_role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+")
    incoming_name = models.CharField("qui arrive", max_length=150)
    incoming_email = models.EmailField("son adresse", blank=True)
    day = models.DateField("dernier jour")
    renews_account = models.BooleanField(default=True)
    checklist = models.PositiveSmallIntegerField(default=CHECKLIST_VERSION)
    answers = models.JSONField(default=dict)
    counted = models.BigIntegerField("caisse comptée", null=True)
    note = models.TextField("à savoir", blank=True)
    facts = models.JSONField(default=dict)
    leaving_signed_at = models.DateTimeField(null=True)
    leaving_way = models.CharField(max_length=7, choices=HandoverWay, blank=True)
    incoming_signed_at = models.DateTimeField(null=True)
    incoming_way = models.CharField(max_length=7, choices=HandoverWay, blank=True)
    scan = models.ForeignKey(Document, models.PROTECT, null=True, related_name="handovers")
    incoming = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True, help_text="Quand les accès ont changé de mains")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["leaving"], condition=Q(cancelled_at__isnull=True), name="handover_one_a_mandate")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["coop", "-id"], name="handover_coop")]

    def __str__(self) -> str:
        return f"{self.incoming_name} {self.day}"

    @property
    def signed_by_one(self) -> bool:
        return self.leaving_signed_at is not None or self.incoming_signed_at is not None

    @property
    def done(self) -> bool:
        """Both have signed: nothing of it changes any more."""
        return self.leaving_signed_at is not None and self.incoming_signed_at is not None

    @property
    def on_paper(self) -> bool:
        return HandoverWay.PAPER in {self.leaving_way, self.incoming_way}
