"""The registers beside the cahier: durable goods, subsidies and what they paid, deliberations.

They name operations by their keys alone (no constraint in the database): an operation that is deleted and brought back has
the same key, so its lines in the registers are tied to it again, and nothing of them is lost in between.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from retkoop.archive.models import Document
from retkoop.audit.models import Audited
from retkoop.books.models import Book, Operation
from retkoop.network.models import Coop


class Disposal(models.TextChoices):
    """What became of a good that the coop holds no more."""

    SOLD = "sold", "Vendu"
    GIVEN = "given", "Donné"
    STOLEN = "stolen", "Volé"
    BROKEN = "broken", "Cassé"
    SCRAPPED = "scrapped", "Mis au rebut"


class InventoryItem(Audited):
    """A durable good of the coop, from its purchase to its disposal, whatever the years between; `value` in cents."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    operation = models.ForeignKey(Operation, models.DO_NOTHING, null=True, related_name="inventory_items", db_constraint=False)
    bought_on = models.DateField("date d’achat")
    label = models.CharField("bien", max_length=200)
    value = models.BigIntegerField("valeur")
    place = models.CharField("où il est", max_length=120, blank=True)
    photo = models.ForeignKey(Document, models.PROTECT, null=True, related_name="inventory_items")
    disposed_on = models.DateField("date de sortie", null=True)
    disposal = models.CharField("sortie", max_length=10, choices=Disposal, blank=True)
    note = models.CharField("remarque", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["bought_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="item_leaves_in_some_way",
                condition=Q(disposed_on__isnull=True, disposal="") | (Q(disposed_on__isnull=False) & ~Q(disposal="")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["coop", "bought_on", "id"], name="item_shelf")]

    def __str__(self) -> str:
        return self.label


class Subsidy(Audited):
    """A line of the table of subsidies: the grant that an operation received, in cents, and when it was justified."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="subsidies", db_index=False)
    operation = models.ForeignKey(Operation, models.DO_NOTHING, related_name="subsidies", db_constraint=False)
    body = models.CharField("organisme", max_length=120)
    purpose = models.CharField("objet", max_length=200)
    amount = models.BigIntegerField("montant")
    notified_on = models.DateField("notifiée le", null=True)
    justify_before = models.DateField("à justifier au plus tard le", null=True)
    justified_on = models.DateField("justifiée le", null=True)
    notification = models.ForeignKey(Document, models.PROTECT, null=True, related_name="subsidies")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "operation"], name="subsidy_one_an_operation"),
            models.CheckConstraint(name="subsidy_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.purpose}"

    @classmethod
    def audited_rows(cls) -> models.QuerySet[Self]:
        return super().audited_rows().prefetch_related("spendings")

    def snapshot(self) -> dict[str, object]:
        """Return the columns and what it paid: the key of each operation, and the cents."""
        own = [spending for spending in self.spendings.all() if spending.coop_id == self.coop_id]
        return {**super().snapshot(), "spendings": [[spending.operation_id, spending.amount] for spending in own]}


class SubsidySpending(models.Model):
    """How much, in cents, a subsidy paid of the charges of an operation; it comes, goes and is traced with its subsidy."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    subsidy = models.ForeignKey(Subsidy, models.CASCADE, related_name="spendings", db_index=False)
    operation = models.ForeignKey(Operation, models.DO_NOTHING, related_name="+", db_constraint=False)
    amount = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["subsidy", "operation"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subsidy", "operation"], name="spending_one_an_operation"),
            models.CheckConstraint(name="spending_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.subsidy_id} {self.operation_id} {self.amount}"


class Meeting(models.TextChoices):
    """Who decided."""

    COOPERATIVE = "cooperative", "Conseil de coopérative"
    TEACHERS = "teachers", "Conseil des maîtres"
    ASSEMBLY = "assembly", "Assemblée"


class Deliberation(Audited):
    """What was decided for the coop, by whom, and the operations (their keys) and projects (their names) that it bears on."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="deliberations", db_index=False)
    date = models.DateField("date")
    kind = models.CharField("réunion", max_length=12, choices=Meeting)
    people = models.TextField("qui était là", blank=True)
    decisions = models.TextField("ce qui a été décidé")
    minutes = models.ForeignKey(Document, models.PROTECT, null=True, related_name="deliberations")
    operations = models.JSONField(default=list)
    projects = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-date", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "-date", "-id"], name="deliberation_shelf")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date}"
