"""Loaded by pytest before Django's settings: tests live in a folder of their own and never see anybody's data.

`--database=postgresql` starts one PostgreSQL server for all the workers and keeps the tests that touch a database.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.made import SHARED
from tests.postgresql import postgresql_server

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_serialized_rollback", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="where tests that touch a database run")


@pytest.hookimpl(tryfirst=True)  # pytest-django imports the settings in the same hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    # Playwright leaves its event loop running in the thread, where Django then refuses every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # it has inherited all this from the process that started it, but what it stores is its own
        own = Path(os.environ["RETKOOP_HOME"]) / worker
        own.mkdir(mode=0o700, exist_ok=True)
        os.environ["RETKOOP_HOME"] = str(own)
        return
    for name in [name for name in os.environ if name.startswith("RETKOOP_")]:
        del os.environ[name]
    cleanup = ExitStack()
    early_config.add_cleanup(cleanup.close)
    home = Path(tempfile.mkdtemp(prefix="retkoop-tests-"))
    cleanup.callback(shutil.rmtree, home, ignore_errors=True)
    os.environ["RETKOOP_HOME"] = str(home)
    shared = tempfile.mkdtemp(prefix="shared-by-tests-")
    cleanup.callback(shutil.rmtree, shared, ignore_errors=True)
    os.environ[SHARED] = shared
    os.environ["RETKOOP_TESSERACT"] = ""  # whatever the machine has, pictures are read where a test says so
    if early_config.known_args_namespace.database == "postgresql":
        os.environ["RETKOOP_DATABASE_URL"] = cleanup.enter_context(postgresql_server())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database = config.getoption("database")
    config.hook.pytest_deselected(items=[item for item in items if not _belongs_on(item, database)])
    items[:] = [item for item in items if _belongs_on(item, database)]


def _belongs_on(item: pytest.Item, database: str) -> bool:
    """Tell whether a test says something on a database: everything runs on SQLite; what asks a database, from Python, runs again."""
    if only := item.get_closest_marker("only_on"):
        return bool(only.args[0] == database)
    return database == "sqlite" or (_touches_database(item) and not _drives_a_browser(item))


def _drives_a_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def _touches_database(item: pytest.Item) -> bool:
    fixtures: Iterable[str] = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(fixtures)
