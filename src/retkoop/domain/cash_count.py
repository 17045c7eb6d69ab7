"""Cash count (arrêté de caisse): so many of each note and coin, held against the book's cash account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.domain.money import Cents, format_amount

NOTES: Final = (500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00)
COINS: Final = (2_00, 1_00, 50, 20, 10, 5, 2, 1)
DENOMINATIONS: Final = NOTES + COINS
MOST_PIECES: Final = 100_000


class InvalidCount(ValueError):
    """A number of notes or coins that cannot be; the message says why in French."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """What was counted on a day, and what the book said of that same day (its end), in cents."""

    day: date
    counted: Cents
    book_balance: Cents

    @property
    def gap(self) -> Cents:
        """Counted less book: negative where money is missing."""
        return self.counted - self.book_balance

    @property
    def is_right(self) -> bool:
        return self.gap == 0

    @property
    def message(self) -> str:
        """The answer to the person who counted, in one sentence."""
        if self.gap == 0:
            return f"Bravo, la caisse est juste : {format_amount(self.counted)}."
        if self.gap < 0:
            return f"Il manque {format_amount(-self.gap)} dans la caisse."
        return f"Il y a {format_amount(self.gap)} de trop dans la caisse."


def total_counted(quantities: Mapping[int, int]) -> Cents:
    """Add up notes and coins: {denomination in cents: how many}.

    Raises InvalidCount for a denomination that does not exist, a negative number or one beyond MOST_PIECES.
    """
    for denomination, quantity in quantities.items():
        if denomination not in DENOMINATIONS:
            raise InvalidCount(f"Il n’existe ni billet ni pièce de {format_amount(denomination)}.")
        if not 0 <= quantity <= MOST_PIECES:
            raise InvalidCount("Indiquez un nombre entier, positif ou nul.")
    return sum(denomination * quantity for denomination, quantity in quantities.items())
