from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.target import easter, is_target_day, next_target_day, target_days_before

DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "sunday",
    [date(1961, 4, 2), date(2000, 4, 23), date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25), date(2285, 3, 22)],
)
def test_easter_is_the_day_of_the_almanac(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("day", "moves"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2025, 12, 26), False),
        (date(2027, 1, 1), False),
        (date(2027, 3, 26), False),
        (date(2027, 3, 29), False),
        (date(2026, 5, 1), False),
        (date(2026, 5, 8), True),  # a bank holiday in France, and a day of TARGET
        (date(2026, 7, 14), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2026, 11, 30), True),
    ],
)
def test_euros_move_on_days_of_target(day: date, moves: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert is_target_day(day) is moves


def test_the_next_day_passes_over_christmas() -> None:
    assert next_target_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert next_target_day(date(2026, 12, 24)) == date(2026, 12, 24)


def test_days_before_pass_over_new_year() -> None:
    assert target_days_before(date(2027, 1, 4), 2) == date(2026, 12, 30)
    assert target_days_before(date(2027, 1, 4), 0) == date(2027, 1, 4)


@given(DAYS)
def test_the_next_day_is_the_first_one_that_moves(day: date) -> None:
    found = next_target_day(day)
    assert [is_target_day(day + timedelta(days=after)) for after in range((found - day).days)] == [False] * (found - day).days
    assert is_target_day(found)


@given(DAYS, st.integers(1, 30))
def test_between_a_day_and_the_one_before_it_lie_so_many_days(day: date, count: int) -> None:
    before = target_days_before(day, count)
    moving = [step for step in range((day - before).days) if is_target_day(before + timedelta(days=step))]
    assert len(moving) == count
    assert moving[0] == 0
