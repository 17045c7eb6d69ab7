"""`retkoop export-book`: what it writes, `import-book` reads back."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from retkoop.books.models import Book
from retkoop.books.queries import operations_of
from retkoop.domain.entry import Operation
from retkoop.domain.ledger import book_order
from tests.books.test_import_book import run_command
from tests.upkeep.sample import RNE, YEAR, import_musee, new_coop

pytestmark = pytest.mark.django_db
OPTIONS = ("--coop", RNE, "--year", str(YEAR))


def told(book: Book) -> list[Operation]:
    return [replace(operation, key=0, entered_at=None) for operation in sorted(operations_of(book), key=book_order)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_reads_back_in(tmp_path: Path, form: str) -> None:
    book = import_musee(new_coop())
    file = tmp_path / f"cahier.{form}"
    assert run_command("export_book", *OPTIONS, "--format", form, "--out", str(file)) == (0, "", "")
    assert run_command("import_book", str(file), "--coop", "0911234B", "--year", "2025-2026", "--create")[0] == 0
    assert told(Book.objects.get(coop__rne="0911234B")) == told(book)


def test_json_goes_to_the_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    import_musee(new_coop())
    call_command("export_book", *OPTIONS, "--format", "json")
    sys.stdout.flush()
    said = json.loads(capfdbinary.readouterr().out)
    assert (said["coop"], said["year"], len(said["operations"])) == (RNE, "2025-2026", 12)


def test_csv_is_the_default(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    import_musee(new_coop())
    call_command("export_book", *OPTIONS)
    sys.stdout.flush()
    lines = capfdbinary.readouterr().out.decode().split("\r\n")
    assert lines[1:3] == [
        "RAN;01/09/2025;Report à nouveau;;;812,40;;25,00;;;;;;;;oui",
        "R01;15/09/2025;Participations volontaires, chèques;Familles;;430,00;;;;;;75600008;430,00;;;oui",
    ]


def test_a_book_that_is_not_and_a_folder_that_is_not(tmp_path: Path) -> None:
    assert run_command("export_book", *OPTIONS) == (1, "", "La coopérative « 0910000A » n’a pas de cahier 2025-2026.\n")
    import_musee(new_coop())
    out = tmp_path / "absent" / "cahier.csv"
    assert run_command("export_book", *OPTIONS, "--out", str(out)) == (
        1,
        "",
        f"« {out} » ne peut pas être écrit : vérifiez le dossier et vos droits.\n",
    )
