from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from retkoop.ui.readonly import ReadOnlyRequests, WriteWhileReading, only_reads, read_only

READS = [
    'SELECT "a" FROM "t"',
    "select a from t",
    "  (SELECT 1) UNION (SELECT 2)",
    "-- says why\nSELECT 1",
    "/* INSERT INTO t */ SELECT 1",
    "SELECT 'INSERT INTO t; DROP TABLE t'",
    "SELECT 'it''s; an UPDATE'",
    "SELECT $tag$; DELETE FROM t$tag$",
    'SELECT "update", "delete" FROM "insert"',
    "SELECT REPLACE(label, 'a', 'b') FROM t",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "VALUES (1), (2)",
    "EXPLAIN QUERY PLAN SELECT 1",
    "PRAGMA foreign_keys",
    "PRAGMA table_info(t)",
    "SHOW server_version",
    "SAVEPOINT s1",
    "RELEASE SAVEPOINT s1",
    "ROLLBACK TO SAVEPOINT s1",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SELECT 1;",
]
SESSIONS = [
    'INSERT INTO "django_session" ("session_key") VALUES (%s)',
    "insert into django_session (session_key) values (%s)",
    'UPDATE "django_session" SET "session_data" = %s',
    'DELETE FROM "django_session" WHERE "session_key" IN (%s)',
]
WRITES = [
    'INSERT INTO "t" VALUES (1)',
    "insert into t values (1)",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "REPLACE INTO t VALUES (1)",
    "MERGE INTO t USING s ON a WHEN MATCHED THEN DELETE",
    "/* SELECT */ INSERT INTO t VALUES (1)",
    "-- SELECT\n DELETE FROM t",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
    "with x as (select 1) update t set a = 1",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    "EXPLAIN ANALYZE DELETE FROM t",
    "SELECT * INTO copy FROM t",
    "SELECT * FROM t FOR UPDATE",
    "select * from t for no key update",
    "SELECT * FROM t FOR SHARE",
    "SELECT * FROM t FOR KEY SHARE SKIP LOCKED",
    "SELECT 1; DROP TABLE t",
    "SELECT 'a'; DELETE FROM t",
    "CREATE TABLE t (a int)",
    "ALTER TABLE t ADD b int",
    "DROP TABLE t",
    "TRUNCATE t",
    "VACUUM",
    "REINDEX",
    "LOCK TABLE t",
    "COPY t FROM STDIN",
    "CALL f()",
    "DO $$ BEGIN DELETE FROM t; END $$",
    "PRAGMA user_version = 3",
    'INSERT INTO "django_sessions" VALUES (1)',
    'UPDATE "django_session_archive" SET a = 1',
    'DELETE FROM "django_session"; DELETE FROM t',
    'WITH x AS (DELETE FROM t RETURNING *) UPDATE "django_session" SET a = 1',
    "?",
]


@pytest.mark.parametrize("sql", [*READS, *SESSIONS])
def test_what_reads_passes(sql: str) -> None:
    assert only_reads(sql) is True


@pytest.mark.parametrize("sql", WRITES)
def test_what_writes_is_refused(sql: str) -> None:
    assert only_reads(sql) is False


def answer(request: HttpRequest) -> HttpResponse:
    ContentType.objects.create(app_label="ui", model=str(request.method))
    return HttpResponse()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_writes_raises(method: str) -> None:
    with pytest.raises(WriteWhileReading, match='INSERT INTO "django_content_type"'), transaction.atomic():
        ReadOnlyRequests(answer)(RequestFactory().generic(method, "/"))
    assert ContentType.objects.filter(app_label="ui").count() == 0


@pytest.mark.django_db
def test_a_form_that_is_sent_may_write() -> None:
    ReadOnlyRequests(answer)(RequestFactory().post("/"))
    assert list(ContentType.objects.filter(app_label="ui").values_list("model", flat=True)) == ["POST"]


@pytest.mark.django_db
def test_reading_may_open_transactions() -> None:
    @read_only()
    def count() -> int:
        with transaction.atomic(), transaction.atomic():
            return ContentType.objects.filter(app_label="ui").count()

    assert count() == 0


@pytest.mark.django_db
def test_many_rows_at_once_are_refused_too() -> None:
    with read_only(), pytest.raises(WriteWhileReading), connection.cursor() as cursor:
        cursor.executemany("DELETE FROM django_content_type WHERE id = %s", [(1,), (2,)])


@pytest.mark.django_db
@pytest.mark.only_on("postgresql")  # SQLite locks no rows
def test_rows_are_locked_by_writers_alone() -> None:
    with read_only(), pytest.raises(WriteWhileReading), transaction.atomic():
        ContentType.objects.select_for_update().first()
