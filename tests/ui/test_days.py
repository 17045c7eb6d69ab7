from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import InvalidDay, format_full, format_long, format_short, parse_day

YEAR = SchoolYear(2025)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14/11/2025", date(2025, 11, 14)),
        (" 14/11/25 ", date(2025, 11, 14)),
        ("14.11.25", date(2025, 11, 14)),
        ("14-11-2025", date(2025, 11, 14)),
        ("14 11 2025", date(2025, 11, 14)),
        ("2025-11-14", date(2025, 11, 14)),
        ("14112025", date(2025, 11, 14)),
        ("141125", date(2025, 11, 14)),
        ("1411", date(2025, 11, 14)),
        ("14/11", date(2025, 11, 14)),
        ("14/11/", date(2025, 11, 14)),
        ("1/9", date(2025, 9, 1)),
        ("31/8", date(2026, 8, 31)),
        ("3.2", date(2026, 2, 3)),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, day: date) -> None:
    assert parse_day(typed, YEAR) == day


@pytest.mark.parametrize(
    ("typed", "year", "message"),
    [
        ("  ", YEAR, "Indiquez une date, par exemple 14/11/2025."),
        ("hier", YEAR, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        ("14/11/202", YEAR, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        ("31/02/2026", YEAR, "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("29/02", YEAR, "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("11/14/2025", YEAR, "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("14/11/0000", YEAR, "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("14/11/0001", YEAR, "Cette année n’est pas plausible. Vérifiez-la."),
        ("31/08/1948", YEAR, "Cette année n’est pas plausible. Vérifiez-la."),
        ("01/09/2200", YEAR, "Cette année n’est pas plausible. Vérifiez-la."),
        ("14/11/9999", YEAR, "Cette année n’est pas plausible. Vérifiez-la."),
        ("hier", YEAR.next, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2026."),
        ("5", YEAR, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        ("14/11", None, "Indiquez aussi l’année, par exemple 14/11/2025."),
    ],
)
def test_what_is_no_day_is_refused_in_words(typed: str, year: SchoolYear | None, message: str) -> None:
    with pytest.raises(InvalidDay) as refusal:
        parse_day(typed, year)
    assert str(refusal.value) == message


@pytest.mark.parametrize(("typed", "day"), [("5", date(2026, 2, 5)), (" 12 ", date(2026, 2, 12)), ("12/3", date(2026, 3, 12))])
def test_a_day_alone_falls_in_the_month_of_the_day_beside_it(typed: str, day: date) -> None:
    assert parse_day(typed, YEAR, date(2026, 2, 27)) == day


def test_a_day_alone_that_the_month_has_not_is_refused() -> None:
    with pytest.raises(InvalidDay) as refusal:
        parse_day("30", YEAR, date(2026, 2, 27))
    assert str(refusal.value) == "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."


@given(st.dates(min_value=YEAR.first_day, max_value=YEAR.last_day))
def test_what_is_written_reads_back(day: date) -> None:
    assert parse_day(format_full(day)) == day
    assert parse_day(format_short(day), YEAR) == day


def test_long_days_are_french() -> None:
    assert [format_long(date(2026, 2, day)) for day in (1, 12)] == ["1er\u00a0février 2026", "12\u00a0février 2026"]
