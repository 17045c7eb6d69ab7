"""What the preparation of a year says where little is noted, and how long it is until the day of the sending."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from retkoop.banking.services import record_cash_count
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.direct.services import choose_direct
from tests.banking.books_at_hand import YEAR
from tests.books.coops import a_book, at, client_of, open_with, plain, said
from tests.clock import Clock
from tests.year_end.closing.at_hand import page_of
from tests.year_end.direct.at_hand import granted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 10, 9, 5)
    return clock


def test_a_year_of_which_nothing_is_noted_ticks_nothing(alice: Access) -> None:
    book = a_book(alice)
    lines = Preparation(page_of(alice, book)).lines
    assert [(line.code, line.done) for line in lines] == [
        ("saisie", False),
        ("bilan", False),
        ("rapprochement", False),
        ("caisse", False),
        ("cra", False),
        ("annee", True),
        ("signatures", False),
    ]
    assert (lines[0].title, lines[0].sentence, lines[0].needed) == ("Rien n’est encore noté", "Les comptes de l’année sont à saisir.", True)
    open_with(alice, book, 100_00)
    first = Preparation(page_of(alice, book)).lines[0]
    assert (plain(first.sentence), first.needed) == ("Si rien n’a été reçu ni payé cette année, c’est juste.", False)


def test_a_compte_rendu_alone_waits_for_its_totals(alice: Access) -> None:
    book = a_book(alice)
    choose_direct(access=alice, book=book)
    granted(alice, book)
    record_cash_count(access=alice, book=book, day=YEAR.last_day, quantities={1_00: 5}, submission=uuid.uuid4())
    lines = [line for line in Preparation(page_of(alice, book)).lines if not line.done]
    assert [(line.code, line.href, plain(line.sentence)) for line in lines[:3]] == [
        ("erreurs", at(book, "direct_totals"), "Un montant par compte, et ce qu’il y avait à la fin."),
        (
            "rapprochement",
            at(book, "direct_bank"),
            "Il compare le relevé de la banque à vos totaux. Donnez le solde du relevé de fin d’année.",
        ),
        ("caisse", at(book, "direct_cash"), "C’est noté : les totaux diront si c’est juste."),
    ]


@pytest.mark.parametrize(
    ("day", "left", "due"),
    [((2026, 9, 10), "Il reste 20 jours", "attend"), ((2026, 10, 3), "En retard de 3 jours", "attendait")],
)
def test_the_page_says_how_long_it_is_until_the_sending(
    alice: Access, book: Book, clock: Clock, day: tuple[int, int, int], left: str, due: str
) -> None:
    clock.set(*day, 9, 5)
    text = said(client_of(alice).get(at(book, "closing")))
    assert f"Les comptes 2025-2026 {left} En préparation" in text
    assert f"L’association départementale {due} vos comptes pour le 30 septembre 2026." in text


def test_a_year_that_runs_counts_no_days(alice: Access, book: Book) -> None:
    preparation = Preparation(page_of(alice, book, date(2026, 8, 30)))
    assert (preparation.time_left, preparation.is_late) == (None, False)
