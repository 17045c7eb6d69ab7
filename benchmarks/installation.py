"""A Retkoop of its own to be measured: a folder, books of the sizes asked for, a server in its own process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from retkoop.books.exporting import csv_of
from retkoop.domain.entry import Moves
from retkoop.domain.rne import control_letter
from retkoop.domain.school_year import SchoolYear
from retkoop.upkeep.seasons import made_up_year

RETKOOP = Path(sys.executable).with_name("retkoop")
YEAR = SchoolYear(2025)
PATIENCE = 60


@dataclass(frozen=True)
class Installation:
    """Where the server listens, the coop that keeps a book of each size, and the environment that leads to its folder."""

    port: int
    coops: dict[int, str]
    environment: dict[str, str]


@contextmanager
def installation(sizes: list[int]) -> Iterator[Installation]:
    """Make an installation, serve it, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="retkoop-benchmarks-") as folder:
        home = Path(folder)
        digits = {size: f"09199{number:02d}" for number, size in enumerate(sizes)}
        coops = {size: number + control_letter(number) for size, number in digits.items()}
        for size, rne in coops.items():
            _import(home, rne, size)
        with _serving(home) as port:
            yield Installation(port, coops, _environment(home))


def _import(home: Path, rne: str, size: int) -> None:
    operations = made_up_year(Random(size), YEAR, size, Moves(bank=1_500_00, cash=40_00))  # noqa: S311 -- made-up figures
    file = home / f"{rne}.csv"
    file.write_text(csv_of(operations), encoding="utf-8")
    command = [str(RETKOOP), "import-book", str(file), "--coop", rne, "--year", str(YEAR), "--create"]
    subprocess.run(command, env=_environment(home), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own program


@contextmanager
def _serving(home: Path) -> Iterator[int]:
    port = _free_port()
    with subprocess.Popen([RETKOOP, "serve", "--port", str(port)], env=_environment(home), stdout=subprocess.DEVNULL) as server:  # noqa: S603 -- idem
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not open")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("RETKOOP_")}
    return {**own, "RETKOOP_HOME": str(home), "RETKOOP_TIMING": "1", "RETKOOP_WORKER": "0"}
