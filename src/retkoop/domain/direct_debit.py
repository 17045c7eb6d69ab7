"""Direct debit (prélèvement SEPA): what a file may write, on which day it may be due, how long a mandate runs.

Source: European Payments Council, SEPA Core Direct Debit rulebook (EPC016-06) and implementation guidelines (EPC130-08).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from retkoop.domain.dates import days_after, format_date
from retkoop.domain.money import Cents
from retkoop.domain.target import is_target_day, next_target_day, target_days_before

LONGEST_AHEAD: Final = 90
"""Days: a collection is not asked for further ahead; the year of a slip of the keyboard is further."""
LAPSE_MONTHS: Final = 36
"""A mandate of which nothing was collected for so long is void."""
HIGHEST: Final[Cents] = 999_999_999_99
"""The most that a debit may be (EPC130-08)."""
_WRITTEN: Final = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"’": "'", "‘": "'", "–": "-", "—": "-", "&": "+"}
)
_EDITION: Final = "-V"
_FOREIGN: Final = re.compile(r"[^a-zA-Z0-9/\-?:().,'+ ]+")


def sepa_text(text: str, most: int) -> str:
    """Return a text in the characters that every bank takes, without accents, cut at `most`; never empty: `-` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_WRITTEN))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # a field neither begins with a slash nor holds two in a row (EPC217-08)
    words = re.sub(r"//+", "/", " ".join(_FOREIGN.sub(" ", bare).split())).lstrip("/ ")
    return words[:most].strip() or "-"


def mandate_reference(rne: str, number: int) -> str:
    """Return the reference (RUM) of the `number`-th mandate of a coop."""
    return f"OCCE-{rne}-{number:03d}"


def edition_message(message: str, edition: int) -> str:
    """Return the identifier (MsgId) of a file as it was changed for the `edition`-th time: the first bears `message` itself."""
    return message if edition == 1 else f"{message}{_EDITION}{edition}"


def edition_of(identifier: str) -> tuple[str, int]:
    """Return the identifier of the first file, and the edition, of an identifier that `edition_message` has made."""
    message, mark, edition = identifier.rpartition(_EDITION)
    return (message, int(edition)) if mark and re.fullmatch(r"[1-9][0-9]{0,4}", edition) else (identifier, 1)


def lapses_on(used: date) -> date:
    """Return the first day on which a mandate is void, from the day of its last collection (of its signature where there was none)."""
    year, month = used.year + LAPSE_MONTHS // 12, used.month
    return date(year, month, 28 if (month, used.day) == (2, 29) else used.day)


@dataclass(frozen=True, slots=True)
class DebitDelays:
    """Days between telling a coop and its debit, and TARGET days between handing the file to the bank and the debit."""

    notice: int
    lead: int

    def first_day(self, today: date) -> date:
        """Return the first day on which a collection prepared today may be due."""
        handed = next_target_day(today)
        for _ in range(self.lead):
            handed = next_target_day(handed + timedelta(days=1))
        return next_target_day(max(handed, days_after(today, self.notice)))

    def last_handing(self, day: date) -> date:
        """Return the last day on which the file of a collection due on a day may be handed to the bank."""
        return target_days_before(day, self.lead)

    def nearest(self, day: date, today: date) -> date:
        """Return the next right day for a collection prepared today, from the one asked for on; the last one where that is too far."""
        found = next_target_day(max(day, self.first_day(today)))
        last = days_after(today, LONGEST_AHEAD)
        return found if found <= last else target_days_before(last + timedelta(days=1), 1)

    def refusal(self, day: date, today: date) -> str:
        """Say why a collection prepared today is not due on a day, with the next right one; empty where it is."""
        first = self.first_day(today)
        if day < today:
            return f"Ce jour est passé\u202f: la première date possible est le {format_date(first)}."
        if day < first:
            return (
                f"C’est trop tôt\u202f: les coopératives sont prévenues {self.notice} jours avant, et la banque reçoit le fichier "
                f"{self.lead} jours ouvrés avant. La première date possible est le {format_date(first)}."
            )
        if day > days_after(today, LONGEST_AHEAD):
            return f"C’est trop loin\u202f: choisissez au plus tard le {format_date(self.nearest(day, today))}."
        if not is_target_day(day):
            return (
                f"Les banques européennes n’échangent pas d’euros le {format_date(day)} (fin de semaine ou jour férié TARGET)\u202f: "
                f"le jour suivant est le {format_date(next_target_day(day))}."
            )
        return ""


def sequence_type(*, first: bool) -> str:
    """Return how a file says that a mandate is used for the first time, or again."""
    return "FRST" if first else "RCUR"
