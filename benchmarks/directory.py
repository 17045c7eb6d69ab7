"""How long the directory of the whole country takes to be taken in: `python -m benchmarks.directory [--rows N]` (docs/mesures.md).

The file is made up: the rows of a real extract again and again, each with a number of its own. First into an empty folder, then once more.
"""

from __future__ import annotations

import csv
import os
import subprocess
import tempfile
from argparse import ArgumentParser
from itertools import cycle, islice
from os import times
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.installation import RETKOOP
from retkoop.domain.rne import control_letter
from retkoop.upkeep.schools import PREFIXES

EXTRACT: Final = Path(__file__).parents[1] / "tests/network/directory/annuaire-094-2026.csv"
ROWS: Final = 60_000
BUDGET: Final = 20
"""Seconds, the start of the command in them."""


def make_file(file: Path, rows: int) -> None:
    """Write a directory of so many schools."""
    with EXTRACT.open(encoding="utf-8-sig", newline="") as stream:
        header, *real = csv.reader(stream, delimiter=";")
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(header)
        for number, row in enumerate(islice(cycle(real), rows)):
            digits = f"{PREFIXES[number % len(PREFIXES)]}{number // len(PREFIXES):04d}"
            writer.writerow([digits + control_letter(digits), *row[1:]])


def _seconds(file: Path, home: Path) -> tuple[float, float]:
    """Return the seconds of the clock and those of the processor: on a busy machine the rest is waiting."""
    environment = {**os.environ, "RETKOOP_HOME": str(home)}
    began, before = perf_counter(), _worked()
    subprocess.run([str(RETKOOP), "import-schools", str(file)], env=environment, check=True)  # noqa: S603 -- our own program
    return perf_counter() - began, _worked() - before


def _worked() -> float:
    spent = times()
    return spent.children_user + spent.children_system


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.directory", description="Mesure la reprise de l’annuaire dans un dossier jetable.")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="retkoop-benchmarks-") as folder:
        file, home = Path(folder) / "annuaire.csv", Path(folder) / "home"
        make_file(file, rows)
        environment = {**os.environ, "RETKOOP_HOME": str(home)}
        subprocess.run([str(RETKOOP), "migrate", "--verbosity", "0"], env=environment, check=True)  # noqa: S603 -- our own program
        for name in ("première fois", "sans changement"):
            clock, work = _seconds(file, home)
            print(f"Annuaire de {rows} lignes, {name} : {clock:.1f} s, dont {work:.1f} de processeur (budget : {BUDGET} s).", flush=True)


if __name__ == "__main__":
    main()
