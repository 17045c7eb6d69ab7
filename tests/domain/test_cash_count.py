from __future__ import annotations

from datetime import date

import pytest

from retkoop.domain.cash_count import DENOMINATIONS, MOST_PIECES, CashCount, InvalidCount, total_counted


@pytest.mark.parametrize(
    ("counted", "gap", "message"),
    [
        (21_50, 0, "Bravo, la caisse est juste\u202f: 21,50\u202f€."),
        (18_30, -3_20, "Il manque 3,20\u202f€ dans la caisse."),
        (21_51, 1, "Il y a 0,01\u202f€ de trop dans la caisse."),
    ],
)
def test_the_answer_comes_at_once(counted: int, gap: int, message: str) -> None:
    count = CashCount(date(2026, 6, 30), counted, 21_50)
    assert (count.gap, count.is_right, count.message) == (gap, gap == 0, message)


def test_notes_and_coins_are_those_of_the_euro() -> None:
    assert DENOMINATIONS == (500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1)


def test_notes_and_coins_add_up() -> None:
    assert total_counted({}) == 0
    assert total_counted({20_00: 1, 1_00: 1, 20: 2, 10: 1, 5: 0}) == 21_50
    assert total_counted(dict.fromkeys(DENOMINATIONS, 1)) == 888_88


def test_a_note_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidCount) as refusal:
        total_counted({25_00: 1})
    assert str(refusal.value) == "Il n’existe ni billet ni pièce de 25,00\u202f€."


@pytest.mark.parametrize("quantity", [-1, MOST_PIECES + 1])
def test_a_number_of_coins_that_cannot_be_is_refused(quantity: int) -> None:
    with pytest.raises(InvalidCount) as refusal:
        total_counted({2_00: quantity})
    assert str(refusal.value) == "Indiquez un nombre entier, positif ou nul."


def test_a_very_full_piggy_bank_is_still_counted() -> None:
    assert total_counted({1: MOST_PIECES}) == 1_000_00
