"""What all the checks say of two well-kept books, whole: nothing during the year, and what no statement shows at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from retkoop.domain.checks import all_findings
from retkoop.domain.checks.scope import Terms
from retkoop.domain.school_year import SchoolYear
from tests.domain.strategies import standing_of
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations


def told(example: WorkedExample, day: date) -> list[tuple[str, str]]:
    book = [replace(operation, proven=True) for operation in read_operations(example.rows())]
    year = SchoolYear.parse(example.year)
    remarks = [finding.remark for finding in all_findings(book, standing_of(book, year), Terms(year))]
    return [(remark.piece or "", remark.message) for remark in remarks if remark.holds_on(day)]


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_a_well_kept_book_has_nothing_to_mend_in_july(example: WorkedExample) -> None:
    assert told(example, SchoolYear.parse(example.year).last_day.replace(month=7)) == []


def test_what_the_book_of_the_museum_is_told_on_the_last_day() -> None:
    assert told(WorkedExample("musee"), date(2026, 8, 31)) == [
        ("D05", "Le chèque n° 2000104 du 2 juillet 2026 (64,20 €) n’est sur aucun relevé depuis 60 jours : relancez son bénéficiaire."),
        ("", "Rien n’est noté depuis le 2 juillet 2026 : le cahier est-il à jour ?"),
    ]


def test_what_the_book_of_the_kermesse_is_told_on_the_last_day() -> None:
    assert told(WorkedExample("kermesse"), date(2025, 8, 31)) == [
        ("D20", "Le chèque n° 3000213 du 27 juin 2025 (198,75 €) n’est sur aucun relevé depuis 60 jours : relancez son bénéficiaire."),
        ("R18", "La pièce R18 (250,00 € à la banque) n’est sur aucun relevé au 31 août 2025 : la banque l’a-t-elle bien reçue ?"),
    ]
