"""How far the worker is in making again what books keep, after a change of the rules. No trail: it is nobody's writing."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation

_PATIENCE: Final = timedelta(minutes=10)


class RulesUpdate(models.Model):
    """The books of an AD from a year on, to be held against its new rules: how many there are, how many are done."""

    association = models.ForeignKey(DepartmentalAssociation, models.CASCADE, related_name="+")
    start = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["association", "-id"], name="rules_update_last")]

    def __str__(self) -> str:
        return f"{self.association_id} {self.year} {self.done}/{self.total}"

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)

    @property
    def is_awaited(self) -> bool:
        """Tell whether it is asked for or under way; a worker of which nothing was heard for ten minutes is waited for no more."""
        return self.finished_at is None and timezone.now() - self.beat_at < _PATIENCE
