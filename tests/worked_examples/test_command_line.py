"""The worked examples through the commands that people run: a file in, the CRF out, to the cent."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from retkoop.books.exporting import xlsx_of
from retkoop.upkeep.verification import faults
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations

pytestmark = pytest.mark.django_db
each_example = pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)


def imported(file: Path, rne: str, year: str) -> dict[str, object]:
    """Import a file, and return what the CRF then says, findings left out."""
    call_command("import_book", str(file), "--coop", rne, "--year", year, "--create", stdout=io.StringIO())
    out = io.StringIO()
    call_command("crf", "--coop", rne, "--year", year, "--json", stdout=out)
    said: dict[str, object] = json.loads(out.getvalue())
    del said["findings"]
    return said


@each_example
def test_a_file_in_the_crf_out(example: WorkedExample) -> None:
    assert imported(example.file, example.rne, example.year) == example.crf
    assert list(faults()) == []


@each_example
def test_from_an_old_french_spreadsheet(example: WorkedExample, tmp_path: Path) -> None:
    file = tmp_path / "cahier.csv"
    text = example.file.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(text.encode("cp1252"))
    assert imported(file, example.rne, example.year) == example.crf


@each_example
def test_from_a_workbook(example: WorkedExample, tmp_path: Path) -> None:
    file = tmp_path / "cahier.xlsx"
    file.write_bytes(xlsx_of(read_operations(example.rows())))
    assert imported(file, example.rne, example.year) == example.crf


@each_example
def test_exported_and_imported_elsewhere(example: WorkedExample, tmp_path: Path) -> None:
    imported(example.file, example.rne, example.year)
    file = tmp_path / "cahier.csv"
    call_command("export_book", "--coop", example.rne, "--year", example.year, "--out", str(file))
    assert imported(file, "0911234B", example.year) == example.crf | {"coop": "0911234B"}
