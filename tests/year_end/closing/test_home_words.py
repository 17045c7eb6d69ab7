"""What the first page says of a year that is to be sent, or was sent back: on the page of every year of the coop."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.queries import books_of
from retkoop.books.years import open_year
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.network.services import change_setting
from retkoop.year_end.closing.queries import home_words
from retkoop.year_end.direct.services import choose_direct
from tests.banking.books_at_hand import YEAR
from tests.books.coops import at, plain, said
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

LEFT = "Il reste 16 jours : l’association départementale les attend pour le 30 septembre 2026. Voyez ce qu’il reste à faire."
LATE = "En retard de 61 jours : l’association départementale les attendait pour le 30 septembre 2026. Voyez ce qu’il reste à faire."
SEPTEMBER = date(2026, 9, 14)
WAITED_FOR, TO_CORRECT = "Les comptes 2025-2026 ne sont pas encore transmis", "Les comptes 2025-2026 sont à corriger"


def titles(access: Access, today: date = SEPTEMBER) -> list[tuple[str, bool]]:
    return [(word.title, word.wrong) for word in home_words(books_of(access.coop), today)]


def test_a_year_that_runs_is_not_waited_for(alice: Access, book: Book) -> None:
    assert titles(alice, date(2026, 8, 31)) == []


def test_a_year_that_has_ended_is(alice: Access, book: Book) -> None:
    assert titles(alice) == [(WAITED_FOR, False)]


def test_it_says_how_long_it_is_until_the_last_day(alice: Access, book: Book) -> None:
    told = [(word.wrong, plain(word.sentence)) for day in (SEPTEMBER, date(2026, 11, 30)) for word in home_words(books_of(alice.coop), day)]
    assert told == [(False, LEFT), (True, LATE)]


def test_the_ad_chooses_that_day(alice: Access, book: Book) -> None:
    change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name="crf_due_days", value=45)
    (word,) = home_words(books_of(alice.coop), date(2026, 10, 16))
    assert plain(word.sentence).startswith("En retard de 1 jour : l’association départementale les attendait pour le 15 octobre 2026.")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ClosingState.SIGNING, [(WAITED_FOR, False)]),
        (ClosingState.SENT, []),
        (ClosingState.TO_CORRECT, [(TO_CORRECT, True)]),
    ],
)
def test_until_it_is_sent_and_again_where_it_comes_back(
    alice: Access, book: Book, state: ClosingState, expected: list[tuple[str, bool]]
) -> None:
    in_state(book, state)
    assert titles(alice) == expected


def test_both_years_say_it(client: Client, alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=SEPTEMBER)
    in_state(book, ClosingState.TO_CORRECT)
    for shown in (book, later):
        page = client.get(at(shown, "home"))
        assert TO_CORRECT in said(page)
        assert f'href="{at(book, "closing")}"' in page.content.decode()


def test_an_empty_year_is_not_waited_for(alice: Access) -> None:
    open_year(access=alice, year=YEAR, today=SEPTEMBER)
    assert titles(alice) == []


def test_a_compte_rendu_without_cahier_is_waited_for_from_its_choice_on(alice: Access) -> None:
    choose_direct(access=alice, book=open_year(access=alice, year=YEAR, today=SEPTEMBER))
    assert titles(alice) == [(WAITED_FOR, False)]
