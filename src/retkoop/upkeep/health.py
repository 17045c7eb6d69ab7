"""Health: whether this installation can answer, for whoever watches over it."""

from __future__ import annotations

import logging
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_log = logging.getLogger(__name__)


def is_healthy() -> bool:
    """Tell whether the database answers and has all the migrations of this version. Why not stands in the log, not in the answer."""
    try:
        missing = _known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError:
        _log.exception("la base de données ne répond pas")
        return False
    if missing:
        _log.error("migrations à appliquer : %s", ", ".join(sorted(f"{app}.{name}" for app, name in missing)))
    return not missing


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or {})
