"""What an AD counts of its coops' CRAs: how many, what they answer, and the files, which run no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.domain.questionnaire import Section
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.year_end.cra.counts import Counts
from retkoop.year_end.cra.editing import without_question
from retkoop.year_end.cra.questionnaires import change_draft, first_version, new_draft, publish
from retkoop.year_end.models import QuestionnaireKind
from tests.books.coops import a_book, keeper, plain, queries_of, said
from tests.cast import CHARLIE, FAR_AWAY, association, logged_in, make_staff
from tests.pages import Answer, title
from tests.year_end.cra.at_hand import NEEDED, begin_cra, finish_cra

pytestmark = pytest.mark.django_db

YEAR = {"annee": "2025-2026"}


@pytest.fixture
def carole() -> Client:
    return logged_in(make_staff("carole", RoleKind.COMPTABLE))


@pytest.fixture
def others() -> dict[str, tuple[Access, Book]]:
    """Charlie's coop of the same AD, and one of another AD, each with a cahier of the year."""
    found = {}
    for rne in (CHARLIE, FAR_AWAY):
        access = keeper(rne)
        found[rne] = (access, a_book(access))
    return found


def to(name: str = "activities", department: str = "91", **query: str) -> str:
    told = "&".join(f"{key}={value}" for key, value in {**YEAR, **query}.items())
    return f"{reverse(name, kwargs={'department': department})}?{told}"


def rows_of(answer: Answer) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sheets_of(answer: Answer) -> Iterator[tuple[str, list[list[Any]]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    for name in book.sheet_names:
        yield name, book.get_sheet_by_name(name).to_python()


def publish_without(*keys: str) -> None:
    """Publish a version without some of the questions, from this year on."""
    row = new_draft(author=SYSTEM, kind=QuestionnaireKind.CRA)
    content = first_version(QuestionnaireKind.CRA)
    for key in keys:
        content = without_question(content, key)
    row = change_draft(author=SYSTEM, key=row.pk, version=row.version, content=content)
    publish(author=SYSTEM, key=row.pk, version=row.version, year=SchoolYear(2025))


class TestPage:
    def test_before_anybody_has_begun(self, carole: Client, book: Book) -> None:
        answer = carole.get(to())
        assert title(answer) == "Activités"
        assert "Coopératives qui ont un cahier 1 Ont commencé 0 Ont terminé 0 Aucune coopérative n’a commencé" in said(answer)

    def test_the_counts_of_ones_own_coops_alone(
        self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]
    ) -> None:
        finish_cra(alice, book)
        begin_cra(*others[CHARLIE], {"classes": 3, "eleves": 71, "conseil_reuni": "Non"})
        begin_cra(*others[FAR_AWAY], {"classes": 100, "conseil_reuni": "Non"})
        told = said(carole.get(to()))
        assert "Coopératives qui ont un cahier 2 Ont commencé 2 Ont terminé 1" in told
        assert "2 comptes rendus comptés." in told
        assert "Combien de classes font partie de la coopérative ? 2 réponses En tout : 9. En moyenne : 4,5." in told
        assert "Le conseil de coopérative s’est-il réuni cette année ? 2 réponses Choix Coopératives Part Oui 1 50 % Non 1 50 %" in told
        assert "1 réponse 1 ligne. Lire les lignes" in told
        assert "138,00 €. En moyenne : 138,00 €." in told
        finished = said(carole.get(to(etat="termines")))
        assert "1 compte rendu compté." in finished
        assert "Combien de classes font partie de la coopérative ? 1 réponse En tout : 6. En moyenne : 6." in finished

    def test_texts_are_counted_by_the_database_and_stay_there(
        self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]
    ) -> None:
        begin_cra(alice, book, {"conseil_dates": "Le 12 novembre"})
        finish_cra(alice, book)
        begin_cra(*others[CHARLIE], {"conseil_dates": "Le 14 mars", "classes": 3})
        begin_cra(*others[FAR_AWAY], {"conseil_dates": "Jamais"})
        told = [Counts(association(), SchoolYear(2025), finished_only=finished).tallies["conseil_dates"] for finished in (False, True)]
        assert [(tally.answered, tally.texts) for tally in told] == [(2, ()), (1, ())]
        assert "À quelles dates ? 2 réponses Lire les réponses" in said(carole.get(to()))
        with CaptureQueriesContext(connection) as asked:
            _ = Counts(association(), SchoolYear(2025)).tallies
        read = [one["sql"] for one in asked if '"value" FROM' in one["sql"]]
        assert (len(read), "conseil_dates" in read[0].partition("NOT")[2]) == (1, True)

    def test_what_a_no_leaves_out_is_neither_counted_nor_read_nor_written(
        self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]
    ) -> None:
        begin_cra(alice, book, {"conseil_reuni": "Oui", "conseil_fois": 3, "conseil_dates": "Le 3 mars"})
        begin_cra(*others[CHARLIE], {"conseil_fois": 4, "conseil_dates": "Le 14 mars"})
        begin_cra(*others[CHARLIE], {"conseil_reuni": "Non"})
        tallies = Counts(association(), SchoolYear(2025)).tallies
        assert [(tallies[key].answered, tallies[key].total) for key in ("conseil_fois", "conseil_dates")] == [(1, 3), (1, None)]
        read = said(carole.get(to("activity_texts", question="conseil_dates")))
        assert ("Le 3 mars" in read, "Le 14 mars" in read) == (True, False)
        written = rows_of(carole.get(to("export_activities")))
        told = [[value for name, value in row.items() if plain(name) == "Combien de fois s’est-il réuni ?"] for row in written]
        assert told == [["3"], [""]]
        # as long as the question before has no answer, the others count
        begin_cra(alice, book, {"conseil_reuni": None})
        assert Counts(association(), SchoolYear(2025)).tallies["conseil_fois"].total == 3

    def test_each_version_has_its_own_counts(
        self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]
    ) -> None:
        begin_cra(alice, book, {"classes": 6})
        publish_without("classes")
        begin_cra(*others[CHARLIE], {"eleves": 71})
        latest, first = said(carole.get(to())), said(carole.get(to(version="1")))
        assert "Version 2Version 1 1 compte rendu compté." in latest
        assert ("Combien de classes" in latest, "En tout : 71." in latest) == (False, True)
        assert "Combien de classes font partie de la coopérative ? 1 réponse En tout : 6." in first
        assert carole.get(to(version="9")).status_code == 404

    def test_a_number_of_queries_that_does_not_grow(
        self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]
    ) -> None:
        begin_cra(alice, book)
        names = ("activities", "export_activities")
        before = [queries_of(carole, to(name)) for name in names] + [queries_of(carole, to("activity_texts", question="projets"))]
        begin_cra(*others[CHARLIE])
        after = [queries_of(carole, to(name)) for name in names] + [queries_of(carole, to("activity_texts", question="projets"))]
        assert (after == before, max(after) <= 12) == (True, True)

    @pytest.mark.parametrize("year", ["2025-2027", "x"])
    def test_what_is_no_year_is_absent(self, carole: Client, year: str) -> None:
        assert carole.get(to(annee=year)).status_code == 404

    def test_without_a_year_it_is_the_one_that_ends(self, carole: Client, book: Book) -> None:
        assert carole.get(reverse("activities", kwargs={"department": "91"})).status_code == 200

    def test_the_ad_of_elsewhere_sees_none(self, alice: Access, book: Book) -> None:
        finish_cra(alice, book)
        gaston = logged_in(make_staff("gaston", RoleKind.COMPTABLE, "92"))
        assert (gaston.get(to()).status_code, "Ont commencé 0" in said(gaston.get(to(department="92")))) == (404, True)
        assert rows_of(gaston.get(to("export_activities", department="92"))) == []


class TestTexts:
    def test_they_are_read_coop_by_coop(self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]) -> None:
        begin_cra(alice, book, {"conseil_dates": "12/11\net 14/03", "projets": NEEDED["projets"]})
        begin_cra(*others[FAR_AWAY], {"conseil_dates": "Jamais"})
        answer = carole.get(to("activity_texts", question="conseil_dates"))
        assert title(answer) == "À quelles dates\u202f?"
        assert "1 réponse École Jean-Jaurès Évry-Courcouronnes · 0910000A 12/11 et 14/03" in said(answer)
        told = said(carole.get(to("activity_texts", question="projets")))
        assert "Thème ou nom du projet : Musée ; Classes : CM1, CM2 ; Argent dépensé : 138,00" in told

    def test_of_a_question_that_is_no_text_there_is_no_page(self, carole: Client, book: Book) -> None:
        found = [carole.get(to("activity_texts", question=key)).status_code for key in ("classes", "x")]
        assert found == [404, 404]

    def test_without_a_question_it_leads_back(self, carole: Client, book: Book) -> None:
        assert carole.get(to("activity_texts"))["Location"] == "/ad/91/activites/"


class TestFiles:
    def test_a_row_a_coop(self, carole: Client, alice: Access, book: Book, others: dict[str, tuple[Access, Book]]) -> None:
        finish_cra(alice, book)
        begin_cra(*others[FAR_AWAY])
        answer = carole.get(to("export_activities"))
        assert answer["Content-Disposition"] == 'attachment; filename="activites-91-2025-2026.csv"'
        rows = rows_of(answer)
        assert [(row["RNE"], row["État"]) for row in rows] == [("0910000A", "Terminé"), ("0910620E", "Pas commencé")]
        told = {plain(name): plain(cell) for name, cell in rows[0].items()}
        assert told["Combien d’élèves sont coopérateurs ?"] == "148"
        projects = next(cell for name, cell in told.items() if "Thème ou nom du projet : Musée" in cell)
        assert "138,00" in projects
        assert [row["RNE"] for row in rows_of(carole.get(to("export_activities", etat="termines")))] == ["0910000A"]

    def test_nothing_that_a_spreadsheet_would_run(self, carole: Client, alice: Access, book: Book) -> None:
        bad = '=HYPERLINK("http://exemple.fr")'
        begin_cra(alice, book, {"conseil_dates": bad, "projets": [{"projet": "+1+1", "classes": "@SUM(A1)", "depenses": 12_50}]})
        (row,) = rows_of(carole.get(to("export_activities")))
        assert f"'{bad}" in row.values()
        assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
        sheets = dict(sheets_of(carole.get(to("export_activities", format="xlsx"))))
        assert list(sheets) == ["Réponses", "projets", "partenaires"]
        assert f"'{bad}" in sheets["Réponses"][1]
        assert sheets["projets"][1][:4] == ["0910000A", "École Jean-Jaurès", "'+1+1", "'@SUM(A1)"]
        assert 12.5 in sheets["projets"][1]

    def test_tables_whose_keys_begin_alike_have_sheets_of_their_own(self, carole: Client, book: Book) -> None:
        row, content = new_draft(author=SYSTEM, kind=QuestionnaireKind.CRA), first_version(QuestionnaireKind.CRA)
        (table,) = [one for one in content.questions if one.key == "projets"]
        keys = ["a" * 31 + "_un", "a" * 31 + "_deux", "history"]
        section = Section("tout", "Tout", questions=tuple(replace(table, key=key) for key in keys))
        row = change_draft(author=SYSTEM, key=row.pk, version=row.version, content=replace(content, sections=(section,)))
        publish(author=SYSTEM, key=row.pk, version=row.version, year=SchoolYear(2025))
        sheets = [name for name, _ in sheets_of(carole.get(to("export_activities", format="xlsx")))]
        assert sheets == ["Réponses", "a" * 31, "a" * 29 + "_2", "history_2"]

    def test_no_other_format(self, carole: Client, book: Book) -> None:
        assert carole.get(to("export_activities", format="exe")).status_code == 404

    def test_a_mean_of_nothing(self, book: Book) -> None:
        counts = Counts(association(), SchoolYear(2025))
        assert {tally.answered for _, tallies in counts.sections for tally in tallies} == {0}
