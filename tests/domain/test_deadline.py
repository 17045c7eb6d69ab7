from __future__ import annotations

from datetime import date

import pytest

from retkoop.domain.deadline import due_day, time_left
from tests.domain.strategies import YEAR


def test_accounts_are_due_so_many_days_after_the_year() -> None:
    assert [due_day(YEAR), due_day(YEAR, 45)] == [date(2026, 9, 30), date(2026, 10, 15)]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 9, 14), "Il reste 16 jours"),
        (date(2026, 9, 29), "Il reste 1 jour"),
        (date(2026, 9, 30), "À envoyer aujourd’hui"),
        (date(2026, 10, 1), "En retard de 1 jour"),
        (date(2026, 11, 30), "En retard de 61 jours"),
    ],
)
def test_how_far_it_is(today: date, told: str) -> None:
    assert time_left(date(2026, 9, 30), today) == told
