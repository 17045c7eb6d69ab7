"""The vérificateurs' grid: an objection is explained."""

from __future__ import annotations

import pytest

from retkoop.domain.grid import objections, unexplained
from retkoop.domain.questionnaire import Question, QuestionKind, Questionnaire, Section

YES_NO = ("Oui", "Non", "Sans objet")
VOUCHERS = Question("pieces", "Les pièces sont-elles là ?", QuestionKind.CHOICE, choices=YES_NO, remarked=True)
CASH = Question("caisse", "La caisse est-elle juste ?", QuestionKind.CHOICE, choices=YES_NO)
WORD = Question("mot", "Un mot ?")
GRID = Questionnaire("Grille", (Section("tout", "Tout", questions=(VOUCHERS, CASH, WORD)),))


@pytest.mark.parametrize(
    ("answers", "objected", "lacking"),
    [
        ({}, [], []),
        ({"pieces": "Oui", "caisse": "Sans objet", "mot": "Non plus"}, [], []),
        ({"pieces": "Non"}, ["pieces"], ["pieces_remarque"]),
        ({"pieces": "Non", "pieces_remarque": "D12 manque."}, ["pieces"], []),
        ({"caisse": "Non"}, ["caisse"], []),
    ],
)
def test_an_objection_wants_its_remark(answers: dict[str, str], objected: list[str], lacking: list[str]) -> None:
    assert [question.key for question in objections(GRID, answers)] == objected
    assert [question.key for question in unexplained(GRID, answers)] == lacking
