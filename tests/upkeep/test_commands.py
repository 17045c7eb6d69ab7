"""What is written of the commands is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from retkoop.books.importing import COLUMNS, LONGEST, is_header, read_book
from retkoop.books.sheets import LARGEST_FILE, MOST_ROWS, read_rows
from retkoop.domain.chart import national_chart
from tests.sources import RETKOOP, ROOT

COMMANDS = (ROOT / "docs/commandes.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs/format-cahier.md").read_text(encoding="utf-8")


def test_each_of_our_commands_is_told() -> None:
    ours = {file.stem.replace("_", "-") for file in Path(RETKOOP).glob("*/management/commands/*.py") if file.stem != "__init__"}
    assert set(re.findall(r"^- `retkoop ([a-z-]+)", COMMANDS, re.MULTILINE)) == ours


def test_the_book_of_the_document_can_be_imported() -> None:
    reading = read_book(read_rows(FORMAT.split("```")[1].strip().encode(), is_header), national_chart())
    assert (len(reading.operations), reading.refusals) == (8, ())


def test_each_column_is_explained() -> None:
    rows = re.findall(r"^\| (`.+?) \|", FORMAT, re.MULTILINE)
    assert tuple(name for row in rows for name in re.findall(r"`(\w+)`", row)) == COLUMNS


def test_limits_are_told() -> None:
    told = set(map(int, re.findall(r"(\d+)(?: et \d+)? caractères", FORMAT))) | set(map(int, re.findall(r"(\d+) caractères", FORMAT)))
    assert told == set(LONGEST.values())
    assert f"{LARGEST_FILE // 1_000_000} Mo et {MOST_ROWS // 1000} 000 lignes au plus" in FORMAT


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "retkoop.sqlite3").write_bytes(b"n'importe quoi" * 1000)
    done = verify(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "La base de données ne peut pas être lue : file is not a database\n"


def test_a_database_with_torn_pages_is_told(tmp_path: Path) -> None:
    assert verify(tmp_path).returncode == 0
    file = tmp_path / "retkoop.sqlite3"
    pages = bytearray(file.read_bytes())
    for start in range(60 * 4096, len(pages), 7 * 4096):
        pages[start : start + 512] = bytes(512)
    file.write_bytes(pages)
    done = verify(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "base de données" in done.stderr


def verify(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RETKOOP_")} | {"RETKOOP_HOME": str(home)}
    command = [str(Path(sys.executable).parent / "retkoop"), "verify"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
