from __future__ import annotations

from dataclasses import replace
from datetime import date

from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.year_end.steps import Step, steps_to_crf
from tests.banking.books_at_hand import YEAR, add, now, open_year, payment

AFTER = date(2026, 9, 1)


def page(access: Access, book: Book, today: date = AFTER) -> CoopPage:
    return CoopPage(access, now(book), tuple(books_of(access.coop)), today)


def plain(step: Step) -> Step:
    title, sentence = (text.replace("\u202f", " ").replace("\u00a0", " ") for text in (step.title, step.sentence))
    return replace(step, title=title, sentence=sentence)


def test_a_finished_year_waits_for_nothing(alice: Access, finished: Book) -> None:
    assert [plain(step) for step in steps_to_crf(page(alice, finished))] == [
        Step("Aucune erreur dans le cahier", "Alertes et conseils n’empêchent pas l’envoi.", "Voir la liste", "findings", done=True),
        Step("Bilan équilibré", "Ce que la coopérative possède est expliqué au centime près.", "Voir le bilan", "balance_sheet", done=True),
        Step("Rapprochement juste", "La banque et le cahier disent la même chose.", "Pointer le relevé", "reconciliation", done=True),
        Step("Caisse juste", "Les billets et les pièces comptés font bien le total du cahier.", "Compter la caisse", "cash", done=True),
        Step("L’année est finie", "Elle s’est arrêtée le 31 août 2026.", "Ouvrir le cahier", "cahier", done=True),
    ]


def test_a_year_under_way(alice: Access, book: Book) -> None:
    errors, *_, end = (plain(step) for step in steps_to_crf(page(alice, book, date(2026, 8, 31))))
    assert errors.done
    assert end == Step(
        "L’année court encore",
        "Le compte rendu s’arrête au 31 août 2026 : ses chiffres changeront.",
        "Ouvrir le cahier",
        "cahier",
        done=False,
    )
    assert [step.done for step in steps_to_crf(page(alice, book))] == [True, True, False, False, True]


def test_errors_are_counted(alice: Access) -> None:
    book = open_year(alice, YEAR)
    add(alice, book, [replace(payment("D1", date(2026, 1, 5), 10_00), parts=())])
    first = plain(steps_to_crf(page(alice, book))[0])
    assert first == Step("2 erreurs à corriger", "Le CRF ne peut pas partir avec une erreur.", "Corriger", "findings", done=False)


def test_too_many_errors_to_count(alice: Access) -> None:
    book = open_year(alice, YEAR)
    add(alice, book, [replace(payment(f"D{number}", date(2026, 1, 5), 10_00 + number), parts=()) for number in range(120)])
    assert steps_to_crf(page(alice, book))[0].title == "99+ erreurs à corriger"


def test_readers_are_told_what_and_not_how(alice: Access, book: Book) -> None:
    reader = Access(alice.user, RoleKind.COMPTABLE, alice.coop)
    sentences = [step.sentence for step in steps_to_crf(page(reader, book))]
    assert sentences[2] == "Il compare le relevé de la banque au cahier."
