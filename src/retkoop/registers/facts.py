"""What people fill in of each register, as values: a verb takes them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from retkoop.books.writable import Refused
from retkoop.domain.money import Cents
from retkoop.registers.models import Deliberation, InventoryItem, Meeting, Subsidy


class RefusedFacts(Refused):
    """Refused for facts that cannot be: `wrong` tells each of them by its name, all at once."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A durable good; `photo_id` is the key of a document."""

    label: str
    bought_on: date
    value: Cents
    place: str = ""
    photo_id: int | None = None
    disposed_on: date | None = None
    disposal: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SubsidyFacts:
    """A line of the table of subsidies; `notification_id` is the key of a document."""

    body: str
    purpose: str
    amount: Cents
    notified_on: date | None = None
    justify_before: date | None = None
    justified_on: date | None = None
    notification_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeliberationFacts:
    """What was decided; `minutes_id` is the key of a document, `operations` those of the operations, `projects` are names."""

    date: date
    kind: Meeting
    decisions: str
    people: str = ""
    minutes_id: int | None = None
    operations: tuple[int, ...] = ()
    projects: tuple[str, ...] = ()


def fill(row: InventoryItem | Subsidy | Deliberation, facts: ItemFacts | SubsidyFacts | DeliberationFacts) -> None:
    """Write what was filled in on its row; nothing is saved."""
    for field in fields(facts):
        value = getattr(facts, field.name)
        setattr(row, field.name, list(value) if isinstance(value, tuple) else value)


def spending_name(operation: int) -> str:
    """Name what a subsidy paid of an operation."""
    return f"montant-{operation}"
