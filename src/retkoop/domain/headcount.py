"""Effectifs as a coop declares them for its adhésion: what is refused, what is asked to be confirmed, where in the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from retkoop.domain.fees import (
    LARGEST_CLASS,
    LARGEST_CONTRIBUTION,
    MOST_CLASSES,
    MOST_MAGAZINES,
    MOST_MEMBERS,
    Basis,
    ClassCount,
    Declared,
    Tariff,
)
from retkoop.domain.money import Cents, format_amount

MANY_MEMBERS: Final = 1_000
"""More coopérateurs than nearly any school has: asked to be confirmed."""
_ASK: Final = "écrivez à votre association départementale, qui vérifie avec vous"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong, or surprising, in effectifs; `row` is the place of the class (None: all of them, or the field `field`)."""

    message: str
    row: int | None = None
    field: str = ""


def count_refusals(tariff: Tariff, declared: Declared) -> list[Doubt]:
    """Return what keeps effectifs from being declared."""
    doubts = [Doubt("Indiquez au moins un élève ou un adulte.", row) for row, one in enumerate(declared.classes) if not one.members]
    if not declared.classes:
        doubts.append(Doubt("Indiquez au moins un élève ou un adulte."))
    if declared.members > MOST_MEMBERS:
        told = f"{_number(declared.members)} coopérateurs\u202f: c’est plus que {_number(MOST_MEMBERS)}."
        doubts.append(Doubt(f"{told} Relisez chaque ligne\u202f; si tout est juste, {_ASK}."))
    if len(declared.classes) > MOST_CLASSES:
        doubts.append(Doubt(f"{MOST_CLASSES} classes au plus\u202f: réunissez celles d’un même niveau."))
    return [*doubts, *_beside(tariff, declared)]


def _beside(tariff: Tariff, declared: Declared) -> list[Doubt]:
    doubts = []
    if declared.magazines > MOST_MAGAZINES:
        doubts.append(Doubt(f"{MOST_MAGAZINES} abonnements au plus.", field="magazines"))
    if declared.contribution > LARGEST_CONTRIBUTION:
        doubts.append(Doubt(_too_much(LARGEST_CONTRIBUTION), field="contribution"))
    for extra in tariff.extras:
        said = declared.extras.get(extra.key, 0)
        if extra.basis is Basis.FREE and said > LARGEST_CONTRIBUTION:
            doubts.append(Doubt(_too_much(LARGEST_CONTRIBUTION), field=extra.key))
        elif extra.basis is Basis.FREE and not extra.optional and not said:
            doubts.append(Doubt("Indiquez un montant.", field=extra.key))
    return doubts


def count_surprises(declared: Declared) -> list[Doubt]:
    """Return what is declared only once the coop has confirmed it."""
    doubts = [Doubt(_large(one), row) for row, one in enumerate(declared.classes) if max(one.pupils, one.adults) > LARGEST_CLASS]
    if MANY_MEMBERS < declared.members <= MOST_MEMBERS:
        doubts.append(Doubt(f"{_number(declared.members)} coopérateurs en tout\u202f: c’est beaucoup pour une coopérative."))
    return doubts


def _large(one: ClassCount) -> str:
    named = f"{one.level} {one.name}".strip()
    told = f"{_number(one.pupils)} élèves" if one.pupils > LARGEST_CLASS else f"{_number(one.adults)} adultes"
    return f"{told} dans la classe {named}\u202f: c’est beaucoup pour une seule classe."


def _too_much(most: Cents) -> str:
    return f"{format_amount(most)} au plus."


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
