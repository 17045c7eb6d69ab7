"""A long task on SQLite lets others write between two of its transactions."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from retkoop.audit.models import Chain
from retkoop.audit.pace import give_way

TURNS = 15


@pytest.mark.only_on("sqlite")  # one writer at a time
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_to_write_is_served_before_the_task_is_done() -> None:
    begun = threading.Event()

    def task() -> None:
        for turn in range(TURNS):
            with transaction.atomic():
                Chain.objects.create(pk=f"task {turn}")
                begun.set()
                time.sleep(0.1)
            give_way()
        connection.close()

    with ThreadPoolExecutor(1) as worker:
        doing = worker.submit(task)
        assert begun.wait(30)
        with transaction.atomic():
            Chain.objects.create(pk="somebody")
            turns = Chain.objects.filter(pk__startswith="task").count()
        doing.result()
    assert (turns < TURNS, Chain.objects.filter(pk__startswith="task").count()) == (True, TURNS)


@pytest.mark.django_db
def test_inside_a_transaction_there_is_nothing_to_wait_for() -> None:
    before = time.monotonic()
    for _ in range(100):
        give_way()
    assert time.monotonic() - before < 5
