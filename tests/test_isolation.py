"""Tests see nobody's data and run on the database that was asked for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.db import connection


def test_the_data_folder_is_one_of_our_own_and_the_workers_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    run = settings.HOME.parent if worker else settings.HOME
    assert run.parent == Path(tempfile.gettempdir())
    assert run.name.startswith("retkoop-tests-")
    assert run / worker == settings.HOME


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == pytestconfig.getoption("database")


@pytest.mark.django_db
def test_the_embedded_database_is_a_file() -> None:
    assert Path(connection.settings_dict["NAME"]).is_file() is (connection.vendor == "sqlite")


@pytest.mark.usefixtures("argon2_passwords")
def test_real_passwords_are_kept_with_argon2() -> None:
    kept = make_password("quatre mots sans rapport")
    assert identify_hasher(kept).algorithm == "argon2"
    assert check_password("quatre mots sans rapport", kept)
