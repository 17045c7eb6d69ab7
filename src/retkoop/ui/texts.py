"""What a line of text may hold, typed in a form or read from a file."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the writing around: a line would show other words or figures than it holds."""


def is_readable(text: str) -> bool:
    """Tell whether all signs of a text can be seen for what they are; line ends and tabs are, control characters are not."""
    if text.isprintable():
        return True
    return not any(sign in _DIRECTIONS or (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\r\n") for sign in text)


def refuse_unreadable(text: str) -> None:
    """Have a form field refuse signs that cannot be seen: one of its `validators`."""
    if not is_readable(text):
        raise ValidationError("Ce texte contient des caractères invisibles\u202f: tapez-le plutôt que de le coller.", code="unreadable")
