"""What is proposed before anybody answers: the projects of the cahier, the councils of the coop, last year's answers."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.books.models import Book
from retkoop.domain.questionnaire import Column, Known, Question, QuestionKind
from retkoop.network.access import Access
from retkoop.registers.models import Meeting
from retkoop.year_end.cra.known import SOURCES, Proposal, proposals_for
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, open_year, payment, receipt
from tests.registers.registers_at_hand import decided
from tests.year_end.cra.at_hand import begin_cra

pytestmark = pytest.mark.django_db

PROJECTS = Question(
    "projets",
    "Quels projets ?",
    QuestionKind.TABLE,
    known=Known.PROJECTS,
    columns=(
        Column("projet", "Projet"),
        Column("classes", "Classes"),
        Column("domaine", "Domaine"),
        Column("recettes", "Reçu", QuestionKind.AMOUNT),
        Column("depenses", "Dépensé", QuestionKind.AMOUNT),
    ),
)
COUNT = Question("fois", "Combien de fois ?", QuestionKind.NUMBER, known=Known.MEETING_COUNT)
DATES = Question("dates", "À quelles dates ?", QuestionKind.LONG, known=Known.MEETING_DATES)
PUPILS = Question("eleves", "Combien d’élèves ?", QuestionKind.NUMBER, known=Known.LAST_YEAR)


@pytest.fixture
def year(alice: Access) -> Book:
    return open_year(alice, YEAR)


def test_projects_with_their_classes_and_their_money(alice: Access, year: Book) -> None:
    rows = [
        payment("D1", date(2025, 10, 3), 138_00, project="Musée", classe="CM1"),
        payment("D2", date(2025, 10, 4), 62_00, project="musée", classe="CM2"),
        receipt("R1", date(2025, 11, 3), 90_00, project="Musée", classe="CM1"),
        receipt("R2", date(2025, 12, 3), 45_00, project="Jardin"),
        payment("D3", date(2025, 12, 4), 10_00),
    ]
    add(alice, year, rows)
    told = [{"projet": "Jardin", "recettes": 45_00}, {"projet": "Musée", "classes": "CM1, CM2", "recettes": 90_00, "depenses": 200_00}]
    assert proposals_for(year, [PROJECTS]) == {"projets": Proposal(told, SOURCES[Known.PROJECTS])}


def test_a_table_takes_the_columns_that_it_has_and_no_more_rows_than_it_may(alice: Access, year: Book) -> None:
    add(alice, year, [payment(f"D{number}", date(2025, 10, 3), 10_00, project=f"Projet {number}") for number in range(1, 4)])
    names = Question("p", "P", QuestionKind.TABLE, known=Known.PROJECTS, columns=(Column("projet", "P"), Column("depenses", "D")), most=2)
    assert proposals_for(year, [names])["p"].value == [{"projet": "Projet 1"}, {"projet": "Projet 2"}]


def test_councils_of_the_coop_are_counted_those_of_teachers_are_not(alice: Access, year: Book) -> None:
    for day, kind in ((4, Meeting.COOPERATIVE), (12, Meeting.COOPERATIVE), (12, Meeting.COOPERATIVE), (20, Meeting.TEACHERS)):
        decided(alice, year, date=date(2026, 1, day), kind=kind)
    values = {key: one.value for key, one in proposals_for(year, [COUNT, DATES]).items()}
    assert values == {"fois": 2, "dates": "04/01/2026, 12/01/2026"}


def test_last_year_answers_the_same_question_where_it_still_fits(alice: Access, year: Book) -> None:
    last = open_year(alice, LAST_YEAR)
    begin_cra(alice, last, {"eleves": 148, "niveaux": ["Élémentaire"], "adultes": 9})
    levels = Question("niveaux", "Quels niveaux ?", QuestionKind.SEVERAL, choices=("École", "Collège"), known=Known.LAST_YEAR)
    adults = Question("adultes", "Combien d’adultes ?", QuestionKind.NUMBER)
    assert proposals_for(year, [PUPILS, levels, adults]) == {"eleves": Proposal(148, "Votre réponse de l’an dernier")}


def test_nothing_known_proposes_nothing(year: Book) -> None:
    assert proposals_for(year, [PROJECTS, COUNT, DATES, PUPILS]) == {}
