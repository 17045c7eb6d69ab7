"""The worker makes the national figures: what they come to, when they are due, one worker at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from retkoop.audit.services import SYSTEM
from retkoop.books.models import AccountTotal
from retkoop.domain.school_year import SchoolYear
from retkoop.network.services import create_coop
from retkoop.oversight.national.models import NationalState, NationalTotal, Summing
from retkoop.oversight.national.queries import Money, is_awaited, money_by_association, summing
from retkoop.oversight.national.summing import ask_for_figures, sum_up, sum_up_when_due
from retkoop.upkeep.worker import do_one_task
from tests.cast import association
from tests.clock import Clock
from tests.oversight.board.at_hand import an_association
from tests.oversight.national.at_hand import booked

YEAR = SchoolYear(2025)
EXPENSES, PHOTOS = "61800008", "70700008"


def totals() -> list[tuple[object, ...]]:
    columns = ("association__department", "start", "account", "debit", "credit", "coops", "largest")
    return list(NationalTotal.objects.order_by("association__department", "start", "account").values_list(*columns))


@pytest.mark.django_db
def test_totals_are_summed_by_association_account_and_year() -> None:
    booked("91", {EXPENSES: [100_00, 50_00, 0], PHOTOS: [-300_00], "512": [150_00]})
    booked("33", {EXPENSES: [7_00]})
    booked("33", {EXPENSES: [-9_00]}, start=2024)
    assert sum_up(whole=True)
    assert totals() == [
        ("33", 2024, EXPENSES, 0, 9_00, 1, 9_00),
        ("33", 2025, EXPENSES, 7_00, 0, 1, 7_00),
        ("91", 2025, "512", 150_00, 0, 1, 150_00),
        ("91", 2025, EXPENSES, 150_00, 0, 2, 100_00),
        ("91", 2025, PHOTOS, 0, 300_00, 1, 300_00),
    ]
    assert money_by_association(YEAR) == {
        association("33").pk: Money(charges=7_00),
        association("91").pk: Money(150_00, 300_00, 150_00),
    }
    assert money_by_association(YEAR)[association("91").pk].result == 150_00


@pytest.mark.django_db
def test_sub_accounts_count_under_their_national_account() -> None:
    booked("91", {EXPENSES: [100_00, 50_00], "61800018": [30_00], PHOTOS: [-9_00]})
    sum_up(whole=True)
    assert totals() == [("91", 2025, EXPENSES, 180_00, 0, 2, 130_00), ("91", 2025, PHOTOS, 0, 9_00, 1, 9_00)]


@pytest.mark.django_db
def test_states_are_those_of_the_board(clock: Clock) -> None:
    an_association()
    sum_up(whole=True)
    state = NationalState.objects.get(association__department="91", start=2025)
    assert (state.coops, state.activated, state.not_ready, state.ready, state.done, state.late, state.sent) == (4, 3, 2, 1, 1, 2, 2)
    assert (state.due, state.help_open, state.help_waiting) == (date(2026, 9, 30), 0, 0)
    assert set(NationalState.objects.filter(association__department="91").values_list("start", flat=True)) == {2025, 2026}


@pytest.mark.django_db
def test_what_is_gone_is_not_counted_any_more() -> None:
    [book] = booked("91", {EXPENSES: [100_00]}, start=2023)
    sum_up(whole=True)
    AccountTotal.objects.filter(book=book).delete()
    sum_up(whole=False)
    assert [row[1] for row in totals()] == [2023]  # by day, years that are over are left as they are
    sum_up(whole=True)
    assert totals() == []


@pytest.mark.django_db
def test_it_is_due_each_night_and_by_day_where_something_changed(clock: Clock) -> None:
    night = timezone.now() - timedelta(hours=6)
    assert sum_up_when_due(last_night=night)
    assert not sum_up_when_due(last_night=night)
    clock.advance(minutes=20)
    assert not sum_up_when_due(last_night=night)  # nothing has changed
    create_coop(author=SYSTEM, rne="0910000A", name="École", commune="Évry")
    assert sum_up_when_due(last_night=night)
    create_coop(author=SYSTEM, rne="0910620E", name="École", commune="Évry")
    clock.advance(minutes=10)
    assert not sum_up_when_due(last_night=night)  # a quarter of an hour between two
    clock.at(22, 0)
    assert not sum_up_when_due(last_night=night)  # nobody looks any more
    assert sum_up_when_due(last_night=timezone.now())


@pytest.mark.django_db
def test_one_worker_at_a_time_and_never_none_for_long(clock: Clock) -> None:
    now = timezone.now()
    Summing.objects.create(pk=1, begun_at=now, beat_at=now)
    assert not sum_up(whole=True)
    clock.advance(minutes=11)
    assert sum_up(whole=True)
    row = summing()
    assert (row.begun_at, row.done, row.total, row.ended_at) == (None, 101, 101, timezone.now())


@pytest.mark.django_db
def test_whoever_asks_gets_them_from_the_queue_once() -> None:
    booked("91", {EXPENSES: [100_00]})
    ask_for_figures()
    ask_for_figures()
    assert DBTaskResult.objects.count() == 1
    assert is_awaited(summing())
    assert do_one_task()
    assert (is_awaited(summing()), len(totals())) == (False, 1)
