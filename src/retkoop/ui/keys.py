"""Keys of records as addresses and forms tell them."""

from __future__ import annotations

import re
from typing import Final

LARGEST_KEY: Final = 2**63 - 1
"""The largest key that a table can hold."""

_KEY: Final = re.compile(r"\d{1,19}", re.ASCII)


def read_key(text: str) -> int | None:
    """Return the key that a text tells, None for what can be the key of nothing."""
    key = int(text) if _KEY.fullmatch(text) else None
    return key if key is None or key <= LARGEST_KEY else None
