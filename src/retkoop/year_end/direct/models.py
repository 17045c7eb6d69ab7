"""The workbooks of the AD, and where each figure of a year stands in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from retkoop.audit.models import Audited
from retkoop.network.models import DepartmentalAssociation


class WorkbookVersion(Audited):
    """A map of an AD's own workbook: a draft until it is published from a school year on, then it never changes.

    `content` is what `domain.workbook` reads; `example` the first rows of the workbook that was shown (`direct.example`): it proves
    nothing, and stays out of the trail.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset({"example"})

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField("version")
    name = models.CharField("fichier", max_length=150)
    content = models.JSONField(default=dict)
    example = models.JSONField(default=dict)
    from_year = models.PositiveSmallIntegerField("à partir de", null=True, help_text="Année civile du 1er septembre")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "number"], name="workbook_one_a_number"),
            models.UniqueConstraint(fields=["association"], condition=Q(published_at__isnull=True), name="workbook_one_draft"),
            models.CheckConstraint(
                name="workbook_published_from_a_year",
                condition=Q(published_at__isnull=True, from_year__isnull=True) | Q(published_at__isnull=False, from_year__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def chain(self) -> str:
        return self.association.chain
