from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.checks.scope import (
    CHEQUE_RUN,
    ChequeRun,
    ChequeUse,
    Days,
    Dip,
    Habit,
    Scope,
    TiersHabits,
    changed_keys,
    cheque_run,
    cheque_runs,
    days_of,
    group_operations,
    keys_of,
    own_cheque,
    sole_account,
    tiers_habits,
    twins_key,
)
from retkoop.domain.entry import Moves
from retkoop.domain.ledger import DayMoves
from tests.domain.checks.speaking import made, received, spent
from tests.domain.strategies import Book, wild_books

ALWAYS = {(Scope.DAYS, ""), (Scope.TOTALS, ""), (Scope.REGISTERS, "")}


def test_an_operation_belongs_to_its_line_its_twins_its_tiers_and_its_cheques() -> None:
    operation = spent(64_20, key=7, tiers="Librairie du Marché", cheque="2000104")
    assert keys_of(operation) == ALWAYS | {
        (Scope.LINE, "7"),
        (Scope.TWINS, "2025-10-02 -6420 0 0"),
        (Scope.TIERS, "librairie du marche"),
        (Scope.CHEQUES, "80004"),
        (Scope.CHEQUES, "80005"),
    }


def test_twins_move_the_same_by_the_bank_or_in_cash() -> None:
    moves = (
        Moves(bank=-5_00),
        Moves(cash=-5_00),
        Moves(bank=-5_00, cash=5_00),
        Moves(bank=5_00, cash=-5_00),
        Moves(cash=-5_00, regie=5_00),
    )
    assert [twins_key(made(moved)) for moved in moves] == [
        f"2025-10-02 {key}" for key in ("-500 0 0", "-500 0 0", "-500 500 0", "500 -500 0", "-500 0 500")
    ]


def test_an_opening_belongs_to_its_line_alone() -> None:
    opening = made(Moves(bank=-5_00), ("61800008", 5_00), tiers="Librairie", cheque="2000104", opening=True)
    assert keys_of(opening) == ALWAYS | {(Scope.LINE, "1")}


@pytest.mark.parametrize("tiers", ["", " ", "—"])
def test_no_name_is_no_tiers(tiers: str) -> None:
    assert {scope for scope, _ in keys_of(spent(5_00, tiers=tiers))} == {Scope.LINE, Scope.TWINS, Scope.DAYS, Scope.TOTALS, Scope.REGISTERS}


def test_a_change_touches_the_groups_before_and_after() -> None:
    before, after = spent(5_00, tiers="Librairie"), spent(6_00, tiers="Papeterie")
    assert changed_keys(before, after) == keys_of(before) | keys_of(after)
    assert changed_keys(None, after) == keys_of(after)
    assert changed_keys(before, None) == keys_of(before)


def test_only_payments_by_the_bank_bear_the_coop_s_cheques() -> None:
    assert own_cheque(spent(5_00, cheque="0000104")) == 104
    assert own_cheque(received(5_00, cheque="2000104")) is None
    assert own_cheque(made(Moves(cash=-5_00), cheque="2000104")) is None
    assert own_cheque(spent(5_00, cheque="CB")) is None


@given(st.integers(0, 10**12))
def test_a_cheque_stands_in_its_run_and_in_the_next(number: int) -> None:
    own, following = cheque_runs(number)
    assert own * CHEQUE_RUN <= number < following * CHEQUE_RUN


def test_a_run_holds_its_cheques_and_those_before() -> None:
    operations = [
        spent(5_00, key=3, piece="D3", cheque="2000126"),
        spent(5_00, key=1, piece="D1", cheque="2000124"),
        spent(5_00, key=2, piece="D2", cheque="2000150"),
    ]
    day = date(2025, 10, 2)
    before, own = ChequeUse(2000124, "2000124", 1, "D1", day), ChequeUse(2000126, "2000126", 3, "D3", day)
    run = cheque_run(80005, operations)
    assert run == ChequeRun(2000125, (own, before))
    assert (run.in_order, run.own_uses) == ((before, own), (own,))


def test_the_sole_account_of_an_operation() -> None:
    assert sole_account(made(Moves(bank=-5_00), ("61800008", 3_00), ("61800008", 2_00))) == "61800008"
    assert sole_account(made(Moves(bank=-5_00), ("61800008", 3_00), ("65000008", 2_00))) is None
    assert sole_account(made(Moves(bank=-5_00))) is None


def test_habits_count_what_bears_on_one_account_the_most_used_first() -> None:
    operations = [
        spent(5_00, "65000008", key=1, piece="D1"),
        spent(5_00, "61800008", key=2, piece="D2"),
        spent(5_00, "61800008", key=3, piece="D3"),
        made(Moves(bank=-5_00), ("61800008", 3_00), ("65000008", 2_00), key=4),
    ]
    expected = TiersHabits("librairie", (Habit("61800008", 2, 2, "D2"), Habit("65000008", 1, 1, "D1")))
    assert tiers_habits("librairie", operations) == expected


def test_days_stand_after_the_opening() -> None:
    opening = made(Moves(bank=812_40, cash=25_00), opening=True, date=date(2025, 12, 1))
    days = days_of([spent(5_00, date=date(2025, 10, 2)), opening])
    assert days == Days((DayMoves(date(2025, 10, 2), -5_00, 0),), 812_40, 25_00)


def test_the_first_dip_is_told() -> None:
    moves = (DayMoves(date(2025, 10, 2), -5_00, 5_00), DayMoves(date(2025, 10, 3), -5_00, -6_00))
    days = Days(moves, opening_bank=5_00)
    assert (days.bank_dip, days.cash_dip) == (Dip(date(2025, 10, 3), -5_00), Dip(date(2025, 10, 3), -1_00))
    assert Days(opening_cash=-1).cash_dip == Dip(None, -1)
    assert Days().bank_dip is None


@given(wild_books())
def test_groups_hold_all_their_members(book: Book) -> None:
    groups = group_operations(book)
    for operation in book:
        assert {key for key, members in groups.items() if operation in members} == keys_of(operation)
    assert len(groups.get((Scope.TOTALS, ""), ())) == len(book)


def test_a_copy_with_another_key_is_another_line() -> None:
    operation = spent(5_00, key=1)
    assert changed_keys(operation, replace(operation, key=2)) - keys_of(operation) == {(Scope.LINE, "2")}
