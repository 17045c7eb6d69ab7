"""Clues: the amount and the date that a voucher seems to bear. An aid that may be wrong, never more than a proposal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.domain.chart import fold
from retkoop.domain.money import Cents, InvalidAmount, parse_amount

_AMOUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,7})[,.](\d{2})(?![\d.,]*\d)")
_TOTALS: Final = (
    "total ttc",
    "net a payer",
    "total a payer",
    "montant ttc",
    "a payer",
    "montant total",
    "total",
    "montant",
    "solde a payer",
)
"""The words that stand before the sum of an invoice, the surest first."""
_VAGUE: Final = frozenset({"a payer", "montant total", "total", "montant"})
_PART = re.compile(r"\b(?:ht|hors taxes?|tva|solde|reste)\b")
"""What makes of a vague word the name of a part of the sum: « Total TVA », « Reste à payer »."""
# no digit on either side, nor one behind a separator: 01.69.47.00.00 is a telephone
_NUMERIC = re.compile(r"(?<!\d)(?<!\d[/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d|[/.-]\d)")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"], start=1
    )
    for name in (names, names[:4], *([] if names.startswith("jui") else [names[:3]]))
}
_WRITTEN = re.compile(r"(?<!\d)(\d{1,2})(?:er)?\s+([a-z]{3,9})\.?\s+(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Clues:
    """What a text seems to say: an amount in cents, a date."""

    amount: Cents | None = None
    date: date | None = None


def clues_in(text: str) -> Clues:
    """Return the sum of an invoice (after the surest of its words, else the largest amount) and its first date."""
    return Clues(_amount_in(text), _date_in(text))


def _amount_in(text: str) -> Cents | None:
    lines = text.splitlines()
    for words in _TOTALS:
        found = [amounts[-1] for line in lines if _bears(fold(line), words) and (amounts := _amounts(line))]
        if found:
            return found[-1]
    return max(_amounts(text), default=None)


def _bears(line: str, words: str) -> bool:
    return words in line and not (words in _VAGUE and _PART.search(line))


def _amounts(text: str) -> list[Cents]:
    found = []
    for whole, cents in _AMOUNT.findall(text):
        try:
            amount = parse_amount(f"{re.sub(r'[^0-9]', '', whole)},{cents}")
        except InvalidAmount:
            continue
        if amount:
            found.append(amount)
    return found


def _date_in(text: str) -> date | None:
    for day, month, year in _NUMERIC.findall(text):
        found = _made(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        if found:
            return found
    for day, month, year in _WRITTEN.findall(fold(text)):
        found = _made(int(year), _MONTHS.get(month, 0), int(day))
        if found:
            return found
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year < 2100 else None
    except ValueError:
        return None
