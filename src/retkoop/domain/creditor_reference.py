"""Structured reference of a transfer (référence structurée du créancier), ISO 11649: RF, two check digits, then what it names.

Ours name the coop and the year: `RF38 0910 000A 2026`. A bank, or the person who copies it, can tell a wrong digit.
"""

from __future__ import annotations

import re
from typing import Final

from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

_PATTERN: Final = re.compile(r"RF(?:\s?[0-9A-Z]){2}(?:\s?[0-9A-Z]){12}")
_OURS: Final = re.compile(r"RF(?P<check>\d\d)(?P<rne>\d{7}[A-Z])(?P<year>\d{4})")


def creditor_reference(rne: str, year: SchoolYear) -> str:
    """Return the reference of the adhésion of a coop for a year, without spaces."""
    body = f"{rne}{year.start}"
    return f"RF{98 - _remainder(f'{body}RF00'):02d}{body}"


def is_right_reference(reference: str) -> bool:
    """Tell whether the check digits of a reference are right."""
    return re.fullmatch(r"RF\d\d[0-9A-Z]{1,21}", reference) is not None and _remainder(reference[4:] + reference[:4]) == 1


def written_reference(reference: str) -> str:
    """Write a reference by fours, as people copy it."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def transfer_code(name: str, iban: str, bic: str, amount: Cents, reference: str) -> str:
    """Return a transfer as the applications of banks read it from a square (EPC069-12, version 002): whom, how much, by what reference."""
    holder, euros = " ".join(name.split())[:70], f"EUR{amount // 100}.{amount % 100:02d}"
    return f"BCD\n002\n1\nSCT\n{bic}\n{holder}\n{iban}\n{euros}\n\n{reference}"


def references_in(text: str) -> list[tuple[str, SchoolYear]]:
    """Return the RNE and year of each reference of ours in the words of a bank's line, right check digits alone; spaces do not matter."""
    found = []
    for match in _PATTERN.finditer(text.upper()):
        compact = re.sub(r"\s", "", match[0])
        ours = _OURS.fullmatch(compact)
        if ours and is_right_reference(compact):
            found.append((ours["rne"], SchoolYear(int(ours["year"]))))
    return list(dict.fromkeys(found))


def _remainder(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97
