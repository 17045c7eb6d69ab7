"""Elision: « de » before the name of a person, a school or a document."""

from __future__ import annotations

from typing import Final

from retkoop.domain.chart import fold

_VOWELS: Final = frozenset("aeiouyh")
"""An h among them: that of French names is mute (Hélène, Hugo, Hervé)."""

_SOUNDED: Final = ("ya", "ye", "yo", "yu")
"""Before these, the y is heard as a consonant."""

_ASPIRATED: Final = frozenset(
    {"hakim", "hakima", "hamid", "hans", "harald", "harold", "harry", "harvey", "heidi", "henk", "hilda", "huang", "hugh"}
)
"""Names of other languages, whose h keeps « de » whole."""


def of(name: str) -> str:
    """Return a name with « de » before it, « d’ » before a vowel or a mute h: `d’Anne`, `d’Hélène`, `de Yann`, `de Paul`."""
    first = fold(name).partition(" ")[0]
    whole = first[:1] not in _VOWELS or first.startswith(_SOUNDED) or first in _ASPIRATED
    return f"de {name}" if whole or not first else f"d’{name}"
