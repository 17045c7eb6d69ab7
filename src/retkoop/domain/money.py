"""Money (montant): integer cents, read and written as the French write them."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Cents: TypeAlias = int
"""An amount in euro cents. Negative means the opposite direction, never a debt of precision."""

LARGEST: Final[Cents] = 10_000_000_00
"""Ten million euros. No coop comes near: a larger figure is a slip of the keyboard."""

NARROW_NO_BREAK_SPACE: Final = "\u202f"
_MINUS = "\u2212"
_PLAIN_MINUS = str.maketrans({_MINUS: "-", "\u2013": "-"})
_MOST_DIGITS = len(str(LARGEST // 100))
_UNIT = re.compile(r"(?:€|eur|euros?)$", re.IGNORECASE)
_SPACE = r"[ \u00a0\u2007\u2009\u202f']"
_SPACES = re.compile(_SPACE)
_LOOSE_SIGN = re.compile(rf"^([+-]){_SPACE}+")
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,]\d*)?", re.ASCII)
_POINTED = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d*|(?:,\d{3})+\.\d*|(?:\.\d{3}){2,}|(?:,\d{3}){2,})", re.ASCII)
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d*)(?:[.,](?P<cents>\d*))?", re.ASCII)


class InvalidAmount(ValueError):
    """What was typed is not an amount; the message says why, in French, for the person who typed it."""


def parse_amount(text: str) -> Cents:
    """Read an amount in cents as French people type it: `1 234,56`, `1.234,56`, `1234.5`, `− 12 €`.

    Spaces group thousands by three; so does a point or a comma where the other one marks the decimals, or where it
    stands twice. A lone mark before three digits (`1.234`) may be a third decimal: refused rather than guessed.

    Raises InvalidAmount: empty, not a number, more than two decimals, or beyond LARGEST.
    """
    number = _NUMBER.fullmatch(_ungrouped(text))
    if number is None:
        raise InvalidAmount("Ce montant n’est pas un nombre. Écrivez par exemple 12,50.")
    whole, cents = number["whole"], number["cents"] or ""
    if not whole and not cents:
        raise InvalidAmount("Indiquez un montant, par exemple 12,50.")
    if len(cents) > 2:
        raise InvalidAmount("Un montant a deux décimales au plus, par exemple 12,50.")
    # The length first: Python refuses to read a number of thousands of digits, with a ValueError of its own.
    if len(whole.lstrip("0")) > _MOST_DIGITS or (amount := int(whole + cents.ljust(2, "0"))) > LARGEST:
        raise InvalidAmount("Ce montant est trop grand pour une coopérative. Vérifiez la virgule.")
    return -amount if number["sign"] == "-" else amount


def _ungrouped(text: str) -> str:
    """Return `text` with a plain minus, without the unit and without what groups its thousands."""
    compact = _UNIT.sub("", text.strip().translate(_PLAIN_MINUS)).rstrip()
    compact = _LOOSE_SIGN.sub(r"\1", compact)
    if _GROUPED.fullmatch(compact):
        return _SPACES.sub("", compact)
    if _POINTED.fullmatch(compact):
        grouping = next(character for character in compact if character in ".,")
        return compact.replace(grouping, "")
    return compact


def format_decimal(amount: Cents) -> str:
    """Write cents for a machine that reads French figures: `1234,56`, `-12,50`."""
    whole, cents = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole},{cents:02d}"


def format_number(amount: Cents) -> str:
    """Write cents for a reader, without the unit: `1 234,56`, `−12,50` (narrow no-break spaces, true minus)."""
    whole, cents = divmod(abs(amount), 100)
    grouped = f"{whole:,}".replace(",", NARROW_NO_BREAK_SPACE)
    return f"{_MINUS if amount < 0 else ''}{grouped},{cents:02d}"


def format_amount(amount: Cents) -> str:
    """Write cents for a reader: `1 234,56 €`."""
    return f"{format_number(amount)}{NARROW_NO_BREAK_SPACE}€"
