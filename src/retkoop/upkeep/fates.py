"""What becomes of a made-up coop in a year: who holds its mandate, whether its account is open, how far its accounts are.

Closings are put where they stand, without the papers that lead there: a sealed report takes longer than a whole cahier.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.books.services import open_book
from retkoop.domain.chart import national_chart
from retkoop.domain.closing import ClosingState
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.upkeep.mistakes import Mistakes, bent_rules, lost_on_the_way, things_to_look_at, wrong_splits
from retkoop.users.models import User
from retkoop.year_end.direct.services import choose_direct, keep_opening, keep_totals
from retkoop.year_end.models import YearClosing


class Fate(StrEnum):
    """How far the year of a made-up coop is."""

    SILENT = "silent"
    """Nobody has opened its account."""
    WITHOUT_MANDATE = "without mandate"
    LATE = "late"
    """The cahier is kept, the accounts are not sent."""
    WITH_FINDINGS = "with findings"
    DIRECT = "direct"
    """Only the totals of a year kept elsewhere."""
    SENT = "sent"
    ACCEPTED = "accepted"


SHARES: Final = {
    Fate.SILENT: 8,
    Fate.WITHOUT_MANDATE: 6,
    Fate.LATE: 22,
    Fate.WITH_FINDINGS: 14,
    Fate.DIRECT: 8,
    Fate.SENT: 17,
    Fate.ACCEPTED: 25,
}
"""So many of a hundred coops."""
RECONCILED: Final = {Fate.LATE: 0.5, Fate.SENT: 1.0, Fate.ACCEPTED: 1.0}
"""The chance that a coop has given its last statement and its cash count."""
MISTAKES: Final[tuple[Mistakes, ...]] = (wrong_splits, lost_on_the_way, bent_rules, things_to_look_at)
FEWEST: Final = 30
"""A cahier of fewer operations has no room for mistakes."""


def drawn_fate(chance: Random) -> Fate:
    return chance.choices(list(SHARES), list(SHARES.values()))[0]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a year after its end on which made-up coops do things; none later than `now`."""

    year: SchoolYear
    now: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether the accounts of the year can be sent."""
        return self.year.last_day < self.now.date()

    def after_the_end(self, chance: Random, least: int, most: int) -> datetime:
        """Return a moment some days after the last day of the year."""
        end = datetime.combine(self.year.last_day, time(7), UTC)
        at = end + timedelta(days=chance.randint(least, most), hours=chance.randrange(12))
        return min(at, self.now)


def open_account(*, user: User, at: datetime) -> None:
    """Activate an account that no password opens: nobody is there to type one."""
    with writing(user.chain, SYSTEM) as trail:
        before = user.snapshot()
        user.activated_at, user.initial_spent, user.last_login = at, True, at
        user.save(update_fields=["activated_at", "initial_spent", "last_login"])
        trail.changed(user, before, action="account.activated")


def send_accounts(*, book: Book, sent_at: datetime, accepted_at: datetime | None) -> None:
    """Put the closing of a year where it is sent, or accepted."""
    state = ClosingState.SENT if accepted_at is None else ClosingState.ACCEPTED
    with writing(book.coop.chain, SYSTEM) as trail:
        closing = YearClosing(coop=book.coop, book=book, state=state, called_at=sent_at, sent_at=sent_at, decided_at=accepted_at)
        closing.save(force_insert=True)
        trail.created(closing, action="closing.sent" if accepted_at is None else "closing.accepted")
        if accepted_at is not None:
            before = book.snapshot()
            book.sealed_at = accepted_at
            book.save(update_fields=["sealed_at"])
            trail.changed(book, before, action="book.sealed")


def tell_totals(*, access: Access, year: SchoolYear, chance: Random) -> Book:
    """Give the totals of a year that was kept elsewhere."""
    opening = Moves(bank=chance.randrange(300_00, 3000_00), cash=chance.randrange(5_00, 60_00))
    spent, received = chance.randrange(200_00, 2500_00), chance.randrange(400_00, 3000_00)
    book = choose_direct(access=access, book=open_book(access=access, year=year))
    parts = tuple(Part(_CHART.resolve(alias).code, amount) for alias, amount in (("618", spent), ("708", received)))
    closing = Moves(bank=opening.bank + received - spent, cash=opening.cash)
    keep_opening(access=access, book=book, moves=opening, bank_account=book.bank_account, version=None, submission=uuid.uuid4())
    keep_totals(access=access, book=book, totals=YearTotals(closing, parts), version=None, submission=uuid.uuid4())
    return book


_CHART: Final = national_chart()
