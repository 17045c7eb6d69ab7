from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.reconciliation import Reconciliation, Statement, UnpointedItem, closing_statement, unpointed_items
from retkoop.domain.school_year import SchoolYear
from tests.domain import musee
from tests.domain.strategies import Book, books

YEAR = SchoolYear(2025)
CHEQUE = UnpointedItem("D05", date(2026, 7, 2), "Livres pour la bibliothèque", -64_20, "2000104")


def test_only_bank_moves_that_are_not_ticked_are_unpointed() -> None:
    assert unpointed_items(musee.OPERATIONS) == [CHEQUE]


def test_an_opening_is_no_move_of_the_bank() -> None:
    assert unpointed_items([replace(musee.OPENING, pointed=False)]) == []


@pytest.mark.parametrize(
    ("statement_balance", "gap", "is_right"),
    [(None, None, None), (1_092_40, 0, True), (1_100_00, 7_60, False), (1_028_20, -64_20, False)],
)
def test_a_statement_is_held_against_the_book(statement_balance: int | None, gap: int | None, is_right: bool | None) -> None:  # noqa: FBT001 -- a parameter of the table above
    reconciliation = Reconciliation(1_028_20, statement_balance, unpointed=-64_20, unpointed_count=1)
    assert (reconciliation.gap, reconciliation.is_right) == (gap, is_right)


@given(books())
def test_a_bank_that_saw_what_is_ticked_reconciles(book: Book) -> None:
    items = unpointed_items(book)
    bank = sum(operation.moves.bank for operation in book)
    seen = sum(operation.moves.bank for operation in book if operation.pointed or operation.opening)
    assert Reconciliation(bank, seen, sum(item.amount for item in items), len(items)).is_right is True


def statement(key: int, day: date) -> Statement:
    return Statement(key, str(key), day, 0)


@pytest.mark.parametrize(
    ("days", "nearest"),
    [
        ([], None),
        ([date(2025, 12, 31)], 1),
        ([date(2026, 7, 31), date(2026, 8, 28)], 2),
        ([date(2026, 8, 28), date(2026, 9, 2)], 2),
        ([date(2026, 9, 2), date(2026, 8, 30)], 2),
        ([date(2026, 9, 1), date(2026, 8, 30)], 1),
        ([date(2026, 8, 31), date(2026, 8, 31)], 2),
    ],
)
def test_the_year_closes_on_the_statement_nearest_to_its_end(days: list[date], nearest: int | None) -> None:
    found = closing_statement([statement(key, day) for key, day in enumerate(days, start=1)], YEAR)
    assert (found.key if found else None) == nearest


@given(st.lists(st.dates(YEAR.first_day, YEAR.next.last_day)), st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(days: list[date], random: Random) -> None:
    statements = [statement(key, day) for key, day in enumerate(days)]
    mixed = list(statements)
    random.shuffle(mixed)
    assert closing_statement(mixed, YEAR) == closing_statement(statements, YEAR)
