from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from retkoop.upkeep.backups.names import made_at, name_of, outdated

AT = datetime(2026, 11, 27, 14, 30, 5)  # noqa: DTZ001 -- names tell local time


def test_a_name_tells_when() -> None:
    assert name_of(AT, encrypted=False) == "retkoop-2026-11-27-143005.tar"
    assert name_of(AT, encrypted=True) == "retkoop-2026-11-27-143005.tar.age"
    assert [made_at(name_of(AT, encrypted=encrypted)) for encrypted in (False, True)] == [AT, AT]


@pytest.mark.parametrize(
    "name",
    [
        *("retkoop.tar", "retkoop-2026-11-27-143005.tar.gz", "retkoop-2026-11-27-143005 (copie).tar", "retkoop-2026-13-27-143005.tar"),
        *("Retkoop-2026-11-27-143005.tar", "retkoop-2026-11-27-143005.tar\n", "retkoop-٢٠٢٦-11-27-143005.tar", ""),
    ],
)
def test_any_other_name_is_none_of_ours(name: str) -> None:
    assert made_at(name) is None
    assert outdated([name] * 3, last=0, nights=0) == []


def names(*moments: datetime) -> list[str]:
    return [name_of(moment, encrypted=False) for moment in moments]


def test_the_last_ones_and_the_last_of_each_day_stay() -> None:
    hourly = [AT - timedelta(hours=hour) for hour in range(24 * 40)]
    gone = set(outdated(names(*hourly), last=24, nights=30))
    kept = [moment for moment in hourly if name_of(moment, encrypted=False) not in gone]
    days = [max(moment for moment in hourly if moment.date() == AT.date() - timedelta(days=day)) for day in range(30)]
    assert kept == sorted({*hourly[:24], *days}, reverse=True)


def test_a_machine_that_is_seldom_on_keeps_as_many() -> None:
    monthly = [AT - timedelta(days=30 * month) for month in range(12)]
    assert outdated(names(*monthly), last=2, nights=6) == sorted(names(*monthly[6:]))


def test_the_newest_always_stays() -> None:
    assert outdated(names(AT, AT - timedelta(hours=1)), last=0, nights=0) == names(AT - timedelta(hours=1))


def test_encrypted_or_not_is_the_same_to_age() -> None:
    mixed = [name_of(AT, encrypted=True), *names(AT - timedelta(seconds=1))]
    assert outdated(mixed, last=1, nights=0) == names(AT - timedelta(seconds=1))
