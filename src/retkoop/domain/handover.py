"""Handover (passation): what a mandataire who leaves hands to the one who comes, and what both sign.

The list is versioned: a receipt says which version it answers. A change of the list is a new version, never another meaning of an old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from retkoop.domain.money import Cents

CHECKLIST_VERSION: Final = 1


class HandoverItem(StrEnum):
    """A thing that is handed over, or looked at together."""

    CHEQUEBOOKS = "chequebooks"
    BANK_ACCESS = "bank_access"
    CASH = "cash"
    VOUCHERS = "vouchers"
    INVENTORY = "inventory"
    DOCUMENTS = "documents"
    SUBSIDIES = "subsidies"
    UNPOINTED = "unpointed"


ITEM_LABELS: Final = {
    HandoverItem.CHEQUEBOOKS: "Les chéquiers et la carte sont remis",
    HandoverItem.BANK_ACCESS: "L’accès à la banque est changé",
    HandoverItem.CASH: "La caisse est comptée ensemble",
    HandoverItem.VOUCHERS: "Le classeur et les pièces sont remis",
    HandoverItem.INVENTORY: "L’inventaire est vu",
    HandoverItem.DOCUMENTS: "Les documents sont remis",
    HandoverItem.SUBSIDIES: "Les subventions en cours sont vues",
    HandoverItem.UNPOINTED: "Les opérations non pointées sont vues",
}


class HandoverAnswer(StrEnum):
    """What is said of an item: done, or not concerned (no card, no cash box)."""

    DONE = "done"
    NOT_CONCERNED = "not_concerned"


ANSWER_LABELS: Final = {HandoverAnswer.DONE: "Fait", HandoverAnswer.NOT_CONCERNED: "Sans objet"}


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What the book says on the day of the handover, in cents and in numbers."""

    bank: Cents
    cash: Cents
    regies: Cents
    missing_vouchers: int
    unpointed: int
    subsidies: int


def handover_missing(answers: Mapping[str, str], counted: Cents | None) -> list[str]:
    """Say in French what nobody has answered yet; nothing where both may sign.

    `counted` is what was in the cash box, in cents: it is asked for where the box was counted.
    """
    missing = [f"À répondre\u202f: {label.lower()}." for item, label in ITEM_LABELS.items() if item not in answers]
    if answers.get(HandoverItem.CASH) == HandoverAnswer.DONE and counted is None:
        missing.append("Écrivez combien il y avait dans la caisse.")
    return missing


def cash_gap(facts: HandoverFacts, counted: Cents | None) -> Cents:
    """Return what was counted less what the book says, in cents; nothing where nothing was counted."""
    return 0 if counted is None else counted - facts.cash


def first_day_after(last_day: date) -> date:
    """Return the first day of who comes: the one on which who leaves opens nothing any more."""
    return last_day + timedelta(days=1)
