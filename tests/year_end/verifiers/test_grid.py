"""The grid: asked before a signature, kept with the version that asked, told to the coop, to its AD and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.questionnaire import Question, QuestionKind, Questionnaire, Section
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.year_end.cra.questionnaires import change_draft, new_draft, publish
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion, Signature, Verifier
from retkoop.year_end.verifiers import codes
from retkoop.year_end.verifiers.grid import CHANGED, INCOMPLETE, grid_for, grids_of
from retkoop.year_end.verifiers.paper import quitus_data, quitus_pdf
from tests.books.coops import at, client_of, plain, queries_of, said
from tests.cast import logged_in, make_staff
from tests.pages import controls, errors, notices
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import OTHER, answered, in_state, invited, signed, telephone, today
from tests.year_end.verifiers.test_visit import YES, send, to

pytestmark = pytest.mark.django_db

FIRST = "Chaque opération que vous avez regardée a-t-elle sa pièce justificative ?"


@pytest.fixture
def phone() -> Client:
    return telephone()


@pytest.fixture
def verifier(alice: Access, book: Book) -> Verifier:
    in_state(book, ClosingState.SIGNING)
    return invited(alice, book)


def other_grid(*questions: Question, year: int = 2025) -> QuestionnaireVersion:
    """Publish another grid from a year on."""
    row = new_draft(author=SYSTEM, kind=QuestionnaireKind.GRID)
    content = Questionnaire("Grille courte", (Section("tout", "Tout", questions=questions),))
    row = change_draft(author=SYSTEM, key=row.pk, version=row.version, content=content)
    return publish(author=SYSTEM, key=row.pk, version=row.version, year=SchoolYear(year))


SHORT = (
    Question("clair", "Les comptes sont-ils clairs ?", QuestionKind.CHOICE, required=True, choices=("Oui", "Non")),
    Question("regarde", "Qu’avez-vous regardé ?", QuestionKind.SEVERAL, help="Cochez tout.", choices=("Le cahier", "La caisse")),
    Question("heures", "Combien d’heures ?", QuestionKind.NUMBER, most=40),
    Question("mot", "Un mot ?", QuestionKind.LONG),
)


class TestPage:
    def test_the_questions_of_the_year_are_asked(self, phone: Client, verifier: Verifier) -> None:
        told = said(phone.get(to(verifier, "verifier_sign")))
        assert "« Sans objet » veut dire que la coopérative n’est pas concernée. Si vous répondez « Non », dites pourquoi" in told
        assert f"Les pièces justificatives {FIRST} Oui Non Sans objet Remarque, {FIRST}" in told

    def test_all_must_be_answered_and_what_was_typed_stays(self, phone: Client, verifier: Verifier) -> None:
        code = codes.new_code(verifier, by_hand=True)
        given = {**YES, "grille-piece_presente": "Non", "code": code}
        del given["grille-regies_soldees"]
        assert send(phone, verifier, "verifier_sign", given)[0] == 422
        answer = send.answer  # type: ignore[attr-defined]  # as `send` leaves it
        assert [plain(one) for one in errors(answer)] == [
            "Vous répondez « Non » : dites pourquoi en quelques mots.",
            "Répondez à cette question.",
        ]
        chosen = [one["value"] for one in controls(answer, "grille-piece_presente") if "checked" in one]
        assert (chosen, Signature.objects.count()) == (["Non"], 0)
        assert "Il y a 2 choses à corriger" in said(answer)

    def test_it_is_signed_with_its_answers(self, phone: Client, verifier: Verifier) -> None:
        code = codes.new_code(verifier, by_hand=True)
        given = {**YES, "grille-piece_presente": "Non", "grille-piece_presente_remarque": "D12 manque.", "code": code}
        assert send(phone, verifier, "verifier_sign", given)[0] == 302
        kept = Signature.objects.get().answers
        assert kept["questionnaire"] == grid_for(verifier.book).pk
        assert (len(kept["answers"]), kept["answers"]["piece_presente_remarque"]) == (9, "D12 manque.")

    def test_what_is_not_finished_is_kept_for_later(self, phone: Client, verifier: Verifier) -> None:
        assert send(phone, verifier, "verifier_sign", {"grille-nom_sur_pieces": "Non", "envoyer": "1"})[0] == 302
        page = phone.get(to(verifier, "verifier_sign"))
        assert [one["value"] for one in controls(page, "grille-nom_sur_pieces") if "checked" in one] == ["Non"]

    def test_what_is_no_answer_is_refused(self, phone: Client, verifier: Verifier) -> None:
        send(phone, verifier, "verifier_sign", {**YES, "grille-piece_presente": "Peut-être"})
        assert errors(send.answer)[0] == "Choisissez dans la liste."  # type: ignore[attr-defined]  # idem
        send(phone, verifier, "verifier_sign", {**YES, "grille-piece_presente_remarque": "x" * 501})
        assert errors(send.answer)[0] == "Ce texte a 501 caractères, 500 au plus."  # type: ignore[attr-defined]  # idem

    def test_questions_of_all_kinds(self, phone: Client, verifier: Verifier) -> None:
        other_grid(*SHORT)
        told = said(phone.get(to(verifier, "verifier_sign")))
        assert "Qu’avez-vous regardé ? Le cahier La caisse Cochez tout. Combien d’heures ? (facultatif) Un mot ? (facultatif)" in told
        given = {"grille-clair": "Oui", "grille-regarde": ["Le cahier", "La caisse"], "grille-heures": "2", "grille-mot": "Bravo"}
        send(phone, verifier, "verifier_sign", {**given, "grille-heures": "x", "envoyer": "1"})  # type: ignore[dict-item]  # several of a name
        assert errors(send.answer) == ["Écrivez un nombre entier, par exemple 24."]  # type: ignore[attr-defined]  # idem
        send(phone, verifier, "verifier_sign", {**given, "envoyer": "1"})  # type: ignore[dict-item]  # idem
        page = phone.get(to(verifier, "verifier_sign"))
        assert [one["value"] for one in controls(page, "grille-regarde") if "checked" in one] == ["Le cahier", "La caisse"]
        code = codes.new_code(verifier, by_hand=True)
        assert send(phone, verifier, "verifier_sign", {**given, "code": code})[0] == 302  # type: ignore[dict-item]  # idem
        (grid,) = grids_of(Signature.objects.all()).values()
        assert [(row.label, row.answer) for row in grid.rows] == [
            ("Les comptes sont-ils clairs ?", "Oui"),
            ("Qu’avez-vous regardé ?", "Le cahier, La caisse"),
            ("Combien d’heures ?", "2"),
            ("Un mot ?", "Bravo"),
        ]
        assert plain(grid.told) == "4 réponses, aucun « Non »"

    def test_what_is_typed_is_read_as_in_a_cra(self, phone: Client, verifier: Verifier) -> None:
        other_grid(
            SHORT[0], Question("lignes", "Combien de lignes ?", QuestionKind.NUMBER), Question("mot", "Un mot ?", QuestionKind.LONG, most=5)
        )
        given = {"grille-clair": "Oui", "grille-lignes": "1\u202f000", "grille-mot": "un\r\nmo"}
        assert send(phone, verifier, "verifier_sign", {**given, "code": codes.new_code(verifier, by_hand=True)})[0] == 302
        assert Signature.objects.get().answers["answers"] == {"clair": "Oui", "lignes": 1000, "mot": "un\nmo"}

    def test_a_grid_that_changes_meanwhile_is_read_again(self, phone: Client, verifier: Verifier) -> None:
        seen = controls(phone.get(to(verifier, "verifier_sign")), "grid")[0]["value"]
        version = other_grid(*SHORT)
        code = codes.new_code(verifier, by_hand=True)
        assert send(phone, verifier, "verifier_sign", {"grid": seen, "grille-clair": "Oui", "code": code})[0] == 422
        answer = send.answer  # type: ignore[attr-defined]  # idem
        assert CHANGED in notices(answer)[0]
        assert controls(answer, "grid")[0]["value"] == str(version.pk)
        assert send(phone, verifier, "verifier_sign", {"grille-clair": "Oui", "code": code})[0] == 302


class TestVerb:
    @pytest.mark.parametrize(
        "answers",
        [{"piece_presente": ""}, {"piece_presente": "Non"}, {"piece_presente": "Peut-être"}, {"autre": "Oui"}],
    )
    def test_nothing_unfinished_is_signed(self, verifier: Verifier, answers: dict[str, str]) -> None:
        with pytest.raises(Refused, match=INCOMPLETE):
            signed(verifier, answered(verifier.book, answers=answers))

    def test_no_other_grid_is_signed(self, verifier: Verifier) -> None:
        filled = answered(verifier.book)
        other_grid(*SHORT)
        with pytest.raises(Refused, match=CHANGED):
            signed(verifier, filled)


class TestTold:
    @pytest.fixture
    def objecting(self, verifier: Verifier) -> Signature:
        return signed(verifier, answered(verifier.book, answers={"piece_presente": "Non", "piece_presente_remarque": "D12 manque."}))

    def test_the_coop_reads_it(self, alice: Access, book: Book, objecting: Signature) -> None:
        page = client_of(alice).get(at(book, "verifiers"))
        assert f"Grille, Inès Moreau : 8 réponses, 1 réponse « Non » {FIRST} Non · D12 manque." in said(page)
        assert '<details class="disclosure" open>' in page.content.decode()

    def test_the_ad_reads_it(self, book: Book, objecting: Signature) -> None:
        address = reverse("review", kwargs={"department": "91", "rne": book.coop.rne, "year": str(book.year)})
        carole = logged_in(make_staff("carole", RoleKind.COMPTABLE))
        assert f"Grille, Inès Moreau : 8 réponses, 1 réponse « Non » {FIRST} Non · D12 manque." in said(carole.get(address))

    def test_more_signatures_ask_no_more_of_the_database(self, alice: Access, book: Book, objecting: Signature) -> None:
        before = queries_of(client_of(alice), at(book, "verifiers"))
        signed(invited(alice, book, OTHER))
        assert queries_of(client_of(alice), at(book, "verifiers")) == before

    def test_it_is_on_the_quitus(self, book: Book, objecting: Signature) -> None:
        told = words(quitus_pdf(book, today()))
        assert f"Question Réponse Remarque {FIRST} Non D12 manque. Les pièces portent-elles" in told
        verifiers: Any = quitus_data(book)["verifiers"]
        label, *said_of_it = verifiers[0]["grid"][0]
        assert (len(verifiers[0]["grid"]), plain(label), said_of_it) == (8, FIRST, ["Non", "D12 manque."])

    def test_its_words_stay_when_the_grid_changes(self, book: Book, objecting: Signature) -> None:
        other_grid(*SHORT)
        assert plain(grids_of([objecting])[objecting.pk].rows[0].label) == FIRST

    def test_whoever_signed_without_one_has_none(self, book: Book, objecting: Signature) -> None:
        objecting.answers = {}
        assert grids_of([objecting]) == {}

    def test_the_paper_has_one_to_fill_in_for_each_who_has_not_signed(self, alice: Access, book: Book, objecting: Signature) -> None:
        invited(alice, book, OTHER)
        told = words(quitus_pdf(book, today()))
        rule = "Un vérificateur, une grille. Cochez une case par question ; à chaque « Non », écrivez pourquoi."
        assert f"La grille, à remplir à la main {rule} Paul Girard Question" in told
        assert "Oui Non Sans objet" in told
        assert told.count("Paul Girard Question") == 1

    def test_the_paper_of_those_not_yet_named(self, book: Book) -> None:
        told = words(quitus_pdf(book, today()))
        assert told.count("Nom : Question Réponse") == 2
