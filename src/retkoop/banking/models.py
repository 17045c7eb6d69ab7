"""Bank statements, the ticks of operations against them, cash counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from retkoop.audit.models import Audited
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.network.models import Coop


class BankStatement(Audited):
    """A statement of the coop's account: its number, its date and its balance in cents. Closed, it ticks no more."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="statements")
    number = models.CharField("numéro", max_length=30, blank=True)
    date = models.DateField("date du relevé")
    account_balance = models.BigIntegerField("solde du relevé")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["date", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [models.UniqueConstraint(fields=["book", "date"], name="statement_one_a_date")]

    def __str__(self) -> str:
        return f"{self.number} {self.date}"


class Pointing(Audited):
    """A tick: this operation, or this item carried from a former year, stands on that statement."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="pointings")
    operation = models.OneToOneField(Operation, models.PROTECT, null=True, related_name="pointing")
    carried_item = models.OneToOneField(CarriedItem, models.PROTECT, null=True, related_name="pointing")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="pointing_of_one_thing",
                condition=Q(operation__isnull=False, carried_item__isnull=True) | Q(operation__isnull=True, carried_item__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.operation_id or self.carried_item_id}"


class CashCountRecord(Audited):
    """A count of the cash box on a day: so many of each note and coin ({denomination in cents: how many})."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="cash_counts")
    day = models.DateField("date du comptage")
    quantities = models.JSONField()
    counted = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.day} {self.counted}"
