from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.chart import BANK, CARRIED_PROFIT, CASH, POSTAL, REGIE, SUSPENSE
from retkoop.domain.entry import Moves, Operation
from retkoop.domain.ledger import (
    AccountTotal,
    DayMoves,
    RunningRow,
    account_totals,
    book_order,
    cash_on,
    day_moves,
    net_of,
    running,
    total_assets,
)
from tests.domain import musee
from tests.domain.drafts import draft_books, shuffled
from tests.domain.strategies import Book, books


def test_totals_of_the_musee_book() -> None:
    totals = account_totals(musee.OPERATIONS)
    assert list(totals.values()) == [
        AccountTotal(CARRIED_PROFIT, 0, 837_40),
        AccountTotal(BANK, 1_703_70, 675_50),
        AccountTotal(CASH, 121_50, 100_00),
        AccountTotal(REGIE, 120_00, 120_00),
        AccountTotal("61681008", 16_25, 0),
        AccountTotal("61800008", 489_70, 25_00),
        AccountTotal("62810008", 133_25, 0),
        AccountTotal("74100008", 0, 300_00),
        AccountTotal("75600008", 0, 526_50),
    ]
    assert (net_of(totals, BANK), net_of(totals, POSTAL), total_assets(totals)) == (1_028_20, 0, 1_049_70)


def test_a_total_grows_by_what_an_entry_adds() -> None:
    total = AccountTotal(CASH).plus(debit=10_00, credit=0).plus(debit=0, credit=4_00)
    assert (total, total.net) == (AccountTotal(CASH, 10_00, 4_00), 6_00)


def test_an_account_whose_operations_are_gone_has_not_moved() -> None:
    assert [total.has_moved for total in (AccountTotal(CASH), AccountTotal(CASH, 1, 1), AccountTotal(CASH, 0, 1))] == [False, True, True]


@given(books())
def test_every_book_of_sound_operations_balances(book: Book) -> None:
    totals = account_totals(book)
    assert sum(total.net for total in totals.values()) == 0
    assert SUSPENSE not in totals


@given(draft_books(), st.sampled_from([BANK, POSTAL]))
def test_every_book_balances_even_while_something_is_unexplained(book: Book, bank_account: str) -> None:
    totals = account_totals(book, bank_account)
    assert sum(total.debit for total in totals.values()) == sum(total.credit for total in totals.values())
    assert net_of(totals, SUSPENSE) == -sum(operation.remainder for operation in book)


@given(shuffled(draft_books()))
def test_the_order_of_entry_does_not_matter(both: tuple[Book, Book]) -> None:
    book, same_book = both
    assert account_totals(book) == account_totals(same_book)
    assert day_moves(book) == day_moves(same_book)
    assert sorted(book, key=book_order) == sorted(same_book, key=book_order)


@given(draft_books())
def test_days_add_up_to_what_the_accounts_hold(book: Book) -> None:
    totals = account_totals(book)
    opening = [operation.moves for operation in book if operation.opening]
    days = day_moves(book)
    assert sum(day.bank for day in days) + sum(moves.bank for moves in opening) == net_of(totals, BANK)
    assert sum(day.cash for day in days) + sum(moves.cash for moves in opening) == net_of(totals, CASH)
    assert [day.day for day in days] == sorted({day.day for day in days})


def test_a_day_that_moves_neither_bank_nor_cash_is_left_out() -> None:
    assert day_moves(musee.OPERATIONS[:7]) == (
        DayMoves(date(2025, 9, 15), 430_00, 96_50),
        DayMoves(date(2025, 10, 2), -149_50, 0),
        DayMoves(date(2025, 10, 3), 100_00, -100_00),
        DayMoves(date(2025, 10, 14), -120_00, 0),
    )


def test_the_cash_of_a_day_is_that_of_its_end_and_the_opening_always_counts() -> None:
    days = [date(2025, 8, 31), date(2025, 9, 14), date(2025, 9, 15), date(2025, 10, 3), date(2026, 8, 31)]
    assert [cash_on(musee.OPERATIONS, day) for day in days] == [25_00, 25_00, 121_50, 21_50, 21_50]


def test_a_book_is_read_by_date_then_by_piece_then_as_entered() -> None:
    def operation(key: int, piece: str, day: int, *, opening: bool = False) -> Operation:
        return Operation(key, piece, date(2025, 9, day), "Goûter", Moves(), opening=opening)

    book = [
        operation(1, "D11", 2),
        operation(5, "D2", 2),
        operation(3, "d02", 2),
        operation(4, "R1", 1),
        operation(2, "RAN", 9, opening=True),
    ]
    assert [operation.key for operation in sorted(book, key=book_order)] == [2, 4, 3, 5, 1]


def test_bank_and_cash_are_followed_from_line_to_line() -> None:
    rows = list(running(musee.OPERATIONS[:5]))
    assert rows[0] == RunningRow(musee.OPENING, 812_40, 25_00)
    assert [(row.bank, row.cash) for row in rows] == [
        (812_40, 25_00),
        (1_242_40, 25_00),
        (1_242_40, 121_50),
        (1_092_90, 121_50),
        (1_192_90, 21_50),
    ]


@given(draft_books(), st.integers(0, 20))
def test_a_page_starts_from_what_the_pages_before_have_left(book: Book, cut: int) -> None:
    before = list(running(book[:cut]))
    left = Moves(before[-1].bank, before[-1].cash) if before else Moves()
    assert [*before, *running(book[cut:], left)] == list(running(book))
