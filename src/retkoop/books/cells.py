"""Cells of an imported file: text, amounts, dates, accounts and ticks, as a person or a spreadsheet writes them.

Pure. A spreadsheet gives typed cells (a float, a date), a CSV file gives text: both are read to the same values.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from retkoop.books.sheets import Cell
from retkoop.domain.chart import Chart, UnknownAccount, fold
from retkoop.domain.entry import fits_folded
from retkoop.domain.money import LARGEST, Cents, InvalidAmount, parse_amount
from retkoop.ui.days import InvalidDay, checked, parse_day
from retkoop.ui.texts import is_readable

_SPREADSHEET_ORIGIN: Final = date(1899, 12, 30)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_SHOWN: Final = 40


class InvalidCell(ValueError):
    """The cell does not hold what its column asks for; the message says why, in French."""


def quote(cell: Cell) -> str:
    """Return what a cell holds, short and on one line, to be told in a message."""
    text = " ".join("".join(character if character.isprintable() else " " for character in _plain(cell)).split())
    return f"« {text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'} »"


def _plain(cell: Cell) -> str:
    """Return a cell as text: a whole number without decimals, since spreadsheets keep `618` as 618.0."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, str) else str(cell)


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def must_be_guarded(text: str) -> bool:
    """Tell whether a text needs an apostrophe in front: a spreadsheet would run it, or reading would strip it."""
    bare = text.lstrip("'")  # a text that looks guarded already needs one more, to come back as it was
    return bare.startswith(_FORMULA_STARTS) or bare != bare.strip()


def guarded(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula; `read_text` gives it back exactly."""
    return f"'{text}" if must_be_guarded(text) else text


def read_text(cell: Cell, longest: int) -> str:
    """Return a text of at most `longest` characters. Raises InvalidCell."""
    plain = _plain(cell)
    text = plain.strip()
    if plain.startswith("'") and must_be_guarded(plain[1:]):
        text = plain[1:]
    if len(text) > longest:
        raise InvalidCell(f"ce texte a {len(text)} caractères, {longest} au plus.")
    if not is_readable(text):
        raise InvalidCell("ce texte contient des caractères illisibles.")
    return text


def read_label(cell: Cell, longest: int) -> str:
    """Return a text that says something. Raises InvalidCell."""
    text = read_text(cell, longest)
    if not text.strip():
        raise InvalidCell("le libellé manque : dites ce que c’était.")
    return text


def read_tiers(cell: Cell, longest: int) -> str:
    """Return the other party. Raises InvalidCell, also where the form by which names are compared would not fit."""
    text = read_text(cell, longest)
    if not fits_folded(text):
        raise InvalidCell("ce nom est trop long, une fois écrit en lettres simples.")
    return text


def read_amount(cell: Cell) -> Cents:
    """Return an amount in cents, zero for an empty cell. Raises InvalidCell."""
    if is_empty(cell):
        return 0
    if isinstance(cell, bool | date):
        raise InvalidCell(f"{quote(cell)} n’est pas un montant.")
    try:
        return _cents(cell) if isinstance(cell, int | float) else parse_amount(cell)
    except InvalidAmount as refusal:
        raise InvalidCell(f"{quote(cell)}. {refusal}") from None


def read_share(cell: Cell) -> Cents:
    """Return the amount of a part of the split, never zero. Raises InvalidCell."""
    amount = read_amount(cell)
    if amount == 0:
        raise InvalidCell("ce compte attend une somme : indiquez-la, ou videz le compte.")
    return amount


def _cents(number: float) -> Cents:
    """Return the cents of a number that a spreadsheet computed in floating point: 0.1 + 0.2 is 30 cents."""
    if not math.isfinite(number) or abs(number) * 100 > LARGEST:
        raise InvalidAmount("Ce montant est trop grand pour une coopérative. Vérifiez la virgule.")
    exact = Decimal(number) * 100
    cents = round(exact)
    if abs(exact - cents) > Decimal("0.0001"):
        raise InvalidAmount("Un montant a deux décimales au plus, par exemple 12,50.")
    return cents


def read_day(cell: Cell) -> date:
    """Return a date, from a date, its text or the number by which spreadsheets count days. Raises InvalidCell."""
    try:
        return _day(cell)
    except InvalidDay as refusal:
        raise InvalidCell(f"{quote(cell)}. {refusal}") from None


def _day(cell: Cell) -> date:
    if isinstance(cell, date):
        return checked(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 0 < cell < 200_000 and cell == int(cell):
        return checked(_SPREADSHEET_ORIGIN + timedelta(days=int(cell)))
    return parse_day(_plain(cell))


def read_account(cell: Cell, chart: Chart) -> str:
    """Return the code of an account, from its code or its alias. Raises InvalidCell."""
    name = _plain(cell).strip()
    if not name:
        raise InvalidCell("cette somme attend son compte.")
    try:
        return chart.resolve(name).code
    except UnknownAccount:
        raise InvalidCell(f"le compte {quote(name)} n’existe pas dans le plan comptable.") from None


def read_tick(cell: Cell) -> bool:
    """Return whether a move is ticked: `oui`, or nothing. Raises InvalidCell."""
    if is_empty(cell):
        return False
    if fold(_plain(cell)) != "oui":
        raise InvalidCell(f"{quote(cell)} : écrivez oui, ou laissez la case vide.")
    return True
