"""Made-up schools: a name, a commune, a mandataire. Pure; no real school is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from retkoop.domain.rne import control_letter

PREFIXES: Final = tuple(f"{prefix:03d}" for prefix in (*range(1, 20), *range(21, 96)))
"""The first three digits of an RNE, for the départements of the mainland."""

_KINDS: Final = ("École élémentaire", "École primaire", "École maternelle", "École élémentaire", "École")
_PATRONS: Final = (
    "Jules Ferry", "Jean Jaurès", "Louis Pasteur", "Victor Hugo", "Marie Curie", "Jacques Prévert", "Antoine de Saint-Exupéry",
    "Joliot-Curie", "Paul Éluard", "Célestin Freinet", "Pauline Kergomard", "Jean de La Fontaine", "Simone Veil", "Lucie Aubrac",
    "du Centre", "du Moulin", "des Marronniers", "des Peupliers", "de la Fontaine", "du Parc", "Les Hirondelles", "Les Coquelicots",
)  # fmt: skip
_PLACES: Final = (
    "Montreuil",
    "Villeneuve",
    "Beaulieu",
    "Saint-Aubin",
    "Bellefontaine",
    "Courcelles",
    "Marigny",
    "Vaucresson",
    "Chaumont",
    "Larochette",
)
_BESIDE: Final = (
    "le-Bois",
    "sur-Loire",
    "la-Rivière",
    "les-Vignes",
    "en-Plaine",
    "le-Château",
    "sous-Bois",
    "le-Grand",
    "aux-Prés",
    "la-Forêt",
)
_LARGE: Final = frozenset({"Montreuil", "Villeneuve"})
"""Places with more schools than one inspecteur follows."""
_QUARTERS: Final = ("Nord", "Sud")
_FIRST_NAMES: Final = (
    "Claire",
    "Sophie",
    "Nadia",
    "Julien",
    "Marc",
    "Élodie",
    "Karim",
    "Hélène",
    "Thomas",
    "Céline",
    "Awa",
    "Pierre",
    "Mélanie",
    "Yann",
)
_LAST_NAMES: Final = (
    "Perrin",
    "Moreau",
    "Benali",
    "Lefèvre",
    "Garnier",
    "Diallo",
    "Rousseau",
    "Marchand",
    "Le Goff",
    "Fontaine",
    "Barbier",
    "Nguyen",
)
_FIRST_NUMBER: Final = 7_000
MOST: Final = 3_000
"""Numbers from here on are made up; those of a département that are taken already are passed over."""


@dataclass(frozen=True, slots=True)
class MadeUpSchool:
    """A school with its coop: what the AD knows of it."""

    rne: str
    name: str
    commune: str
    mandataire: str
    circonscription: str = ""


def made_up_schools(chance: Random, prefixes: Collection[str], taken: Collection[str]) -> Iterator[MadeUpSchool]:
    """Yield schools, one in each département in turn, until there are MOST in each; `prefixes` are the first three digits of their RNE."""
    for number in range(_FIRST_NUMBER, _FIRST_NUMBER + MOST):
        for prefix in prefixes:
            digits = f"{prefix}{number:04d}"
            rne = digits + control_letter(digits)
            if rne not in taken:
                yield _school(chance, rne)


def _school(chance: Random, rne: str) -> MadeUpSchool:
    place = chance.choice(_PLACES)
    return MadeUpSchool(
        rne=rne,
        name=f"{chance.choice(_KINDS)} {chance.choice(_PATRONS)}",
        commune=f"{place}-{chance.choice(_BESIDE)}",
        mandataire=f"{chance.choice(_FIRST_NAMES)} {chance.choice(_LAST_NAMES)}",
        circonscription=f"{place} {chance.choice(_QUARTERS)}" if place in _LARGE else place,
    )
