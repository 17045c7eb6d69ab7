"""Creditor identifier (ICS, identifiant créancier SEPA) of whoever collects direct debits.

A country, two check digits, a business code, a number.

Source: EPC262-08: the check digits are those of ISO 7064 mod 97-10 over all but the business code.
"""

from __future__ import annotations

import re
from typing import Final

_PATTERN: Final = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{3}[0-9A-Z]{1,28}")


def compact_identifier(text: str) -> str:
    """Return what was typed without spaces, in capitals."""
    return re.sub(r"\s", "", text).upper()


def is_creditor_identifier(text: str) -> bool:
    """Tell whether a compact text is a creditor identifier with right check digits; a French one ends with six digits or letters."""
    if not _PATTERN.fullmatch(text) or (text.startswith("FR") and len(text) != 13):
        return False
    turned = text[7:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
