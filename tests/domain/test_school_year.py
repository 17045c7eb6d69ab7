from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear

years = st.integers(1948, 2199).map(SchoolYear)
days = st.dates(date(1948, 9, 1), date(2200, 8, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 8, 31), "2024-2025"),
        (date(2025, 9, 1), "2025-2026"),
        (date(2025, 12, 31), "2025-2026"),
        (date(2026, 1, 1), "2025-2026"),
        (date(2026, 8, 31), "2025-2026"),
        (date(2026, 9, 1), "2026-2027"),
        (date(2028, 2, 29), "2027-2028"),
    ],
)
def test_a_year_turns_on_the_first_of_september(day: date, name: str) -> None:
    assert str(SchoolYear.containing(day)) == name


@given(days)
def test_a_day_is_in_its_year_and_in_no_other(day: date) -> None:
    year = SchoolYear.containing(day)
    assert (day in year.previous, day in year, day in year.next) == (False, True, False)


@given(years)
def test_a_year_starts_where_the_one_before_ends(year: SchoolYear) -> None:
    assert year.first_day == year.previous.last_day + timedelta(days=1)
    assert year.next.previous == year
    assert year < year.next


@pytest.mark.parametrize(("start", "days_in_it"), [(2025, 365), (2027, 366), (2099, 365), (1999, 366)])
def test_a_leap_year_has_a_day_more(start: int, days_in_it: int) -> None:
    year = SchoolYear(start)
    assert (year.last_day - year.first_day).days + 1 == days_in_it


@given(years)
def test_a_name_reads_back(year: SchoolYear) -> None:
    assert SchoolYear.parse(str(year)) == year


@pytest.mark.parametrize(
    "name", ["", "2025", "2025-2027", "2026-2025", "2025/2026", "25-26", "2025-2026 ", "1947-1948", "2200-2201", "٢٠٢٥-٢٠٢٦"]
)
def test_anything_else_is_no_year(name: str) -> None:
    with pytest.raises(InvalidSchoolYear) as refusal:
        SchoolYear.parse(name)
    assert str(refusal.value) == f"«\u202f{name}\u202f» n’est pas une année scolaire. Écrivez par exemple 2025-2026."


def test_a_year_is_kept_for_ten_years_after_its_end() -> None:
    assert SchoolYear(2014).kept_until == date(2025, 8, 31)
