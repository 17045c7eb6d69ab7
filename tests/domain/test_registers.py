from __future__ import annotations

from datetime import date

from retkoop.domain.registers import DurablePurchase, Registers, Spending, astray_of, report_due
from retkoop.domain.school_year import SchoolYear


def test_a_book_without_registers_says_nothing() -> None:
    assert Registers() == Registers(purchases=(), grants=())


def test_a_good_may_be_listed_in_part_or_for_more_than_it_cost() -> None:
    missing = [DurablePurchase(1, "D01", "Appareil photo", 300_00, listed).missing for listed in (0, 120_00, 300_00, 340_00)]
    assert missing == [300_00, 180_00, 0, 0]


def test_what_no_charge_explains_is_astray() -> None:
    assert astray_of([Spending(1, 7, 50_00, 80_00), Spending(1, 8, 30_00, 20_00), Spending(2, 9, 10_00, 0)]) == {1: 10_00, 2: 10_00}


def test_the_first_told_takes_the_charges_of_an_operation_first() -> None:
    assert astray_of([Spending(1, 7, 50_00, 80_00), Spending(2, 7, 50_00, 80_00)]) == {1: 0, 2: 20_00}


def test_a_refund_explains_nothing() -> None:
    assert astray_of([Spending(1, 7, 50_00, -20_00)]) == {1: 50_00}


def test_a_funder_is_reported_to_within_six_months() -> None:
    assert [report_due(SchoolYear(start)) for start in (2025, 2026)] == [date(2027, 2, 28), date(2028, 2, 29)]
