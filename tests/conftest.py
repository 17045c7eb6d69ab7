"""What every test may lean on. Nothing here stands in for our own code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import TestCase, override_settings
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import ConsoleMessage, Page
from pytest_django import DjangoDbBlocker

from tests.chromium import FLAGS, find_chromium
from tests.made import copied_template, migrated_file

hypothesis_settings.register_profile("whole", deadline=None, max_examples=100, print_blob=True)  # two workers share a machine: no deadline
hypothesis_settings.register_profile("quick", deadline=None, max_examples=10)
hypothesis_settings.register_profile("again", deadline=None, max_examples=30, print_blob=True)  # the rules were tried on SQLite

ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
CHEAP = "django.contrib.auth.hashers.MD5PasswordHasher"

JOURNEYS = Path(__file__).with_name("journeys")

Listen = Callable[[Page], None]

EXPECTED = ("Failed to load resource", "Response Status Error", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
"""What Chromium and htmx write in the console about answers 4xx and a cut network, which journeys ask for, and about a live
check that gives way to the line itself.
"""


def pytest_configure(config: pytest.Config) -> None:
    profile = "again" if config.getoption("database") == "postgresql" else "whole"
    hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", profile))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: JOURNEYS not in item.path.parents)  # the longest first, so that no worker waits long for the last
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("journey")


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose: one test asks for it (`argon2_passwords`), the others make do without."""
    with override_settings(PASSWORD_HASHERS=[CHEAP, ARGON2]):
        yield


@pytest.fixture(autouse=True)
def _own_documents() -> Iterator[None]:
    """Undo what a rollback does not: the files of a test's documents would be nobody's in whatever comes after it."""
    before = _stored()
    yield
    for file in _stored() - before:
        file.unlink(missing_ok=True)


def _stored() -> set[Path]:
    return {file for file in (settings.HOME / "documents").rglob("*") if file.is_file()}


@pytest.fixture
def argon2_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=[ARGON2]):
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Beside other workers, a database is a copy of one that has been migrated for all; alone, it is migrated here."""
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None, *, django_db_keepdb: bool
) -> None:
    """Put SQLite's test database in a file: in memory, threads share one connection and nothing is as it will be in use."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        file: Path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)
        if django_db_keepdb:
            shutil.copy(migrated_file(), file)
    elif django_db_keepdb:
        copied_template(database["TEST"]["NAME"])


@pytest.fixture(scope="class")
def lasting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written by a fixture of a class that asks for this is there for all its tests: each undoes what it adds, the last all.

    For what is long to make. A value that a test may change is read again by each: rows are shared, not objects.
    """
    before = _stored()
    with django_db_blocker.unblock():
        transactions = TestCase._enter_atomics()  # type: ignore[attr-defined]  # noqa: SLF001 -- as Django does for its own classes
        try:
            yield
        finally:
            TestCase._rollback_atomics(transactions)  # type: ignore[attr-defined]  # noqa: SLF001 -- idem
            for file in _stored() - before:
                file.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("Chromium manque. Lancez : sudo apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*FLAGS]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def no_complaint() -> Iterator[Listen]:
    """Listen to a page: a script's error or a refusal of the content security policy fails the test at its end."""
    complaints: list[str] = []

    def hear_message(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(EXPECTED):
            complaints.append(said.text)

    def listen(page: Page) -> None:
        page.on("console", hear_message)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    yield listen
    assert complaints == []
