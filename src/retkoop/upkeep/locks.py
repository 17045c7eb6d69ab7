"""Locks that the system takes back when their holder dies, however it dies: nobody has to guess whether one is still alive."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from retkoop.upkeep.backups.restoring import IN_SERVICE


@contextmanager
def alone(task: str) -> Iterator[bool]:
    """Yield whether this process may do a task: False while another one of the same installation does it.

    PostgreSQL is shared by machines, and keeps the lock itself; an embedded database lies in the folder where the lock lies.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(sha256(f"retkoop {task}".encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            (taken,) = cursor.fetchone()
            try:
                yield taken
            finally:
                if taken:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return
    with (settings.HOME / f".{task}.lock").open("wb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def in_service() -> Iterator[None]:
    """Mark the data folder as one that people work in: `retkoop restore` leaves it alone. Waits for one that is at work there."""
    while True:
        settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = settings.HOME / IN_SERVICE
        with path.open("wb") as mark:
            fcntl.flock(mark, fcntl.LOCK_SH)
            if _is_at(path, mark.fileno()):
                yield
                return


def _is_at(path: Path, handle: int) -> bool:
    """Tell whether an open file still bears its name: a restoration may have put another folder in the place of its own."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
