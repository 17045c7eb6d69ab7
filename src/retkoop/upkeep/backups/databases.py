"""The database in a backup: a copy that SQLite makes of itself while people work, or what pg_dump writes of PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from retkoop.archive.models import Document
from retkoop.books.models import Book, Operation
from retkoop.network.models import Coop
from retkoop.upkeep.backups import tape
from retkoop.upkeep.backups.refusals import CannotBackUp, CannotRestore

MEMBERS: Final = {"sqlite": tape.SQLITE, "postgresql": tape.POSTGRESQL}
COUNTED: Final = {"coops": Coop, "books": Book, "operations": Operation}
_NO_CLIENT: Final = "{} est introuvable : installez les programmes de PostgreSQL (paquet postgresql-client), de la version du serveur."

Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Dump:
    """A database in a file, the documents that it names, and how much it holds."""

    file: Path
    documents: list[str]
    counts: dict[str, int]


def dump(folder: Path) -> Dump:
    """Write the database as it is at one moment. Raises CannotBackUp."""
    file = folder / MEMBERS[connection.vendor]
    return _dump_sqlite(file) if connection.vendor == "sqlite" else _dump_postgresql(file)


def _read(file: Path, ask: Ask) -> Dump:
    tables = {name: model._meta.db_table for name, model in COUNTED.items()}
    counts = {name: ask(f"SELECT count(*) FROM {table}")[0][0] for name, table in tables.items()}  # noqa: S608 -- our own tables
    digests = ask(f"SELECT DISTINCT digest FROM {Document._meta.db_table} ORDER BY digest")  # noqa: S608 -- idem
    return Dump(file, [digest for (digest,) in digests], counts)


def _dump_sqlite(file: Path) -> Dump:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without its neighbours
            wrong = [said for (said,) in copy.execute("PRAGMA quick_check") if said != "ok"]
            if wrong:
                raise CannotBackUp(f"La base de données est abîmée, la copie n’est pas gardée : {wrong[0]}")
            return _read(file, lambda sql: copy.execute(sql).fetchall())
    except sqlite3.Error as trouble:
        raise CannotBackUp(f"La base de données ne peut pas être copiée : {trouble}") from trouble


def _dump_postgresql(file: Path) -> Dump:
    """Let pg_dump and the list of documents see the same moment."""
    program = _program("pg_dump", CannotBackUp)
    with closing(connections.create_connection(DEFAULT_DB_ALIAS)) as session, session.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        told = _run(program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
        if told:
            raise CannotBackUp(f"La base de données ne peut pas être copiée : {told}")

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        return _read(file, ask)


def read_copy(file: Path) -> tuple[set[str], dict[str, int] | None]:
    """Check a copy of SQLite; return the documents that it names, and how much it holds (None: of a version without documents).

    Raises CannotRestore.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)) as copy:
            wrong = [said for (said,) in copy.execute("PRAGMA integrity_check") if said != "ok"]
            if wrong:
                raise CannotRestore(f"La base de cette sauvegarde est abîmée, rien n’a été restauré : {wrong[0]}")
            if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [Document._meta.db_table]).fetchone():
                return set(), None
            read = _read(file, lambda sql: copy.execute(sql).fetchall())
    except sqlite3.Error as trouble:
        raise CannotRestore(f"La base de cette sauvegarde est illisible, rien n’a été restauré : {trouble}") from trouble
    return set(read.documents), read.counts


def refuse_a_full_database() -> None:
    """Raise CannotRestore where PostgreSQL holds tables already."""
    if connection.introspection.table_names():
        raise CannotRestore(
            "La base de données de RETKOOP_DATABASE_URL contient déjà des tables. Indiquez une base vide, "
            "ou ajoutez --force : l’ancien contenu sera gardé à part."
        )


def keep_postgresql(file: Path) -> None:
    """Write a dump of what PostgreSQL holds. Raises CannotRestore."""
    told = _run(_program("pg_dump", CannotRestore), "--format=custom", f"--file={file}")
    if told:
        raise CannotRestore(f"L’ancienne base ne peut pas être gardée à part, rien n’a été restauré : {told}")


def load_postgresql(file: Path, *, clean: bool) -> None:
    """Replace what PostgreSQL holds, all or nothing; `clean` takes away what is there. Raises CannotRestore."""
    program = _program("pg_restore", CannotRestore)
    options = ("--clean", "--if-exists") if clean else ()
    connection.close()
    told = _run(program, "--single-transaction", "--no-owner", "--no-privileges", *options, "--dbname", last=str(file))
    if told:
        raise CannotRestore(f"La base de données ne peut pas être restaurée, rien n’a changé : {told}")


def _program(name: str, refusal: type[Exception]) -> str:
    found = shutil.which(name)
    if found is None:
        raise refusal(_NO_CLIENT.format(name))
    return found


def _run(program: str, *options: str, last: str = "") -> str:
    """Run a program of PostgreSQL on our database, named after its options, and return what it complained of, if it failed."""
    (_, *arguments), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, list(options))
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL
        [program, *arguments, *([last] if last else [])],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return " ".join(done.stderr.split()) or f"{Path(program).name} {done.returncode}"
