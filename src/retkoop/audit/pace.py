"""The pace of long tasks: whoever saves something meanwhile is not kept waiting."""

from __future__ import annotations

import time
from typing import Final

from django.db import connection

_A_LOOK: Final = 0.12
"""Seconds: a little more than SQLite lets pass between two looks of a connection that waits to write."""


def give_way() -> None:
    """Let those write who wait to; for a long task, between two of its transactions.

    SQLite has one writer at a time, and no queue: a task that begins the next transaction at once would be there before them each time.
    PostgreSQL keeps nobody waiting but for the same rows.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(_A_LOOK)
