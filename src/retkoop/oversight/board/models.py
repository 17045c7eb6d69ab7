"""Who of an AD follows which coop, and the views of the board that people keep."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from retkoop.audit.models import Audited
from retkoop.network.models import Coop, DepartmentalAssociation


class Follow(Audited):
    """The person of an AD who follows a coop: one at the most. Somebody whose role has ended follows nothing any more."""

    coop = models.OneToOneField(Coop, models.PROTECT, related_name="follow")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="follows")

    def __str__(self) -> str:
        return f"{self.coop_id} {self.user_id}"

    @property
    def chain(self) -> str:
        return self.coop.chain


class SavedView(Audited):
    """A view of the board that somebody of an AD keeps for themself: its name, and the query of its address."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("nom", max_length=40)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "association", "name"], name="saved_view_one_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        return self.association.chain
