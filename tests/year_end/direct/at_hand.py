"""Years that were kept elsewhere, of which the compte rendu alone is filled in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.services import (
    add_unpointed,
    choose_direct,
    keep_opening,
    keep_totals,
    record_grant,
)
from tests.banking.books_at_hand import now

TOTALS: Final = YearTotals(Moves(bank=1028_20, cash=21_50), (Part("61800008", 250_00), Part("75600008", 199_70)))
"""With an opening of 800,00 € and a subsidy of 300,00 €, to the cent."""
GRANT: Final = Grant("Mairie", "Projet musée", 300_00, date(2025, 12, 1), "74100008", 200_00)


def direct(access: Access, book: Book) -> Book:
    choose_direct(access=access, book=book)
    return now(book)


def opened(access: Access, book: Book, bank: int = 790_00, cash: int = 10_00, version: int | None = None, account: str = "512") -> None:
    moves = Moves(bank=bank, cash=cash)
    keep_opening(access=access, book=book, moves=moves, bank_account=account, version=version, submission=uuid.uuid4())


def totalled(access: Access, book: Book, totals: YearTotals = TOTALS, version: int | None = None) -> Operation:
    return keep_totals(access=access, book=book, totals=totals, version=version, submission=uuid.uuid4())


def granted(access: Access, book: Book, grant: Grant = GRANT) -> Operation:
    return record_grant(access=access, book=book, grant=grant, submission=uuid.uuid4())


def unpointed(access: Access, book: Book, bank: int = -64_20, **more: object) -> CarriedItem:
    facts = {"date": date(2026, 6, 20), "label": "Librairie", "bank": bank, "cheque": "2000105", "piece": "", **more}
    return add_unpointed(access=access, book=book, facts=facts, submission=uuid.uuid4())


def whole(access: Access, book: Book) -> Book:
    """Fill in a whole year, right to the cent."""
    book = direct(access, book)
    opened(access, book)
    totalled(access, book)
    granted(access, book)
    unpointed(access, book)
    day = date(2026, 8, 31)
    record_statement(access=access, book=book, number="8", day=day, account_balance=1092_40, submission=uuid.uuid4())
    record_cash_count(access=access, book=book, day=day, quantities={20_00: 1, 1_00: 1, 50: 1}, submission=uuid.uuid4())
    return now(book)
