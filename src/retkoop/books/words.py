"""Short words about an operation, for toasts and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest

from retkoop.books.models import Operation
from retkoop.books.split import remainder_of
from retkoop.books.values import operation_value
from retkoop.domain.entry import KIND_LABELS, Kind
from retkoop.domain.money import Cents, format_amount

_LEVELS: Final = {"good": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}


@dataclass(frozen=True)
class Word:
    """A word in the corner: its tone, and the address where « Annuler » goes, with what it sends."""

    text: str
    tone: str = "good"
    undo: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def leave_for_next_page(self, request: HttpRequest) -> None:
        """Have the page that comes next say it, where this answer is a redirection."""
        messages.add_message(request, _LEVELS[self.tone], self.text)


def amount_of(row: Operation) -> Cents:
    """Return the sum that an operation is about, as it is typed: a refund is negative, what passes from here to there is not."""
    moved = row.bank + row.cash
    if row.kind == Kind.EXPENSE:
        return -moved
    return moved if row.kind == Kind.RECEIPT else abs(row.bank) or abs(row.cash) or abs(row.regie)


def named(row: Operation) -> str:
    """Name an operation: `Dépense D12, 184,50 €`."""
    return f"{KIND_LABELS[Kind(row.kind)]} {row.piece}".strip() + f", {format_amount(amount_of(row))}"


def noted(row: Operation) -> Word:
    return _kept("C’est noté", row)


def changed(row: Operation) -> Word:
    return _kept("C’est enregistré", row)


def _kept(done: str, row: Operation) -> Word:
    """Say that an operation (with its lines) is saved, and what its split still lacks."""
    said, operation = f"{done} : {named(row)}.", operation_value(row)
    if operation.remainder == 0:
        return Word(said)
    if not operation.parts:
        return Word(f"{said} Il reste à choisir un compte.", "warn")
    return Word(f"{said} La répartition n’est pas juste : {remainder_of(operation).text.lower()}.", "warn")


def deleted(row: Operation) -> str:
    return f"Supprimée : {named(row)}."


def restored(row: Operation) -> str:
    return f"Rétablie : {named(row)}."
