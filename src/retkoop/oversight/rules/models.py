"""How far the worker is with the books: held against other rules before they are kept, made again after. Nobody writes here: no trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation

_PATIENCE: Final = timedelta(minutes=10)


def _is_heard(finished_at: datetime | None, beat_at: datetime) -> bool:
    """Tell whether something is asked for or under way; a worker of which nothing was heard for ten minutes is waited for no more."""
    return finished_at is None and timezone.now() - beat_at < _PATIENCE


class RulesPreview(models.Model):
    """Other `values` of an AD, or of the federation (no AD), held against all the books of a year before they are kept.

    `last`: the AD and the book that were looked at last. `found`: a coop an item in an AD's (RNE, name, remarks more, remarks less, by
    severity), an AD an item in the federation's (département, coops with more, coops with less).
    """

    association = models.ForeignKey(DepartmentalAssociation, models.CASCADE, null=True, related_name="+")
    start = models.PositiveSmallIntegerField()
    values = models.JSONField()
    asked_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last = models.JSONField(default=list)
    found = models.JSONField(default=list)
    beat_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.association_id} {self.year} {self.done}/{self.total}"

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)

    @property
    def is_awaited(self) -> bool:
        return _is_heard(self.finished_at, self.beat_at)


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
        return _is_heard(self.finished_at, self.beat_at)
