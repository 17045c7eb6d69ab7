"""Code of an attestation: 80 drawn bits, written as 16 signs by fours, `7K3M-9QXA-02TN-CDVE`.

The signs are those of Crockford's base 32 (crockford.com/base32.html), without I, L, O and U: none is taken for another, and whoever types
an O or an I has meant the digit.
"""

from __future__ import annotations

from typing import Final

CODE_BITS: Final = 80
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = CODE_BITS // 5
_MEANT: Final = str.maketrans("OIL", "011", " -\u2010\u2011\u2013\u2014\u00a0\u202f\t.")
_LONGEST_TYPED: Final = 80


def attestation_code(drawn: int) -> str:
    """Return the code of a number of 80 bits, as it is kept: 16 signs."""
    return "".join(_SIGNS[drawn >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def written_code(code: str) -> str:
    """Write a code by fours, as people copy it."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """Read a code as people type it: small letters, spaces or dashes anywhere, O for 0, I or L for 1; None for what is no code."""
    code = typed[:_LONGEST_TYPED].strip().upper().translate(_MEANT)
    return code if len(code) == _LENGTH and set(code) <= set(_SIGNS) else None
