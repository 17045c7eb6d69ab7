"""Names of people: whether two are the same, however they are typed."""

from __future__ import annotations

import unicodedata
from typing import Final

from retkoop.domain.chart import fold

_TITLES: Final = frozenset(
    {"m", "mm", "mr", "mme", "mmes", "mlle", "mlles", "melle", "melles", "dr", "pr", "me", "docteur", "professeur", "maitre"}
    | {"monsieur", "messieurs", "madame", "mesdames", "mademoiselle", "mesdemoiselles"}
)


def words_of(name: str) -> frozenset[str]:
    """Return what makes a name, whatever its case, accents, order and title: `Mme PERRIN Léa` and `Léa Perrin` are one."""
    return frozenset(name_words(name))


def name_words(name: str) -> list[str]:
    """Return the words of a name in their order; signs that cannot be seen part none, and a title alone is a name."""
    words = fold("".join(sign for sign in name if unicodedata.category(sign) != "Cf")).split()
    return [word for word in words if word not in _TITLES] or words
