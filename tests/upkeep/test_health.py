from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = pytest.mark.django_db


def test_all_is_well() -> None:
    answer = Client().get("/sante/")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]


def test_a_migration_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    MigrationRecorder(connection).record_unapplied("books", "0001_initial")
    answer = Client().get("/sante/")
    assert (answer.status_code, answer.content) == (503, b"indisponible\n")
    assert "migrations à appliquer : books.0001_initial" in caplog.text


def test_the_database_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME COLUMN app TO gone")
    answer = Client().get("/sante/")
    assert (answer.status_code, answer.content) == (503, b"indisponible\n")
    assert "la base de données ne répond pas" in caplog.text


def test_it_is_only_read() -> None:
    assert Client().post("/sante/").status_code == 405
