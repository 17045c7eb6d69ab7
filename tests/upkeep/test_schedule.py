from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from retkoop.upkeep.schedule import Done, Rhythm

PARIS = ZoneInfo("Europe/Paris")
RHYTHM = Rhythm(hours=1, night=time(2, 30), zone=PARIS)
NIGHTLY = Rhythm(hours=0, night=time(2, 30), zone=PARIS)
NOON = datetime(2026, 11, 27, 12, tzinfo=PARIS)


def done(since: timedelta, *, ok: bool = True, now: datetime = NOON) -> Done:
    return Done(now - since, ok)


def test_the_first_backup_is_due_at_once() -> None:
    assert RHYTHM.backup_is_due(None, NOON)


@pytest.mark.parametrize(("minutes", "due"), [(0, False), (59, False), (60, True), (600, True)])
def test_a_backup_is_due_each_hour(minutes: int, due: bool) -> None:  # noqa: FBT001 -- a column of the table above
    assert RHYTHM.backup_is_due(done(timedelta(minutes=minutes)), NOON) is due


def test_each_so_many_hours_where_the_settings_say_so() -> None:
    rhythm = Rhythm(hours=6, night=time(2, 30), zone=PARIS)
    assert [rhythm.backup_is_due(done(timedelta(hours=hours)), NOON) for hours in (5, 6)] == [False, True]


def test_or_at_night_alone() -> None:
    assert [NIGHTLY.backup_is_due(done(timedelta(hours=hours)), NOON) for hours in (9, 10)] == [False, True]


@pytest.mark.parametrize(("minutes", "due"), [(9, False), (10, True)])
def test_a_backup_that_failed_is_tried_again_soon(minutes: int, due: bool) -> None:  # noqa: FBT001 -- idem
    assert RHYTHM.backup_is_due(done(timedelta(minutes=minutes), ok=False), NOON) is due


def test_a_verification_is_due_once_a_night() -> None:
    before, after = datetime(2026, 11, 27, 2, 29, tzinfo=PARIS), datetime(2026, 11, 27, 2, 30, tzinfo=PARIS)
    yesterday, first = Done(datetime(2026, 11, 26, 2, 31, tzinfo=PARIS), ok=True), NOON - timedelta(days=30)
    assert [RHYTHM.verification_is_due(yesterday, first, now) for now in (before, after)] == [False, True]
    assert not RHYTHM.verification_is_due(Done(after, ok=False), first, NOON)


def test_the_first_verification_waits_for_the_first_night() -> None:
    assert not RHYTHM.verification_is_due(None, None, NOON)
    assert not RHYTHM.verification_is_due(None, NOON, NOON + timedelta(hours=14))
    assert RHYTHM.verification_is_due(None, NOON, NOON + timedelta(hours=15))


def test_what_was_missed_while_the_machine_was_off_is_due() -> None:
    assert RHYTHM.verification_is_due(done(timedelta(days=9)), NOON - timedelta(days=30), NOON)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 29, 12, tzinfo=PARIS), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 2:30 does not exist on that day
        (datetime(2026, 10, 25, 12, tzinfo=PARIS), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # it comes twice: the first one
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), datetime(2026, 11, 26, 1, 30, tzinfo=UTC)),  # it is the 27th in Paris already
        (datetime(2026, 11, 27, 1, 30, tzinfo=UTC), datetime(2026, 11, 27, 1, 30, tzinfo=UTC)),
    ],
)
def test_nights_follow_the_clocks_of_paris(now: datetime, expected: datetime) -> None:
    assert RHYTHM.last_night(now) == expected
