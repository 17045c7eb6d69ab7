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
    class_named,
)
from retkoop.domain.money import Cents, format_amount

MANY_MEMBERS: Final = 1_000
"""More coopérateurs than nearly any school has: asked to be confirmed."""
_ASK: Final = "écrivez à votre association départementale, qui vérifie avec vous"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong, or surprising, in effectifs; `row` is the place of the class (None: all of them, or the field `field`).

    `about`: the class or the line in words, for where the sentence stands far from it.
    """

    message: str
    row: int | None = None
    field: str = ""
    about: str = ""

    def __str__(self) -> str:
        return f"{self.about}\u202f: {self.message}" if self.about else self.message


def count_refusals(tariff: Tariff, declared: Declared) -> list[Doubt]:
    """Return what keeps effectifs from being declared."""
    empty = "Indiquez des élèves ou des adultes, ou retirez cette classe."
    doubts = [Doubt(empty, row, about=class_named(one.level, one.name)) for row, one in enumerate(declared.classes) if not one.members]
    if not declared.classes:
        doubts.append(Doubt("Indiquez au moins une classe\u202f: son niveau, ses élèves, ses adultes."))
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
            doubts.append(Doubt(_too_much(LARGEST_CONTRIBUTION), field=extra.key, about=extra.label))
        elif extra.basis is Basis.FREE and not extra.optional and not said:
            doubts.append(Doubt("Indiquez un montant.", field=extra.key, about=extra.label))
    return doubts


def count_surprises(declared: Declared) -> list[Doubt]:
    """Return what is declared only once the coop has confirmed it."""
    doubts = [
        Doubt(told, row, about=class_named(one.level, one.name)) for row, one in enumerate(declared.classes) if (told := _surprise(one))
    ]
    if MANY_MEMBERS < declared.members <= MOST_MEMBERS:
        doubts.append(Doubt(f"{_number(declared.members)} coopérateurs en tout\u202f: c’est beaucoup pour une coopérative."))
    return doubts


def _surprise(one: ClassCount) -> str:
    if not one.pupils:
        return "Aucun élève\u202f: est-ce bien une ligne d’adultes seulement\u202f?"
    if max(one.pupils, one.adults) <= LARGEST_CLASS:
        return ""
    told = f"{_number(one.pupils)} élèves" if one.pupils > LARGEST_CLASS else f"{_number(one.adults)} adultes"
    return f"{told}\u202f: c’est beaucoup pour une seule classe."


def _too_much(most: Cents) -> str:
    return f"{format_amount(most)} au plus."


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
