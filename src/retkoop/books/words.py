"""Short words about an operation, for toasts and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from retkoop.books.models import Operation
from retkoop.domain.entry import KIND_LABELS, Kind
from retkoop.domain.money import Cents, format_amount


@dataclass(frozen=True)
class Word:
    """A word in the corner: its tone, and the address where « Annuler » goes, with what it sends."""

    text: str
    tone: str = "good"
    undo: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def amount_of(row: Operation) -> Cents:
    """Return the sum that an operation is about, without its sign: what went through bank and cash, or the régie alone."""
    return abs(row.bank) or abs(row.cash) or abs(row.regie)


def named(row: Operation) -> str:
    """Name an operation: `Dépense D12, 184,50 €`."""
    return f"{KIND_LABELS[Kind(row.kind)]} {row.piece}".strip() + f", {format_amount(amount_of(row))}"


def noted(row: Operation) -> str:
    return f"C’est noté : {named(row)}."


def changed(row: Operation) -> str:
    return f"C’est enregistré : {named(row)}."


def deleted(row: Operation) -> str:
    return f"Supprimée : {named(row)}."


def restored(row: Operation) -> str:
    return f"Rétablie : {named(row)}."
