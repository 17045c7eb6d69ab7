"""The pages of a CRA, with and without script: each answer is kept at once, what is wrong is said, nobody's answer is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from retkoop.archive import storage
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.domain.questionnaire import Known
from retkoop.network.access import Access
from retkoop.year_end.closing.preparation import Line, Preparation
from retkoop.year_end.cra.known import proposals_for
from retkoop.year_end.cra.queries import cra_of
from retkoop.year_end.cra.questionnaires import first_version
from retkoop.year_end.cra.services import fingerprint, finish, reopen
from retkoop.year_end.models import QuestionnaireKind
from retkoop.year_end.verifiers.queries import valid_signatures
from retkoop.year_end.verifiers.signing import digest_of
from tests.books.coops import at, comptable, plain, queries_of, said
from tests.pages import Answer, notices
from tests.registers.registers_at_hand import decided
from tests.year_end.closing.at_hand import all_sign, called, page_of, sent
from tests.year_end.cra.at_hand import NEEDED, begin_cra, finish_cra
from tests.year_end.cra.test_services import photo
from tests.year_end.papers import read, words
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}
CLASSES, COUNCIL, PROJECTS, OCCE, PARTNERS, NEXT = range(1, 7)


def typed(question: str, version: int = 0, seen: object = None, **values: object) -> dict[str, object]:
    """Return what a form sends of a question: `value`, or the cells of a table."""
    names = {f"q-{question}-{name.replace('__', '-')}": value for name, value in values.items()}
    return {f"q-{question}-version": version, f"q-{question}-seen": fingerprint(seen), **names}


def keep(client: Client, book: Book, step: int, question: str, **told: Any) -> Any:  # noqa: ANN401 -- whatever is typed, and an answer of the client
    """Keep one answer as htmx does."""
    return client.post(at(book, "cra_step", number=step), {"question": question, **typed(question, **told)}, **HTMX)


def words_of(answer: Answer) -> str:
    """Return the words of a fragment."""
    return plain(" ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split()))


def answers(book: Book) -> dict[str, Any]:
    return cra_of(book).answers


class TestOverview:
    def test_it_tells_what_is_asked_and_what_is_missing(self, client: Client, book: Book) -> None:
        page = said(client.get(at(book, "cra")))
        assert "Pas commencé" in page
        assert "Il manque encore 5 réponses pour pouvoir terminer : Combien de classes font partie de la coopérative ?" in page
        assert "Les classes et les coopérateurs 5 questions Répondre" in page

    def test_it_is_finished_and_taken_up_again(self, alice: Access, client: Client, book: Book) -> None:
        begin_cra(alice, book)
        assert "Les classes et les coopérateurs 3 réponses sur 5 Continuer" in said(client.get(at(book, "cra")))
        told = notices(client.post(at(book, "cra"), {"geste": "terminer"}, follow=True))
        assert told == ["Le compte rendu d’activités est terminé. Bravo\u202f!"]
        assert "Reprendre pour modifier" in said(client.get(at(book, "cra")))
        told = notices(client.post(at(book, "cra"), {"geste": "reprendre"}, follow=True))
        assert told == ["Vous pouvez modifier le compte rendu d’activités. Pensez à le terminer de nouveau."]
        assert not cra_of(book).finished

    def test_what_is_missing_is_said(self, client: Client, book: Book) -> None:
        told = notices(client.post(at(book, "cra"), {"geste": "terminer"}, follow=True))
        assert list(map(plain, told)) == ["Il reste 5 réponses à donner avant de terminer."]

    def test_those_who_only_read_are_shown_no_form(self, alice: Access, book: Book) -> None:
        begin_cra(alice, book)
        reader = comptable()
        assert "Terminer" not in said(reader.get(at(book, "cra")))
        page = said(reader.get(at(book, "cra_step", number=CLASSES)))
        assert (
            "Combien d’élèves sont coopérateurs ? 148 Combien d’adultes sont coopérateurs ? 9 Quels niveaux accueillez-vous ? Pas" in page
        )
        assert "Enregistrer" not in page
        page = said(reader.get(at(book, "cra_step", number=PROJECTS)))
        assert "Quels projets la coopérative a-t-elle menés ? Musée · Classes : CM1, CM2 · Argent dépensé : 138,00 €" in page

    def test_their_cost(self, alice: Access, client: Client, book: Book) -> None:
        begin_cra(alice, book)
        assert queries_of(client, at(book, "cra")) <= 12
        assert [number for number in range(1, 7) if queries_of(client, at(book, "cra_step", number=number)) > 12] == []

    def test_there_is_no_other_step(self, client: Client, book: Book) -> None:
        assert [client.get(at(book, "cra_step", number=number)).status_code for number in (0, 7)] == [404, 404]


class TestKeepingOne:
    def test_it_is_kept_at_once(self, client: Client, book: Book) -> None:
        answer = keep(client, book, CLASSES, "eleves", value="1 480")
        assert (answer.status_code, words_of(answer), answers(book)) == (200, "Enregistré", {"eleves": 1480})
        assert 'name="q-eleves-version" value="1"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("step", "question", "values", "told"),
        [
            (CLASSES, "eleves", {"value": "beaucoup"}, "Écrivez un nombre entier, par exemple 24."),
            (CLASSES, "eleves", {"value": "-3"}, "Écrivez un nombre entier, par exemple 24."),
            (CLASSES, "eleves", {"value": "5001"}, "Ce nombre est trop grand : 5000 au plus."),
            (CLASSES, "niveaux", {"value": ["Lune"]}, "Choisissez dans la liste."),
            (COUNCIL, "conseil_reuni", {"value": "Peut-être"}, "Choisissez dans la liste."),
            (COUNCIL, "conseil_decisions", {"value": "x" * 2001}, "Ce texte a 2001 caractères, 2000 au plus."),
            (NEXT, "formations_autres", {"value": "x" * 201}, "Ce texte a 201 caractères, 200 au plus."),
            (
                NEXT,
                "formations_autres",
                {"value": "a\u202eb"},
                "Ce texte contient des caractères invisibles : tapez-le plutôt que de le coller.",
            ),
            (
                PROJECTS,
                "projets",
                {"TOTAL_FORMS": 2, "0__projet": "Musée", "1__depenses": "dix"},
                "Ligne 2, « Argent dépensé » : Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",
            ),
            (
                PROJECTS,
                "projets",
                {"TOTAL_FORMS": 1, "0__projet": "x" * 201},
                "Ligne 1, « Thème ou nom du projet » : Ce texte a 201 caractères, 200 au plus.",
            ),
            (
                PROJECTS,
                "projets",
                {"TOTAL_FORMS": 41, **{f"{number}__projet": "P" for number in range(41)}},
                "Ce tableau a 41 lignes, 40 au plus.",
            ),
            (PROJECTS, "photos", {"value": ["7"]}, "Choisissez des photos de l’année."),
        ],
    )
    def test_what_is_wrong_is_said_and_not_kept(
        self, client: Client, book: Book, step: int, question: str, values: dict[str, Any], told: str
    ) -> None:
        answer = keep(client, book, step, question, **values)
        assert (answer.status_code, words_of(answer), answers(book)) == (422, told, {})
        whole = client.post(at(book, "cra_step", number=step), typed(question, **values))
        assert (whole.status_code, told in said(whole), answers(book)) == (422, True, {})

    def test_what_another_answered_meanwhile_is_shown_and_stays(self, alice: Access, client: Client, book: Book) -> None:
        begin_cra(alice, book, {"eleves": 148, "adultes": 9})
        answer = client.post(
            at(book, "cra_step", number=CLASSES), {"question": "eleves", **typed("eleves", value="150"), **typed("adultes")}, **HTMX
        )
        told = "Entre-temps, École Jean-Jaurès a répondu : 148 Votre réponse n’est pas enregistrée. Garder la mienne Reprendre la sienne"
        other = "Entre-temps, École Jean-Jaurès a répondu : 9 Voir"
        assert (answer.status_code, words_of(answer), answers(book)["eleves"]) == (409, f"{told} {other}", 148)
        assert 'id="etat-adultes" hx-swap-oob="innerHTML"><input type="hidden" name="q-adultes-version" value="0">' in (
            answer.content.decode().replace("\n", "")
        )
        assert words_of(keep(client, book, CLASSES, "eleves", version=1, seen=148, value="150")) == "Enregistré"
        assert answers(book) == {"eleves": 150, "adultes": 9}

    def test_rows_that_are_empty_are_left_out(self, client: Client, book: Book) -> None:
        values = {"TOTAL_FORMS": 3, "0__projet": "Musée", "0__depenses": "138", "1__projet": " ", "2__projet": "Vélo"}
        assert keep(client, book, PROJECTS, "projets", **values).status_code == 200
        assert answers(book) == {"projets": [{"projet": "Musée", "depenses": 138_00}, {"projet": "Vélo"}]}

    def test_a_remark_and_a_long_text_keep_their_lines(self, client: Client, book: Book) -> None:
        keep(client, book, COUNCIL, "conseil_decisions", value="Un bal.\r\nUn potager.")
        assert answers(book) == {"conseil_decisions": "Un bal.\nUn potager."}

    def test_photos_of_the_year_are_chosen(self, alice: Access, client: Client, book: Book) -> None:
        assert "Il n’y a pas encore de photo cette année." in said(client.get(at(book, "cra_step", number=PROJECTS)))
        kept = photo(alice, book)
        assert keep(client, book, PROJECTS, "photos", value=[str(kept.pk)]).status_code == 200
        page = client.get(at(book, "cra_step", number=PROJECTS)).content.decode()
        assert f'name="q-photos-value" value="{kept.pk}" checked' in page
        assert at(book, "document_page", key=kept.pk, number=1) in page

    def test_a_question_that_is_not_asked_here_is_absent(self, client: Client, book: Book) -> None:
        assert keep(client, book, CLASSES, "projets", TOTAL_FORMS=1).status_code == 404

    def test_once_it_is_finished_or_sent_nothing_is_kept_and_it_says_why(self, alice: Access, client: Client, book: Book) -> None:
        finish_cra(alice, book)
        answer = keep(client, book, CLASSES, "adultes", version=1, value="10")
        assert (answer.status_code, words_of(answer)) == (
            422,
            "Ce compte rendu d’activités est terminé. Pour le modifier, reprenez-le d’abord.",
        )
        in_state(book, ClosingState.SENT)
        page = client.post(at(book, "cra_step", number=CLASSES), typed("adultes", version=1, value="10"))
        assert "Rien n’a été enregistré Les comptes de 2025-2026 sont transmis" in said(page)
        assert 'value="10"' in page.content.decode()
        assert answers(book)["adultes"] == 9


class TestProposals:
    def test_one_is_kept_by_a_click(self, alice: Access, client: Client, book: Book) -> None:
        decided(alice, book, date=date(2026, 1, 12))
        page = client.get(at(book, "cra_step", number=COUNCIL))
        assert "Proposition D’après vos délibérations : corrigez si besoin. Garder" in said(page)
        assert ('value="1" inputmode="numeric"' in page.content.decode(), answers(book)) == (True, {})
        answer = client.post(at(book, "cra_step", number=COUNCIL), {"question": "conseil_fois", **typed("conseil_fois", value="1")})
        assert answer.headers["Location"] == f"{at(book, 'cra_step', number=COUNCIL)}#question-conseil_fois"
        assert answers(book) == {"conseil_fois": 1}

    def test_what_was_taken_back_is_not_proposed_again(self, alice: Access, client: Client, book: Book) -> None:
        decided(alice, book, date=date(2026, 1, 12))
        begin_cra(alice, book, {"conseil_fois": 1, "conseil_dates": "12 janvier"})
        begin_cra(alice, book, {"conseil_fois": None})
        assert "Proposition" not in said(client.get(at(book, "cra_step", number=COUNCIL)))


class TestLeftOut:
    ASIDE = "Vous avez répondu « Non » à « Le conseil de coopérative s’est-il réuni cette année ? » :"

    def test_the_last_step_says_so_and_nothing_of_it_is_shown_counted_or_printed(self, alice: Access, client: Client, book: Book) -> None:
        begin_cra(alice, book, {**NEEDED, "conseil_dates": "Le 3 mars"})
        assert "9 réponses" not in said(client.get(at(book, "cra")))
        begin_cra(alice, book, {"conseil_reuni": "Non"})
        page = said(client.get(at(book, "cra")))
        assert f"{self.ASIDE} 1 réponse qui en dépend est laissée de côté, ni comptée ni imprimée." in page
        assert "Le conseil de coopérative 1 réponse sur 1 Revoir" in page
        begin_cra(alice, book, {"conseil_fois": 2})
        finish(access=alice, book=book)
        assert f"{self.ASIDE} 2 réponses qui en dépendent sont laissées de côté, ni comptées ni imprimées." in said(
            client.get(at(book, "cra"))
        )
        assert "Le 3 mars" not in said(client.get(at(book, "cra_step", number=COUNCIL)))
        assert "Le 3 mars" not in words(client.get(at(book, "cra_pdf")).content)
        reopen(access=alice, book=book)
        begin_cra(alice, book, {"conseil_reuni": "Oui"})
        assert self.ASIDE not in said(client.get(at(book, "cra")))
        assert answers(book)["conseil_dates"] == "Le 3 mars"

    def test_the_last_step_promises_no_next_one(self, alice: Access, client: Client, book: Book) -> None:
        last = len(first_version(QuestionnaireKind.CRA).sections)
        told = {number: said(client.get(at(book, "cra_step", number=number))) for number in (1, last)}
        assert "Chaque réponse s’enregistre dès que vous passez à la suivante." in told[1]
        assert "Chaque réponse s’enregistre dès qu’elle est donnée." in told[last]

    def test_the_questions_come_and_go_as_the_answer_does(self, alice: Access, client: Client, book: Book) -> None:
        hidden = 'id="question-conseil_fois" hidden'
        gone = keep(client, book, COUNCIL, "conseil_reuni", value="Non").content.decode()
        assert (gone.count("hx-swap-oob"), hidden in gone) == (5, True)
        back = keep(client, book, COUNCIL, "conseil_reuni", version=1, seen="Non", value="Oui").content.decode()
        assert (back.count("hx-swap-oob"), hidden in back) == (5, False)
        same = keep(client, book, COUNCIL, "conseil_fois", value="3").content.decode()
        assert same.count("hx-swap-oob") == 0

    def test_without_script_the_step_is_shown_again_where_it_asks_more(self, alice: Access, client: Client, book: Book) -> None:
        decided(alice, book)
        step = at(book, "cra_step", number=COUNCIL)
        sent = {**typed("conseil_reuni", value="Non"), **typed("conseil_fois", value="abc"), **typed("conseil_dates", value="Le 3 mars")}
        assert client.post(step, sent)["Location"] == at(book, "cra_step", number=PROJECTS)
        assert answers(book) == {"conseil_reuni": "Non"}
        sent = typed("conseil_reuni", version=1, seen="Non", value="Oui")
        assert client.post(step, sent)["Location"] == step

    def test_what_was_left_out_last_year_is_not_proposed(self, alice: Access, book: Book) -> None:
        begin_cra(alice, book, {"conseil_reuni": "Oui", "conseil_decisions": "Une sortie"})
        later = Book(coop=book.coop, start=book.start + 1)
        asked = cra_of(book).questionnaire.question("conseil_decisions")
        assert asked is not None
        question = replace(asked, known=Known.LAST_YEAR)
        assert proposals_for(later, [question])["conseil_decisions"].value == "Une sortie"
        begin_cra(alice, book, {"conseil_reuni": "Non"})
        assert proposals_for(later, [question]) == {}


class TestWithoutScript:
    def test_all_the_answers_of_a_step_then_the_next_one(self, client: Client, book: Book) -> None:
        sent = (
            typed("classes", value="6")
            | typed("eleves", value="148")
            | typed("adultes", value="9")
            | typed("niveaux", value=["Élémentaire"])
        )
        answer = client.post(at(book, "cra_step", number=CLASSES), sent)
        assert answer.headers["Location"] == at(book, "cra_step", number=COUNCIL)
        assert answers(book) == {"classes": 6, "eleves": 148, "adultes": 9, "niveaux": ["Élémentaire"]}
        last = client.post(at(book, "cra_step", number=NEXT), typed("remarques", value="Merci"), follow=True)
        assert plain(notices(last)[-1]) == "« L’année prochaine » est enregistré."

    def test_what_is_right_is_kept_beside_what_is_wrong(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "cra_step", number=CLASSES), typed("classes", value="six") | typed("eleves", value="148"))
        assert (answer.status_code, answers(book)) == (422, {"eleves": 148})
        assert "Il y a une chose à corriger" in said(answer)
        assert 'value="six"' in answer.content.decode()

    def test_a_row_is_added_and_taken_away_and_nothing_typed_is_lost(self, client: Client, book: Book) -> None:
        rows: dict[str, Any] = {"TOTAL_FORMS": 2, "0__projet": "Musée", "1__projet": "Vélo"}
        address = at(book, "cra_step", number=PROJECTS)
        more = client.post(address, {**typed("projets", **rows), "ajouter": "projets"}).content.decode()
        assert re.findall(r'name="q-projets-(\d)-projet" value="(\w*)"', more.replace("é", "e")) == [("0", "Musee"), ("1", "Velo")]
        assert 'name="q-projets-TOTAL_FORMS" value="3"' in more
        less = client.post(address, {**typed("projets", **rows), "retirer": "projets:0"}).content.decode()
        assert re.findall(r'name="q-projets-(\d)-projet" value="([^"]*)"', less) == [("0", "Vélo")]
        assert answers(book) == {}


class TestPreparation:
    def line(self, access: Access, book: Book) -> Line:
        return next(line for line in Preparation(page_of(access, book)).lines if line.code == "cra")

    def test_the_year_waits_for_it(self, alice: Access, book: Book) -> None:
        told = [self.line(alice, book)]
        begin_cra(alice, book)
        told.append(self.line(alice, book))
        finish(access=alice, book=book)
        told.append(self.line(alice, book))
        assert [(line.done, line.needed, plain(line.sentence)) for line in told] == [
            (False, True, "Il n’est pas commencé : racontez l’année en quelques réponses."),
            (False, True, "5 réponses sur 21."),
            (True, True, "Il partira avec le CRF."),
        ]
        assert {line.href for line in told} == {at(book, "cra")}

    def test_another_answer_makes_signatures_void_taking_it_up_alone_does_not(self, alice: Access, finished: Book) -> None:
        called(alice, finished)
        all_sign(alice, finished)
        seen = digest_of(finished)
        reopen(access=alice, book=finished)
        assert (len(valid_signatures(finished)), digest_of(finished)) == (3, seen)
        assert Preparation(page_of(alice, finished)).before_sending == ["Compte rendu d’activités à terminer. 5\u00a0réponses sur 21."]
        begin_cra(alice, finished, {"adultes": 10})
        assert (valid_signatures(finished), digest_of(finished) == seen) == ([], False)


class TestPaper:
    def test_a_draft_until_it_is_finished(self, alice: Access, client: Client, book: Book) -> None:
        empty = words(client.get(at(book, "cra_pdf")).content)
        assert ("Projet" in empty, "Aucune réponse pour l’instant." in empty) == (True, True)
        finish_cra(alice, book)
        answer = client.get(at(book, "cra_pdf"))
        told = words(answer.content)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="CRA-0910000A-2025-2026.pdf"'
        assert ("Projet" in told.replace("Projets", ""), "Combien d’élèves sont coopérateurs ? 148" in told) == (False, True)
        assert "Musée CM1, CM2 138,00 €" in told

    def test_every_kind_of_answer_and_its_photos(self, alice: Access, client: Client, book: Book) -> None:
        kept = [photo(alice, book).pk, photo(alice, book, "teal").pk]
        given = {"conseil_decisions": "Un bal.\n\nUn #potager.", "niveaux": ["Maternelle", "Collège"], "photos": kept}
        begin_cra(alice, book, NEEDED | given)
        paper = client.get(at(book, "cra_pdf")).content
        assert [len(page.images) for page in read(paper).pages if page.images] == [2]
        told = words(paper)
        assert "Un bal. Un #potager." in told
        assert "Maternelle, Collège" in told

    def test_it_leaves_with_the_crf(self, alice: Access, finished: Book) -> None:
        sent(alice, finished)
        report = finished.sealed_reports.get()
        with storage.opened(report.document.digest) as content:
            told = words(content.read())
        assert "Compte rendu d’activités 2025-2026" in told
