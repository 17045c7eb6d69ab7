from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.dates import days_after, format_date, format_day, year_after


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2025, 11, 3), "3 novembre", "3 novembre 2025"),
        (date(2025, 9, 1), "1er septembre", "1er septembre 2025"),
        (date(2026, 8, 31), "31 août", "31 août 2026"),
        (date(2026, 2, 21), "21 février", "21 février 2026"),
    ],
)
def test_dates_are_written_as_the_french_write_them(day: date, short: str, long: str) -> None:
    assert (format_day(day), format_date(day)) == (short, long)


def test_delays_pass_over_months_and_years() -> None:
    assert days_after(date(2025, 12, 28), 60) == date(2026, 2, 26)
    assert year_after(date(2025, 7, 10)) == date(2026, 7, 10)
    assert year_after(date(2024, 2, 29)) == date(2025, 2, 28)


def test_delays_stop_where_the_calendar_does() -> None:
    assert days_after(date.max, 1) == year_after(date.max) == date.max


@given(st.dates(), st.integers(0, 10**12))
def test_no_delay_fails_nor_goes_back(day: date, days: int) -> None:
    assert day <= days_after(day, days)
    assert day <= year_after(day)
