"""What takes long to make and is the same for every test: made once for all the workers of a run, then copied."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

RETKOOP = Path(sys.executable).with_name("retkoop")
SHARED = "TESTS_SHARED"
"""The environment's name for the folder that the workers of a run share; tests.isolation makes it."""


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of a name; the first worker to come makes what is in it, the others wait."""
    folder = Path(os.environ[SHARED]) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o700)
            make(making)
            making.rename(folder)
    return folder


def new_home(home: Path) -> Path:
    """Make a data folder whose database is migrated and empty, as after a first start."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(migrated_file(), home)
    return home


def migrated_file() -> Path:
    """Return an SQLite database, migrated and empty."""
    return made_once("migrated", _migrate) / "retkoop.sqlite3"


def migrated_template() -> str:
    """Return the name of a database, migrated and empty, on the PostgreSQL server of the run."""
    server, name = os.environ["RETKOOP_DATABASE_URL"], "migrated"

    def make(home: Path) -> None:
        with psycopg.connect(server, autocommit=True) as session:
            session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        _migrate(home, server.rpartition("/")[0] + f"/{name}")

    made_once("migrated_template", make)
    return name


def copied_template(name: str) -> None:
    """Make a database of a name, migrated and empty."""
    template = migrated_template()
    with psycopg.connect(os.environ["RETKOOP_DATABASE_URL"], autocommit=True) as session:
        session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _migrate(home: Path, url: str = "") -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("RETKOOP_", "DJANGO_", "COV_"))}
    environment = {**own, "RETKOOP_HOME": str(home), "RETKOOP_DATABASE_URL": url}
    done = subprocess.run([RETKOOP, "migrate", "--verbosity", "0"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
