"""The words of a rule, found in what people type: whole, in the singular or the plural, without accents or case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from retkoop.domain.chart import fold

_NOTHING: Final = re.compile(r"(?!)")
_TO: Final = re.compile(r"\bà\b", re.IGNORECASE)


@lru_cache(maxsize=4096)  # as `fold`
def plain(text: str) -> str:
    """Fold a text but for the word « à », which is not a name: a « livret à lire » is no « livret A »."""
    return " à ".join(map(fold, _TO.split(unicodedata.normalize("NFC", text)))).strip()


@lru_cache(maxsize=512)  # a book of 10,000 lines asks for the same few lists of words at every line
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first, so that "livret à colorier" is met before "livret".
    folded = sorted(filter(None, map(plain, phrases)), key=len, reverse=True)
    plurals = [" ".join("[àa]" if word == "à" else f"{re.escape(word)}[sx]?" for word in phrase.split()) for phrase in folded]
    return re.compile(rf"\b(?:{'|'.join(plurals)})\b") if plurals else _NOTHING


def holds(phrases: tuple[str, ...], text: str) -> bool:
    """Tell whether a plain `text` holds one of the phrases."""
    return _pattern(phrases).search(text) is not None


def first_of(phrases: tuple[str, ...], text: str) -> str | None:
    """Return the first of the phrases, as the rule writes it, that a plain `text` holds."""
    if not holds(phrases, text):
        return None
    return next(phrase for phrase in phrases if holds((phrase,), text))


def without(phrases: tuple[str, ...], text: str) -> str:
    """Return a plain `text` less the phrases."""
    return _pattern(phrases).sub(" ", text)
