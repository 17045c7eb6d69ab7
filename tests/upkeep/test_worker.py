"""The worker, step by step: the queue, and what a worker that was killed had begun."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from retkoop.upkeep import worker
from retkoop.upkeep.worker import bring_back_lost_tasks, do_one_task
from tests.upkeep import errands

pytestmark = pytest.mark.django_db

HERE = socket.gethostname()[:40]


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    errands.done.clear()


def statuses() -> list[str]:
    return [str(task.status) for task in DBTaskResult.objects.order_by("enqueued_at")]


def test_tasks_are_done_one_after_the_other() -> None:
    errands.run_errand.enqueue("stamps")
    errands.run_errand.enqueue("ink")
    assert [do_one_task(), errands.done] == [True, ["stamps"]]
    assert [do_one_task(), do_one_task(), errands.done] == [True, False, ["stamps", "ink"]]
    assert statuses() == ["SUCCESSFUL"] * 2


def test_a_task_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    errands.fail_at_it.enqueue()
    errands.run_errand.enqueue("ink")
    assert [do_one_task(), do_one_task()] == [True, True]
    assert (statuses(), errands.done) == (["FAILED", "SUCCESSFUL"], ["ink"])


def test_a_step_of_the_schedule_that_fails_keeps_no_other_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise KeyError("mandat")

    with ThreadPoolExecutor(1) as apart:  # as the schedule: it closes the connections of its thread
        told = list(apart.map(worker._try, [broken, lambda: True]))  # noqa: SLF001 -- the loop around it never ends
    assert told == [False, True]
    assert [record.getMessage() for record in caplog.records] == ["une étape du programme de fond a échoué"]


def begun(by: str, *, since: timedelta = timedelta(0), tries: int = 1) -> DBTaskResult:  # type: ignore[type-arg]  # of any task
    """Return a task that a worker has begun."""
    task = DBTaskResult.objects.get(pk=errands.run_errand.enqueue("stamps").id)
    task.status, task.started_at, task.worker_ids = "RUNNING", timezone.now() - since, [by] * tries
    task.save()
    return task


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_what_a_killed_worker_had_begun_is_done(dead: int) -> None:
    begun(f"{HERE} {dead}")
    assert not do_one_task()
    bring_back_lost_tasks()
    assert do_one_task()
    assert (statuses(), errands.done) == (["SUCCESSFUL"], ["stamps"])


def test_what_a_living_worker_does_is_left_to_it() -> None:
    begun(f"{HERE} {os.getppid()}", since=timedelta(days=1))
    bring_back_lost_tasks()
    assert statuses() == ["RUNNING"]


def test_the_number_of_a_dead_worker_may_be_ours() -> None:
    begun(f"{HERE} {os.getpid()}")
    bring_back_lost_tasks()
    assert statuses() == ["READY"]


@pytest.mark.parametrize(("hours", "status"), [(0, "RUNNING"), (2, "READY")])
def test_a_worker_on_another_machine_has_an_hour(hours: int, status: str) -> None:
    begun("elsewhere 12", since=timedelta(hours=hours))
    bring_back_lost_tasks()
    assert statuses() == [status]


def test_a_task_that_kills_its_workers_is_given_up(dead: int) -> None:
    begun(f"{HERE} {dead}", tries=3)
    bring_back_lost_tasks()
    assert statuses() == ["FAILED"]
