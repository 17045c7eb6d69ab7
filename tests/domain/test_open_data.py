from __future__ import annotations

import pytest

from retkoop.domain.open_data import ELSEWHERE, OpenFigure, may_be_told, told_figures


def figure(department: str, coops: int, amount: int = 1000_00, largest: int = 100_00, account: str = "61800008") -> OpenFigure:
    return OpenFigure(department, account, coops, amount, largest)


@pytest.mark.parametrize(
    ("coops", "amount", "largest", "told"),
    [
        (5, 1000_00, 100_00, True),
        (4, 1000_00, 100_00, False),
        (50, 1000_00, 850_00, True),
        (50, 1000_00, 850_01, False),
        (50, -1000_00, 850_00, True),
        (50, 0, 100_00, False),
    ],
)
def test_few_coops_and_one_that_makes_up_nearly_all_are_not_told(coops: int, amount: int, largest: int, *, told: bool) -> None:
    assert may_be_told(figure("91", coops, amount, largest)) is told


def test_what_may_not_be_told_alone_is_told_together() -> None:
    few = [figure("48", 3), figure("2A", 3, 500_00, 400_00), figure("15", 4)]
    assert told_figures([*few, figure("91", 40), figure("33", 20)]) == [
        figure("33", 20),
        figure("91", 40),
        OpenFigure(ELSEWHERE, "61800008", 10, 2500_00, 400_00),
    ]


def test_what_says_too_much_even_together_is_left_out() -> None:
    assert told_figures([figure("48", 2), figure("2A", 2), figure("91", 40)]) == [figure("91", 40)]
    assert told_figures([figure("48", 30, 100_00, 99_00), figure("91", 40)]) == [figure("91", 40)]


@pytest.mark.parametrize(
    "hidden",
    [
        [figure("48", 4), figure("2A", 4)],  # the AD of one takes its own figure off, and reads the other's
        [figure("48", 4), figure("2A", 2), figure("15", 2)],
        [figure("48", 4), figure("2A", 4), figure("15", 40, 10000_00, 9500_00)],
    ],
)
def test_together_tells_none_of_its_departements_about_the_others(hidden: list[OpenFigure]) -> None:
    assert told_figures([*hidden, figure("91", 40)]) == [figure("91", 40)]


def test_each_account_is_told_by_itself_in_the_order_of_codes() -> None:
    photos = figure("91", 9, account="70700008")
    assert told_figures([photos, figure("91", 40)]) == [figure("91", 40), photos]
    assert told_figures([]) == []
