"""The worker: works through the queue of tasks, and makes backups and verifications when they are due.

One runs beside each server (`supervision`); larger installations run more (`retkoop worker`). Two threads: a long backup does not
keep a document waiting.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from retkoop.assistance.presence import forget_the_gone
from retkoop.assistance.telling import tell_the_day
from retkoop.books.years import open_due_years
from retkoop.mailing.sending import wake as wake_the_mail
from retkoop.oversight.bulk.services import wake as wake_the_runs
from retkoop.oversight.national.summing import sum_up_when_due
from retkoop.oversight.reminders.services import resume_campaigns, start_due_campaigns
from retkoop.upkeep.models import UpkeepRun
from retkoop.upkeep.queries import BACKUP, VERIFICATION, first_run, last_run
from retkoop.upkeep.runs import run_backup, run_verification
from retkoop.upkeep.schedule import Done, Rhythm

_FIRST_LOOK: Final = 5
_BETWEEN_LOOKS: Final = 20
_IDLE: Final = 1
_LOST_AFTER: Final = timedelta(hours=1)
_MOST_TRIES: Final = 3
_YEARS_AT_ONCE: Final = 100
_OPENED: Final[set[date]] = set()
"""The day on which no coop waits for its year any more."""
_log = logging.getLogger(__name__)


def work(*, parent: int | None, stop: threading.Event) -> None:
    """Work until told to stop, or until the server that started this process has gone, however it went."""
    threading.Thread(target=_keep_to_the_schedule, args=[stop], daemon=True).start()
    bring_back_lost_tasks()
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        if not _try(do_one_task):
            stop.wait(_IDLE)


def do_one_task() -> bool:
    """Do the first task that waits; tell whether there was one. An empty queue is looked at without a lock."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return False
    with transaction.atomic():
        task = ready.get_locked()
        if task is not None:
            task.claim(f"{_host()} {os.getpid()}")
    if task is not None:
        _runner().run_task(task)
    return True


def _runner() -> Worker:
    """Return the worker of django-tasks, of which we want how it runs one task; when to run which is ours."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id="",
        excluded_queue_names=[],
    )


def _host() -> str:
    return socket.gethostname()[:40]


def bring_back_lost_tasks() -> None:
    """Put back in the queue what a worker had begun when it was killed: nothing that was promised is lost. Tasks bear to be done twice."""
    for task in DBTaskResult.objects.running():
        if _is_lost(task):
            status = TaskResultStatus.READY if len(task.worker_ids) < _MOST_TRIES else TaskResultStatus.FAILED
            DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING).update(status=status)


def _is_lost(task: DBTaskResult[Any, Any]) -> bool:
    host, _, process = (task.worker_ids or [""])[-1].rpartition(" ")
    if host == _host():
        return not _is_alive(int(process))
    return task.started_at is None or task.started_at < timezone.now() - _LOST_AFTER


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()  # the number of the one that died was given to us


def _keep_to_the_schedule(stop: threading.Event) -> None:
    seconds = _FIRST_LOOK
    while not stop.wait(seconds):
        seconds = _BETWEEN_LOOKS
        _try(wake_the_mail)
        _try(start_due_campaigns)
        _try(resume_campaigns)
        _try(wake_the_runs)
        _try(do_what_is_due)
        _try(open_the_new_year)
        _try(forget_the_gone)
        _try(tell_the_day)
        _try(sum_up_the_country)


def _try(step: Callable[[], object]) -> bool:
    """Do a step; neither a database that does not answer for a while nor a step that fails keeps the others from being done."""
    close_old_connections()
    try:
        return bool(step())
    except DatabaseError:
        _log.exception("la base de données ne répond pas")
    except Exception:  # noqa: BLE001 -- a relance that breaks must not end the backups: what failed is logged, and tried at the next look
        _log.exception("une étape du programme de fond a échoué")
    return False


def do_what_is_due() -> None:
    """Make the backup and the verification whose time has come."""
    if _backup_is_due():
        run_backup(if_due=_backup_is_due)
    if _verification_is_due():
        run_verification(if_due=_verification_is_due)


def open_the_new_year() -> None:
    """Open the year of the coops that kept the one before, some at a time; once all have theirs, the next look is tomorrow's."""
    today = timezone.localdate()
    if today not in _OPENED and open_due_years(today=today, most=_YEARS_AT_ONCE) < _YEARS_AT_ONCE:
        _OPENED.clear()
        _OPENED.add(today)


def sum_up_the_country() -> bool:
    """Make the national figures again where it is time."""
    return sum_up_when_due(last_night=_rhythm().last_night(timezone.now()))


def _backup_is_due() -> bool:
    return _rhythm().backup_is_due(_done(last_run(BACKUP)), timezone.now())


def _verification_is_due() -> bool:
    first = first_run(BACKUP)
    return _rhythm().verification_is_due(_done(last_run(VERIFICATION)), first.started if first else None, timezone.now())


def _rhythm() -> Rhythm:
    return Rhythm(settings.BACKUP_HOURS, settings.NIGHT, ZoneInfo(settings.TIME_ZONE))


def _done(run: UpkeepRun | None) -> Done | None:
    return Done(run.started, run.ok) if run else None
