"""The inventory as its pages read it: what the coop holds, what has left in a year, what was bought and is not listed yet."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import Q
from django.http import Http404

from retkoop.books.cells import guarded
from retkoop.books.models import Book, Operation
from retkoop.books.page import CoopPage
from retkoop.domain.money import Cents, format_decimal
from retkoop.network.models import Coop
from retkoop.registers.facts import ItemFacts
from retkoop.registers.models import InventoryItem
from retkoop.registers.queries import registers_view
from retkoop.ui.days import format_full

COLUMNS: Final = ("bien", "achete_le", "valeur", "lieu", "piece", "sorti_le", "sortie", "remarque")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A purchase of durable goods that the inventory does not list, or not whole; `amount` is what is missing, in cents."""

    operation: int
    piece: str
    date: date
    label: str
    amount: Cents
    submission: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def facts(self) -> ItemFacts:
        return ItemFacts(self.label, self.date, self.amount)


@dataclass
class Inventory:
    """The inventory on the page of a year: all that the coop holds on its last day (today, in the present one), and what left in it."""

    page: CoopPage

    @property
    def day(self) -> date:
        return min(self.page.today, self.page.year.last_day)

    @cached_property
    def _rows(self) -> list[InventoryItem]:
        year = self.page.year
        there = Q(disposed_on__isnull=True) | Q(disposed_on__gte=year.first_day)
        return list(InventoryItem.objects.filter(there, coop=self.page.coop, bought_on__lte=year.last_day).select_related("photo"))

    @property
    def held(self) -> list[InventoryItem]:
        """A good that leaves in a later year is still there in this one."""
        return [item for item in self._rows if item.disposed_on is None or item.disposed_on > self.page.year.last_day]

    @property
    def gone(self) -> list[InventoryItem]:
        return [item for item in self._rows if item.disposed_on is not None and item.disposed_on <= self.page.year.last_day]

    @property
    def total(self) -> Cents:
        return sum(item.value for item in self.held)

    @cached_property
    def pieces(self) -> dict[int, str]:
        """The pièces of the operations that bought them, by their keys; one that was deleted is not among them."""
        return pieces_of(self.page.coop, [item.operation_id for item in self._rows if item.operation_id is not None])

    @cached_property
    def proposals(self) -> list[Proposal]:
        return proposals_of(self.page.book)


def pieces_of(coop: Coop, keys: Sequence[int]) -> dict[int, str]:
    return dict(Operation.objects.filter(coop=coop, pk__in=keys).values_list("pk", "piece")) if keys else {}


def proposals_of(book: Book) -> list[Proposal]:
    """Return the purchases of a book that the inventory lacks, in the order of their dates."""
    missing = {purchase.operation: purchase.missing for purchase in registers_view(book).purchases if purchase.missing}
    if not missing:
        return []
    rows = Operation.objects.filter(book=book, pk__in=missing).order_by("date", "pk").values_list("pk", "piece", "date", "label")
    return [Proposal(*row, missing[row[0]]) for row in rows]


def item_of(coop: Coop, key: int) -> InventoryItem:
    """Return a good of a coop, with its photo. Raises Http404."""
    item = InventoryItem.objects.select_related("photo").filter(coop=coop, pk=key).first()
    if item is None:
        raise Http404
    return item


def operation_that_bought(item: InventoryItem) -> Operation | None:
    """Return the operation that bought a good, None where there is none, or it was deleted."""
    if item.operation_id is None:
        return None
    return Operation.objects.select_related("book").filter(coop=item.coop_id, pk=item.operation_id).first()


def csv_of(inventory: Inventory) -> str:
    """Return the inventory of a year as CSV, what left in it at the end: `;`, dates 15/09/2025, amounts 1234,56."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow(COLUMNS)
    table.writerows(_cells(item, inventory.pieces) for item in (*inventory.held, *inventory.gone))
    return written.getvalue()


def _cells(item: InventoryItem, pieces: dict[int, str]) -> list[str]:
    piece = pieces.get(item.operation_id, "") if item.operation_id is not None else ""
    left = format_full(item.disposed_on) if item.disposed_on else ""
    texts = (guarded(item.place), guarded(piece), left, item.get_disposal_display(), guarded(item.note))
    return [guarded(item.label), format_full(item.bought_on), format_decimal(item.value), *texts]
