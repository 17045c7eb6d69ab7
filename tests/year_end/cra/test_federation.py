"""The federation writes its questionnaires: drafts, their sections and questions, the preview, publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.domain.condition import Condition
from retkoop.domain.questionnaire import (
    Column,
    InvalidQuestionnaire,
    Known,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    read_questionnaire,
)
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN, RoleKind
from retkoop.year_end.cra.questionnaires import CHANGED, PUBLISHED, change_draft, new_draft, publish
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion
from tests.books.coops import plain, queries_of, said
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.pages import controls, errors, notices, title

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(monkeypatch)
    moved.set(2026, 5, 4, 12)
    return moved


@pytest.fixture
def fanny() -> Client:
    return logged_in(make_staff("fanny", RoleKind.FEDERATION, None))


@pytest.fixture
def draft() -> QuestionnaireVersion:
    return new_draft(author=SYSTEM, kind=QuestionnaireKind.CRA)


@pytest.fixture
def grid() -> QuestionnaireVersion:
    return new_draft(author=SYSTEM, kind=QuestionnaireKind.GRID)


def to(row: QuestionnaireVersion, name: str = "questionnaire") -> str:
    return reverse(name, kwargs={"key": row.pk})


def content_of(row: QuestionnaireVersion) -> Questionnaire:
    return read_questionnaire(QuestionnaireVersion.objects.get(pk=row.pk).content)


def question_in(row: QuestionnaireVersion, key: str) -> Question | None:
    return content_of(row).question(key)


def columns(*told: tuple[str, str, str, str]) -> dict[str, str]:
    """Return what the form of a table sends: key, title, kind and choices of each column."""
    rows = [*told, *[("", "", "short", "")] * (8 - len(told))]
    sent = {
        f"colonnes-{at}-{name}": text
        for at, row in enumerate(rows)
        for name, text in zip(("key", "label", "kind", "choices"), row, strict=True)
    }
    return {"colonnes-TOTAL_FORMS": "8", "colonnes-INITIAL_FORMS": "8", **sent}


def sent(label: str = "Et le potager ?", section: str = "cooperative", version: str = "1", **more: str) -> dict[str, str]:
    return {"version": version, "label": label, "section": section, **more}


class TestList:
    def test_its_versions_and_its_queries(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.get(reverse("questionnaires"))
        told = said(answer)
        assert title(answer) == "Questionnaires"
        assert "Compte rendu d’activités Continuer le brouillon Version À partir de Questions État" in told
        assert "Version 2, Compte rendu d’activités 21 Brouillon Version 1, Compte rendu d’activités 2000-2001 21 Actuelle" in told
        assert "Grille des vérificateurs Nouveau brouillon" in told
        assert "Version 1, Grille des vérificateurs 2000-2001 8 Actuelle" in told
        assert queries_of(fanny, reverse("questionnaires")) <= 6

    def test_the_version_of_next_year_does_not_ask_yet(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        publish(author=SYSTEM, key=draft.pk, version=1, year=SchoolYear(2026))
        told = said(fanny.get(reverse("questionnaires")))
        assert "Version 2, Compte rendu d’activités 2026-2027 21 Publiée Version 1, Compte rendu d’activités 2000-2001 21 Actuelle" in told

    def test_a_draft_is_begun_once(self, fanny: Client) -> None:
        for _ in range(2):
            answer = fanny.post(reverse("questionnaire_draft"), {"questionnaire": "grid"})
        row = QuestionnaireVersion.objects.get(kind="grid", number=2)
        assert answer["Location"] == to(row)
        event = AuditEvent.objects.filter(chain=FEDERATION_CHAIN, action="questionnaire.drafted").get()
        assert (event.actor_name, event.role) == ("Fanny", "federation")

    def test_of_no_questionnaire_there_is_no_draft(self, fanny: Client) -> None:
        answer = fanny.post(reverse("questionnaire_draft"), {"questionnaire": "x"}, follow=True)
        assert notices(answer) == ["Choisissez un questionnaire."]
        assert QuestionnaireVersion.objects.filter(number=2).exists() is False


class TestTitles:
    def test_they_are_changed(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.post(to(draft), {"version": "1", "title": "Nos activités", "help": "Racontez."}, follow=True)
        assert notices(answer) == ["Le titre est enregistré."]
        assert (content_of(draft).title, content_of(draft).help) == ("Nos activités", "Racontez.")

    def test_a_title_is_needed(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.post(to(draft), {"version": "1", "title": " "})
        assert (answer.status_code, errors(answer)) == (422, ["Donnez un titre au questionnaire."])

    def test_two_people_at_once_lose_nothing(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        fanny.post(to(draft), {"version": "1", "title": "Le premier"}, follow=True)
        answer = fanny.post(to(draft), {"version": "1", "title": "Le second"})
        assert (answer.status_code, content_of(draft).title) == (422, "Le premier")
        assert plain(CHANGED) in plain(notices(answer)[0])
        assert (controls(answer, "title")[0]["value"], controls(answer, "version")[0]["value"]) == ("Le second", "2")

    def test_a_published_version_never_changes(self, fanny: Client) -> None:
        row = QuestionnaireVersion.objects.get(kind="cra")
        before = row.content
        told = said(fanny.get(to(row)))
        assert "Publiée Posée à partir de l’année 2000-2001. Elle ne change plus" in told
        assert ("Modifier" in told, "Supprimer" in told) == (False, False)
        sending = {"version": "1", "title": "x", "geste": "supprimer", "question": "eleves", "year": "2026-2027"}
        for name in ("questionnaire", "questionnaire_arrange", "questionnaire_publish", "questionnaire_delete"):
            assert notices(fanny.post(to(row, name), sending, follow=True)) == [PUBLISHED]
        assert [fanny.get(to(row, name)).status_code for name in ("questionnaire_section", "questionnaire_question")] == [404, 404]
        assert QuestionnaireVersion.objects.get(kind="cra").content == before


class TestSections:
    def test_one_is_added_changed_moved_and_taken_away(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = to(draft, "questionnaire_section")
        first = [one.key for one in content_of(draft).sections]
        answer = fanny.post(address, {"version": "1", "title": "Le potager", "help": "Des radis."})
        assert answer["Location"] == f"{to(draft)}#partie-le_potager"
        fanny.post(f"{address}?partie=le_potager", {"version": "2", "title": "Le jardin", "help": ""})
        assert [(one.key, one.title) for one in content_of(draft).sections][-1] == ("le_potager", "Le jardin")
        fanny.post(to(draft, "questionnaire_arrange"), {"version": "3", "partie": "le_potager", "geste": "monter"})
        assert [one.key for one in content_of(draft).sections] == [*first[:-1], "le_potager", first[-1]]
        fanny.post(to(draft, "questionnaire_arrange"), {"version": "4", "partie": "le_potager", "geste": "supprimer"})
        assert [one.key for one in content_of(draft).sections] == first

    def test_its_questions_stay_when_it_is_renamed(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        before = content_of(draft).questions
        page = fanny.get(f"{to(draft, 'questionnaire_section')}?partie=conseil")
        assert (title(page), controls(page, "title")[0]["value"]) == ("Modifier une partie", "Le conseil de coopérative")
        fanny.post(f"{to(draft, 'questionnaire_section')}?partie=conseil", {"version": "1", "title": "Le conseil"})
        assert content_of(draft).questions == before

    def test_a_title_is_needed(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.post(to(draft, "questionnaire_section"), {"version": "1"})
        assert (answer.status_code, title(answer), errors(answer)) == (422, "Ajouter une partie", ["Donnez un titre à cette partie."])

    def test_of_none_there_is_no_page(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        assert fanny.get(f"{to(draft, 'questionnaire_section')}?partie=x").status_code == 404


class TestQuestions:
    def test_a_choice_with_its_remark(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = f"{to(draft, 'questionnaire_question')}?partie=conseil&nature=choice"
        page = fanny.get(address)
        assert title(page) == "Ajouter une question"
        assert [bool(controls(page, name)) for name in ("choices", "most", "known", "remarked")] == [True, False, True, True]
        given = sent("Et le potager ?", "conseil", choices="Oui\n\n Non \n", remarked="on", required="on", help="Sinon, pourquoi.")
        assert fanny.post(address, given)["Location"] == f"{to(draft)}#question-et_le_potager"
        assert question_in(draft, "et_le_potager") == Question(
            "et_le_potager",
            "Et le potager ?",
            QuestionKind.CHOICE,
            "Sinon, pourquoi.",
            required=True,
            choices=("Oui", "Non"),
            remarked=True,
        )
        assert content_of(draft).sections[1].questions[-1].key == "et_le_potager"

    def test_a_number_filled_in_beforehand_with_its_limit(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = f"{to(draft, 'questionnaire_question')}?nature=number"
        fanny.post(address, sent("Combien de poules ?", most="40", known="last_year"))
        assert question_in(draft, "combien_de_poules") == Question(
            "combien_de_poules", "Combien de poules ?", QuestionKind.NUMBER, most=40, known=Known.LAST_YEAR
        )

    def test_a_table_with_its_columns(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = f"{to(draft, 'questionnaire_question')}?nature=table"
        told = columns(("", "Sortie", "short", ""), ("", "Coût", "amount", ""), ("", "Coût", "choice", "Payé\nOffert"))
        fanny.post(address, sent("Vos sorties", most="5", **told))
        made = question_in(draft, "vos_sorties")
        expected = (
            Column("sortie", "Sortie"),
            Column("cout", "Coût", QuestionKind.AMOUNT),
            Column("cout_2", "Coût", QuestionKind.CHOICE, ("Payé", "Offert")),
        )
        assert made == Question("vos_sorties", "Vos sorties", QuestionKind.TABLE, most=5, columns=expected)
        page = fanny.get(f"{to(draft, 'questionnaire_question')}?question=vos_sorties")
        assert [controls(page, f"colonnes-{at}-label")[0].get("value", "") for at in range(4)] == ["Sortie", "Coût", "Coût", ""]
        changed = columns(("sortie", "Visite", "short", ""), ("cout", "", "amount", ""))
        fanny.post(f"{to(draft, 'questionnaire_question')}?question=vos_sorties", sent("Vos sorties", version="2", **changed))
        assert question_in(draft, "vos_sorties") == Question(
            "vos_sorties", "Vos sorties", QuestionKind.TABLE, columns=(Column("sortie", "Visite"),)
        )

    @pytest.mark.parametrize(
        ("told", "said_back"),
        [
            ([], "Donnez au moins une colonne au tableau."),
            ([("", "Payé par", "choice", "Un seul")], "Il faut au moins deux choix, un par ligne."),
            ([("", "Payé par", "table", "")], "Choisissez dans la liste."),
        ],
    )
    def test_columns_that_cannot_be(self, fanny: Client, draft: QuestionnaireVersion, told: list[Any], said_back: str) -> None:
        answer = fanny.post(f"{to(draft, 'questionnaire_question')}?nature=table", sent("Vos sorties", **columns(*told)))
        assert (answer.status_code, errors(answer)) == (422, [said_back])

    @pytest.mark.parametrize(
        ("kind", "more", "said_back"),
        [
            ("short", {"label": ""}, "Écrivez la question."),
            ("short", {"label": "x" * 301}, "300 caractères au plus."),
            ("short", {"most": "501"}, "Écrivez un nombre de 1 à 500."),
            ("number", {"most": "beaucoup"}, "Écrivez un nombre entier."),
            ("choice", {"choices": "Oui"}, "Il faut au moins deux choix, un par ligne."),
            ("choice", {"choices": "Oui\nNon\nOui"}, "Deux choix se nomment « Oui »."),
            ("several", {"choices": "\n".join(map(str, range(41)))}, "40 choix au plus."),
            ("several", {"choices": "a\n" + "b" * 201}, f"« {'b' * 40}… » est trop long : 200 caractères au plus."),
            ("long", {"section": "x"}, "Choisissez une partie du questionnaire."),
            ("long", {"help": "h" * 1001}, "1 000 caractères au plus."),
        ],
    )
    def test_what_cannot_be_asked(
        self, fanny: Client, draft: QuestionnaireVersion, kind: str, more: dict[str, str], said_back: str
    ) -> None:
        answer = fanny.post(f"{to(draft, 'questionnaire_question')}?nature={kind}", {**sent(), **more})
        assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, [said_back])

    def test_it_is_changed_and_keeps_its_key(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = f"{to(draft, 'questionnaire_question')}?question=classes"
        page = fanny.get(address)
        assert (title(page), controls(page, "most")[0]["value"]) == ("Modifier une question", "100")
        fanny.post(address, sent("Combien de classes ?", "conseil", most="80"))
        assert question_in(draft, "classes") == Question("classes", "Combien de classes ?", QuestionKind.NUMBER, most=80)
        assert [one.questions[-1].key for one in content_of(draft).sections[:2]] == ["cooperatives_de_classe", "classes"]

    def test_what_it_expects_can_change(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = f"{to(draft, 'questionnaire_question')}?question=classes&nature=long"
        assert "Réponse attendue : Texte long" in said(fanny.get(address))
        fanny.post(address, sent("Vos classes"))
        assert question_in(draft, "classes") == Question("classes", "Vos classes", QuestionKind.LONG)

    def test_it_may_be_asked_after_one_answer_alone_or_after_any_but_one(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address = to(draft, "questionnaire_question") + "?nature=short"
        assert fanny.post(address, sent(section="occe", condition="conseil_reuni:0")).status_code == 302
        assert fanny.post(address, sent("Et la revue ?", version="2", condition="cooperatives_de_classe:-2")).status_code == 302
        several = ("Oui, dans toutes les classes", "Oui, dans certaines classes")
        waiting = [question_in(draft, key) for key in ("et_le_potager", "et_la_revue")]
        assert [one and one.condition for one in waiting] == [
            Condition("conseil_reuni", ("Oui",)),
            Condition("cooperatives_de_classe", several),
        ]
        again = fanny.get(f"{to(draft, 'questionnaire_question')}?question=et_le_potager")
        assert '<option value="conseil_reuni:0" selected>' in again.content.decode()
        told = "posée si « Oui » est répondu à « Le conseil de coopérative s’est-il réuni cette année ? »"
        assert told in said(fanny.get(to(draft)))
        answer = fanny.post(to(draft, "questionnaire_arrange"), {"version": "3", "partie": "occe", "geste": "monter"}, follow=True)
        assert notices(answer) == []
        answer = fanny.post(
            to(draft, "questionnaire_arrange"), {"version": "4", "question": "conseil_reuni", "geste": "supprimer"}, follow=True
        )
        assert list(map(plain, notices(answer))) == [
            "« Combien de fois s’est-il réuni ? » dépend d’un choix, qui doit être posé avant elle."
        ]

    def test_a_grid_asks_each_of_its_questions(self, grid: QuestionnaireVersion) -> None:
        section = Section(
            "x",
            "X",
            questions=(
                Question("a", "A", QuestionKind.CHOICE, choices=("Oui", "Non")),
                Question("b", "B", condition=Condition("a", ("Oui",))),
            ),
        )
        with pytest.raises(InvalidQuestionnaire, match="ce questionnaire pose chacune de ses questions"):
            change_draft(author=SYSTEM, key=grid.pk, version=1, content=Questionnaire("Grille", (section,)))

    def test_it_is_moved_and_taken_away(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        address, first = to(draft, "questionnaire_arrange"), [one.key for one in content_of(draft).sections[0].questions]
        answer = fanny.post(address, {"version": "1", "question": first[0], "geste": "descendre"})
        assert answer["Location"] == f"{to(draft)}#question-{first[0]}"
        assert [one.key for one in content_of(draft).sections[0].questions] == [first[1], first[0], *first[2:]]
        fanny.post(address, {"version": "2", "question": first[0], "geste": "supprimer"})
        assert [one.key for one in content_of(draft).sections[0].questions] == first[1:]

    def test_a_draft_that_changed_meanwhile_is_left_as_it_is(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        fanny.post(to(draft), {"version": "1", "title": "Le premier"}, follow=True)
        answer = fanny.post(to(draft, "questionnaire_arrange"), {"version": "1", "question": "classes", "geste": "supprimer"}, follow=True)
        assert [plain(one) for one in notices(answer)] == [plain(CHANGED)]
        answer = fanny.post(to(draft, "questionnaire_arrange"), {"version": "2", "question": "classes", "geste": "x"}, follow=True)
        assert notices(answer) == ["Rechargez la page."]
        assert question_in(draft, "classes") is not None

    def test_of_none_there_is_no_page(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        found = [
            fanny.get(f"{to(draft, 'questionnaire_question')}?{query}").status_code for query in ("question=x", "nature=x", "nature=amount")
        ]
        assert found == [404, 404, 404]

    def test_a_grid_asks_neither_tables_nor_photos_nor_what_is_known(self, fanny: Client, grid: QuestionnaireVersion) -> None:
        address = to(grid, "questionnaire_question")
        assert [fanny.get(f"{address}?nature={kind}").status_code for kind in ("table", "photos", "long")] == [404, 404, 200]
        assert controls(fanny.get(f"{address}?nature=number"), "known") == []


class TestPreviewAndPublishing:
    def test_the_preview_shows_what_will_be_asked(self, fanny: Client, draft: QuestionnaireVersion, grid: QuestionnaireVersion) -> None:
        told = said(fanny.get(to(draft, "questionnaire_preview")))
        assert "On ne peut rien écrire ici : c’est ce que verront les coopératives." in told
        assert "Combien de classes font partie de la coopérative ? Combien d’élèves" in told
        assert "Quels niveaux accueillez-vous ? (facultatif) Maternelle Élémentaire" in told
        assert "c’est ce que verront les vérificateurs." in said(fanny.get(to(grid, "questionnaire_preview")))
        assert queries_of(fanny, to(draft, "questionnaire_preview")) <= 6
        assert queries_of(fanny, to(draft)) <= 6

    def test_it_is_published_from_a_year_on(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        page = fanny.get(to(draft))
        assert "Publier Regardez d’abord l’aperçu." in said(page)
        answer = fanny.post(to(draft, "questionnaire_publish"), {"version": "1", "year": "2026-2027"}, follow=True)
        assert [plain(one) for one in notices(answer)] == ["Ces questions sont posées à partir de l’année 2026-2027."]
        draft.refresh_from_db()
        assert (draft.from_year, draft.published_at is not None) == (2026, True)

    def test_no_year_of_the_past(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.post(to(draft, "questionnaire_publish"), {"version": "1", "year": "2019-2020"})
        assert (answer.status_code, errors(answer)) == (422, ["Choisissez une année de la liste."])

    def test_an_empty_section_is_not_published(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        fanny.post(to(draft, "questionnaire_section"), {"version": "1", "title": "Le potager"})
        assert "Aucune question encore : ajoutez la première." in said(fanny.get(to(draft)))
        answer = fanny.post(to(draft, "questionnaire_publish"), {"version": "2", "year": "2026-2027"})
        assert "Chaque section a besoin d’une question au moins" in plain(notices(answer)[0])

    def test_a_draft_is_thrown_away(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        answer = fanny.post(to(draft, "questionnaire_delete"), follow=True)
        assert (title(answer), notices(answer)) == ("Questionnaires", ["Le brouillon est supprimé."])
        assert fanny.get(to(draft)).status_code == 404

    def test_a_draft_without_anything(self, fanny: Client, draft: QuestionnaireVersion) -> None:
        QuestionnaireVersion.objects.filter(pk=draft.pk).update(content={"title": "Vide"})
        assert "Aucune partie encore" in said(fanny.get(to(draft)))
        assert "Il n’y a encore aucune question." in said(fanny.get(to(draft, "questionnaire_preview")))
