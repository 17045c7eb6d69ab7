"""What is said of an import of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retkoop.network.directory import Count
from retkoop.ui.templates import plural

_WORDS: Final[Mapping[Count, tuple[str, str]]] = {
    Count.NEW: ("nouvelle école", "nouvelles écoles"),
    Count.CHANGED: ("école modifiée", "écoles modifiées"),
    Count.CLOSED: ("école fermée depuis", "écoles fermées depuis"),
    Count.UNCHANGED: ("école inchangée", "écoles inchangées"),
    Count.MISSING: ("école connue n’y est plus", "écoles connues n’y sont plus"),
    Count.TWICE: ("ligne en double", "lignes en double"),
    Count.STRANGE: ("service ou territoire laissé de côté", "services ou territoires laissés de côté"),
    Count.ELSEWHERE: ("école d’un autre département laissée de côté", "écoles d’autres départements laissées de côté"),
    Count.REFUSED: ("ligne refusée", "lignes refusées"),
}


def told_counts(counts: Mapping[str, int]) -> list[str]:
    """Say what became of the rows of a file, one phrase a count that is not zero."""
    return [plural(counts[count], *words) for count, words in _WORDS.items() if counts.get(count)]


def told_sentence(counts: Mapping[str, int]) -> str:
    """Say the same as a sentence."""
    phrases = ", ".join(told_counts(counts))
    return f"{phrases}." if phrases else ""
