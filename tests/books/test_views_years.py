from __future__ import annotations

import pytest
from django.urls import reverse

from retkoop.books.models import Book
from retkoop.books.queries import books_of
from retkoop.domain.chart import POSTAL
from retkoop.network.access import Access
from tests.books.coops import FORMER, YEAR, a_book, animateur, at, client_of, comptable, plain, stranger
from tests.cast import ALICE
from tests.pages import controls, main_text, notices, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CHANGE = reverse("change_year", args=[ALICE])
OPEN = reverse("open_year", args=[ALICE])


def years_of(access: Access) -> list[str]:
    return [str(book.year) for book in books_of(access.coop)]


class TestChange:
    @pytest.mark.usefixtures("book")
    def test_it_leads_to_the_year_that_is_asked_for(self, alice: Access) -> None:
        former = a_book(alice, FORMER)
        answer = client_of(alice).get(CHANGE, {"annee": "2024-2025"})
        assert (answer.status_code, answer.headers["Location"]) == (302, at(former, "home"))

    @pytest.mark.usefixtures("book")
    @pytest.mark.parametrize("asked", ["2019-2020", "2025", "2024-2026", "hier"])
    def test_any_other_year_is_unknown(self, alice: Access, asked: str) -> None:
        assert client_of(alice).get(CHANGE, {"annee": asked}).status_code == 404

    def test_without_a_year_it_leads_to_the_current_one(self, alice: Access, book: Book) -> None:
        a_book(alice, FORMER)
        a_book(alice, YEAR.next)
        assert client_of(alice).get(CHANGE).headers["Location"] == at(book, "home")

    def test_else_to_the_latest_one(self, alice: Access) -> None:
        a_book(alice, FORMER.previous)
        latest = a_book(alice, FORMER)
        assert client_of(alice).get(CHANGE).headers["Location"] == at(latest, "home")

    def test_a_coop_without_a_book_can_begin_one(self, alice: Access) -> None:
        answer = client_of(alice).get(CHANGE)
        assert title(answer) == "Aucune année n’est ouverte"
        assert plain(main_text(answer)) == (
            "Aucune année n’est ouverte École Jean-Jaurès (0910000A) n’a pas encore de cahier dans Retkoop. Ouvrir l’année 2025-2026 Retour"
        )
        assert [control["value"] for control in controls(answer, "annee")] == ["2025-2026"]

    @pytest.mark.usefixtures("alice")
    def test_readers_are_told_who_will(self) -> None:
        assert plain(main_text(comptable().get(CHANGE))) == (
            "Aucune année n’est ouverte École Jean-Jaurès (0910000A) n’a pas encore de cahier dans Retkoop. "
            "La coopérative l’ouvrira quand son compte sera activé. Retour"
        )

    @pytest.mark.usefixtures("book")
    def test_strangers_are_told_that_nothing_is_there(self) -> None:
        client = stranger()
        assert client.get(CHANGE).status_code == 404
        assert client.get(CHANGE, {"annee": "2025-2026"}).status_code == 404


class TestOpen:
    @pytest.mark.parametrize("asked", ["2025-2026", "2026-2027"])
    def test_the_current_and_the_next_year_can_be_opened(self, alice: Access, asked: str) -> None:
        answer = client_of(alice).post(OPEN, {"annee": asked}, follow=True)
        assert years_of(alice) == [asked]
        assert answer.redirect_chain == [(reverse("home", args=[ALICE, asked]), 302)]
        assert notices(answer)[0] == f"L’année {asked} est ouverte."

    def test_twice_makes_one_book(self, alice: Access) -> None:
        client = client_of(alice)
        client.post(OPEN, {"annee": "2025-2026"})
        client.post(OPEN, {"annee": "2025-2026"})
        assert years_of(alice) == ["2025-2026"]

    def test_it_stays_on_the_same_kind_of_account(self, alice: Access) -> None:
        former = a_book(alice, FORMER)
        Book.objects.filter(pk=former.pk).update(bank_account=POSTAL)
        client_of(alice).post(OPEN, {"annee": "2025-2026"})
        assert [book.bank_account for book in books_of(alice.coop)] == [POSTAL, POSTAL]

    @pytest.mark.usefixtures("book")
    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ("2023-2024", "Seules les années 2024-2025, 2025-2026 et 2026-2027 peuvent être ouvertes."),
            ("2027-2028", "Seules les années 2024-2025, 2025-2026 et 2026-2027 peuvent être ouvertes."),
            ("demain", "« demain » n’est pas une année scolaire. Écrivez par exemple 2025-2026."),
            ("", "«  » n’est pas une année scolaire. Écrivez par exemple 2025-2026."),
        ],
    )
    def test_no_other_year(self, alice: Access, asked: str, refusal: str) -> None:
        answer = client_of(alice).post(OPEN, {"annee": asked}, follow=True)
        assert plain(notices(answer)[0]) == refusal
        assert years_of(alice) == ["2025-2026"]

    def test_those_who_help_may_open_it(self, alice: Access) -> None:
        animateur().post(OPEN, {"annee": "2025-2026"})
        assert years_of(alice) == ["2025-2026"]

    def test_readers_and_strangers_may_not(self, alice: Access) -> None:
        assert comptable().post(OPEN, {"annee": "2025-2026"}).status_code == 404
        assert stranger().post(OPEN, {"annee": "2025-2026"}).status_code == 404
        assert years_of(alice) == []

    def test_looking_opens_nothing(self, alice: Access) -> None:
        assert client_of(alice).get(OPEN).status_code == 405
