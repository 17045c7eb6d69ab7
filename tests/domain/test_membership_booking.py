"""Payments of adhésions on their way to the cahier: each once, what came back once, parts that add up, what was typed already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.entry import Kind, Moves, Operation, Part
from retkoop.domain.fees import FeeLine, total_of
from retkoop.domain.membership_booking import (
    NEAR,
    DueEntry,
    PaidEntry,
    added_up,
    due_entries,
    due_parts,
    membership_operation,
    noted_already,
    split_of,
)
from retkoop.domain.school_year import SchoolYear

DAY = date(2026, 10, 12)
LATER = date(2026, 11, 3)
YEAR = SchoolYear(2026)
LINES = (FeeLine("member", "Cotisation", "62810008", 100, 2_05), FeeLine("insurance", "Assurance", "61681008", 100, 25))
ACCOUNTS = ("62810008", "61681008")
DUE = DueEntry(7, False, DAY, 230_00, "2000101")


def paid(key: int = 7, amount: int = 230_00, **more: object) -> PaidEntry:
    return replace(PaidEntry(key, amount, DAY, "2000101"), **more)  # type: ignore[arg-type]  # its fields


def operation(**more: object) -> Operation:
    noted = Operation(3, "D4", DAY, "Cotisation", Moves(bank=-230_00), (Part("62810008", 205_00), Part("61681008", 25_00)))
    return replace(noted, **more)  # type: ignore[arg-type]  # its fields


WANTED = membership_operation(DUE, {"62810008": 205_00, "61681008": 25_00}, year=YEAR, tiers="OCCE 91")


def test_a_payment_received_is_due_once() -> None:
    assert due_entries([paid(), paid(8, booked=True)]) == [DUE]


def test_what_came_back_is_due_once_where_the_cahier_holds_the_payment() -> None:
    back = paid(returned_on=LATER, booked=True)
    assert due_entries([back, replace(back, key=8, reversed=True)]) == [DueEntry(7, True, LATER, -230_00)]


def test_what_came_back_before_it_was_booked_is_no_matter_of_the_cahier() -> None:
    assert due_entries([paid(returned_on=LATER)]) == []


def test_entries_come_in_the_order_of_their_days() -> None:
    entries = due_entries([paid(9, received_on=LATER), paid(8), paid(7), paid(6, returned_on=LATER, booked=True)])
    assert [(one.payment, one.day) for one in entries] == [(7, DAY), (8, DAY), (6, LATER), (9, LATER)]


def test_parts_of_partial_payments_are_what_is_paid_so_far_less_what_is_booked() -> None:
    first = due_parts(LINES, replace(DUE, amount=200_00), {})
    second = due_parts(LINES, replace(DUE, amount=30_00), first)
    assert (first, second) == ({"62810008": 200_00}, {"62810008": 5_00, "61681008": 25_00})


def test_what_comes_back_takes_back_what_was_booked() -> None:
    assert due_parts(LINES, replace(DUE, amount=-230_00), {"62810008": 205_00, "61681008": 25_00}) == {
        "62810008": -205_00,
        "61681008": -25_00,
    }


@given(st.lists(st.integers(-300_00, 300_00).filter(bool), max_size=8))
def test_the_parts_of_each_add_up_to_it_and_all_to_what_was_received(amounts: list[int]) -> None:
    booked: dict[str, int] = {}
    for amount in amounts:
        parts = due_parts(LINES, replace(DUE, amount=amount), booked)
        assert sum(parts.values()) == amount
        booked = added_up([booked, parts])
    if sum(amounts) == total_of(LINES):
        assert {account: part for account, part in booked.items() if part} == {"62810008": 205_00, "61681008": 25_00}


def test_an_operation_leaves_the_bank_with_its_cheque() -> None:
    assert (
        Operation(
            0,
            "",
            DAY,
            "Adhésion OCCE 2026-2027",
            Moves(bank=-230_00),
            (Part("62810008", 205_00), Part("61681008", 25_00)),
            "OCCE 91",
            "2000101",
        )
        == WANTED
    )
    assert WANTED.kind is Kind.EXPENSE


@pytest.mark.parametrize(
    ("due", "label"),
    [
        (DueEntry(7, True, LATER, -230_00), "Adhésion OCCE 2026-2027, paiement revenu"),
        (DueEntry(7, False, LATER, -230_00), "Adhésion OCCE 2026-2027, remboursement"),
    ],
)
def test_money_that_comes_back_enters_the_bank_against_negative_parts(due: DueEntry, label: str) -> None:
    made = membership_operation(due, {"62810008": -230_00}, year=YEAR, tiers="OCCE 91", piece="D5")
    assert made == Operation(0, "D5", LATER, label, Moves(bank=230_00), (Part("62810008", -230_00),), "OCCE 91")
    assert (made.remainder, made.kind) == (0, Kind.EXPENSE)


def test_a_line_on_an_account_of_produits_is_written_in_its_own_sense() -> None:
    made = membership_operation(DUE, {"62810008": 250_00, "75800008": -20_00}, year=YEAR, tiers="")
    assert (made.parts, made.remainder) == ((Part("62810008", 250_00), Part("75800008", 20_00)), 0)
    assert split_of(made) == {"62810008": 250_00, "75800008": -20_00}


@pytest.mark.parametrize("days", [-NEAR, 0, NEAR])
def test_an_operation_on_the_accounts_of_the_adhesion_near_the_day_is_the_same(days: int) -> None:
    noted = operation(date=DAY + timedelta(days), parts=(Part("62810008", 230_00),))
    assert noted_already(WANTED, [noted], ACCOUNTS) == noted


def test_the_same_cheque_is_the_same_payment_on_any_account_and_day() -> None:
    noted = operation(date=date(2026, 9, 2), parts=(Part("61800008", 230_00),), cheque="n° 2 000 101")
    assert noted_already(WANTED, [noted], ACCOUNTS) == noted


@pytest.mark.parametrize(
    "noted",
    [
        operation(moves=Moves(bank=-229_00)),
        operation(moves=Moves(cash=-230_00)),
        operation(cheque="2000102"),
        operation(date=DAY + timedelta(NEAR + 1)),
        operation(parts=(Part("62810008", 205_00), Part("61800008", 25_00))),
        operation(parts=()),
        operation(opening=True),
        operation(summary=True),
    ],
)
def test_another_payment_is_not_the_same(noted: Operation) -> None:
    assert noted_already(WANTED, [noted], ACCOUNTS) is None


def test_the_one_with_the_cheque_comes_first_then_the_nearest_then_the_first_typed() -> None:
    far, near, twin = (operation(key=key, date=DAY + timedelta(days)) for key, days in ((1, 20), (2, 3), (3, -3)))
    with_cheque = operation(key=4, date=DAY + timedelta(30), cheque="2000101")
    assert noted_already(WANTED, [far, near, with_cheque, twin], ACCOUNTS) == with_cheque
    assert noted_already(WANTED, [far, twin, near], ACCOUNTS) == near
    assert noted_already(replace(WANTED, cheque=""), [far, with_cheque], ACCOUNTS) == far
