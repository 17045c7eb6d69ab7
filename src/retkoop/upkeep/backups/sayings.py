from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retkoop.ui.templates import plural

_WORDS: Final = {"coops": "coopérative", "books": "cahier", "operations": "opération", "documents": "document"}


def said_of(counts: Mapping[str, int]) -> str:
    """Say what a backup holds: `12 coopératives, 14 cahiers, 830 opérations, 37 documents`."""
    return ", ".join(plural(counts.get(name, 0), word) for name, word in _WORDS.items())
