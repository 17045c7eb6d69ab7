"""A compte rendu of totals says what that of a cahier with the same operations says, whatever they are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book
from retkoop.domain.direct import YearTotals, sum_of
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.network.access import Access
from retkoop.registers.facts import SubsidyFacts
from retkoop.registers.services import record_subsidy
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.crf import whole_crf
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.services import add_unpointed, choose_direct, keep_opening, keep_totals, record_grant
from tests.banking.books_at_hand import YEAR, add, now, open_year
from tests.banking.books_at_hand import opening as opening_value
from tests.domain.strategies import CHARGES, PRODUITS

DAY = date(2026, 9, 10)
amounts = st.integers(1, 2_000_00)
days = st.dates(YEAR.first_day, YEAR.last_day)
plain_accounts = st.sampled_from([*CHARGES, *(code for code in PRODUITS if not code.startswith("74"))])


@dataclass(frozen=True)
class Year:
    """What a coop did in a year: its opening, its operations (those of the bank ticked or not), its subsidies."""

    bank: int
    cash: int
    operations: tuple[Operation, ...]
    grants: tuple[Grant, ...]

    @property
    def closing(self) -> Moves:
        granted = sum(grant.amount for grant in self.grants)
        return sum_of([Moves(self.bank, self.cash), Moves(bank=granted), *(one.moves for one in self.operations)])

    @property
    def totals(self) -> YearTotals:
        sums: defaultdict[str, int] = defaultdict(int)
        for part in (part for one in self.operations for part in one.parts):
            sums[part.account] += part.amount
        return YearTotals(self.closing, tuple(Part(*pair) for pair in sums.items()))

    @property
    def missing(self) -> list[Operation]:
        """What the statement of the end does not show."""
        return [one for one in self.operations if one.moves.bank and not one.pointed]


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    account, amount, by_bank = draw(plain_accounts), draw(amounts), draw(st.booleans())
    moved = amount if account.startswith("7") else -amount
    moves = Moves(bank=moved) if by_bank else Moves(cash=moved)
    ticked = by_bank and draw(st.booleans())
    return Operation(0, "", draw(days), f"Opération {amount}", moves, (Part(account, amount),), pointed=ticked, proven=True)


grants = st.builds(
    Grant, st.sampled_from(["Mairie", "Département"]), st.just("Musée"), amounts, days, st.sampled_from(["74100008", "74800008"])
)
held = st.integers(0, 5_000_00)
years = st.builds(
    Year,
    held,
    held,
    st.lists(operations(), max_size=8).map(tuple),
    st.lists(grants, max_size=2, unique_by=lambda grant: grant.day).map(tuple),
)


def _kept(access: Access, year: Year) -> Book:
    """Keep a year in the cahier."""
    book = open_year(access, YEAR)
    receipts = [grant.receipt("") for grant in year.grants]
    rows = add(access, book, [opening_value(YEAR, year.bank, year.cash), *receipts, *year.operations])
    for row, grant in zip(rows[1 : len(receipts) + 1], year.grants, strict=True):
        facts = SubsidyFacts(grant.body, grant.purpose, grant.amount)
        record_subsidy(access=access, book=book, operation=row.pk, facts=facts, submission=uuid.uuid4())
    return book


def _told(access: Access, year: Year) -> Book:
    """Tell the same year by its totals."""
    book = open_year(access, YEAR)
    choose_direct(access=access, book=book)
    moves = Moves(year.bank, year.cash)
    keep_opening(access=access, book=book, moves=moves, bank_account="512", version=None, submission=uuid.uuid4())
    keep_totals(access=access, book=book, totals=year.totals, version=None, submission=uuid.uuid4())
    for grant in year.grants:
        record_grant(access=access, book=book, grant=grant, submission=uuid.uuid4())
    for one in year.missing:
        facts = {"date": one.date, "label": one.label, "bank": one.moves.bank}
        add_unpointed(access=access, book=book, facts=facts, submission=uuid.uuid4())
    return book


def _crf(access: Access, book: Book, year: Year) -> dict[str, object]:
    shown = year.closing.bank - sum(one.moves.bank for one in year.missing)
    day = YEAR.last_day
    record_statement(access=access, book=book, number="8", day=day, account_balance=shown, submission=uuid.uuid4())
    record_cash_count(access=access, book=book, day=day, quantities={100: 12}, submission=uuid.uuid4())
    assert list(faults_of_book(now(book))) == []
    said = whole_crf(now(book), DAY).as_json()
    said["rapprochement"]["non_pointees"].sort(key=str)  # type: ignore[index]  # a list of one day has no other order
    return {name: value for name, value in said.items() if name != "findings"}


@settings(max_examples=15)
@given(years)
def _the_same(access: Access, year: Year) -> None:
    crfs = []
    for make in (_kept, _told):
        with transaction.atomic():
            crfs.append(_crf(access, make(access, year), year))
            transaction.set_rollback(True)
    assert crfs[0] == crfs[1]


@pytest.mark.django_db
def test_the_crf_of_totals_is_that_of_the_operations(alice: Access) -> None:
    _the_same(alice)
