"""RNE (or UAI): the number of a school, seven digits and a letter; its first three digits tell the département."""

from __future__ import annotations

import re
from typing import Final

_SHAPE = re.compile(r"\d{7}[A-Z]", re.ASCII)
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PLAIN_PREFIXES = [*range(1, 20), *range(21, 96), *range(971, 977)]
_DEPARTMENTS: Final = {
    **{f"{prefix:03d}": f"{prefix:02d}" for prefix in _PLAIN_PREFIXES},
    "620": "2A",
    "720": "2B",
    "983": "988",
    "984": "987",
    "987": "986",
}


class InvalidRne(ValueError):
    """Not the number of a school; the message says why in French."""


def parse_rne(text: str) -> str:
    """Return the RNE as written. Raises InvalidRne for a wrong shape or a prefix that no département uses.

    A wrong control letter is no error (`0910000A`, which everybody knows, has one): see `has_right_letter`.
    """
    if _SHAPE.fullmatch(text) is None:
        raise InvalidRne(f"« {text} » n’est pas un RNE : sept chiffres puis une lettre majuscule, comme 0910000A.")
    if text[:3] not in _DEPARTMENTS:
        raise InvalidRne(f"« {text} » n’est pas un RNE : aucun département ne commence par {text[:3]}.")
    return text


def looks_like_rne(text: str) -> bool:
    """Tell whether a text has the shape of an RNE, in capitals or not: an identifier that only a coop may bear."""
    return _SHAPE.fullmatch(text.upper()) is not None


def department_of(rne: str) -> str:
    """Return the département ("91", "2A", "974") of a valid RNE."""
    return _DEPARTMENTS[rne[:3]]


def control_letter(digits: str) -> str:
    """Return the letter that the seven digits ask for: their value modulo 23 in the alphabet without I, O and Q."""
    return _LETTERS[int(digits) % 23]


def has_right_letter(rne: str) -> bool:
    """Tell whether the control letter of a valid RNE is the right one. Only ever a warning."""
    return control_letter(rne[:7]) == rne[7]
