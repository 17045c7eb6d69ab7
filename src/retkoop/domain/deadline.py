"""The day by which an AD wants the accounts of a year (date d’envoi), and how far it is."""

from __future__ import annotations

from datetime import date
from typing import Final

from retkoop.domain.dates import days_after
from retkoop.domain.school_year import SchoolYear

DUE_DAYS: Final = 30
"""The accounts are due so many days after 31 August (paramètre): on 30 September. Source: OCCE, envoi du compte rendu financier."""


def due_day(year: SchoolYear, days: int = DUE_DAYS) -> date:
    """Return the last day on which an AD wants the accounts of a year, so many days after its end."""
    return days_after(year.last_day, days)


def time_left(due: date, today: date) -> str:
    """Say in French how many days are left until a last day, or by how many it is passed."""
    left = (due - today).days
    if left < 0:
        return f"En retard de {'1 jour' if left == -1 else f'{-left} jours'}"
    if left == 0:
        return "À envoyer aujourd’hui"
    return "Il reste 1 jour" if left == 1 else f"Il reste {left} jours"
