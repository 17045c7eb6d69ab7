"""A line of the cahier sent twice, sent again after the back button, or found again after the end of a session."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client

from retkoop.banking.services import record_cash_count
from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from tests.books.coops import FORMER, a_book, at, plain, said
from tests.books.lines import MUSEE, by_htmx, entry_form, filled, lines, typed
from tests.cast import PASSWORD
from tests.pages import Answer, notices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def said_notices(answer: Answer) -> list[str]:
    return [plain(notice) for notice in notices(answer)]


NOTED = ("D01", "Entrées au musée", Moves(bank=-184_50), (Part("61800008", 184_50),))


class TestOnce:
    def test_a_double_click_notes_one_line(self, client: Client, book: Book) -> None:
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        client.post(page, form)
        assert said_notices(client.post(page, form, follow=True))[-1] == "C’est noté : Dépense D01, 184,50 €."
        answer = by_htmx(client, page, form, page)
        assert answer.status_code == 200
        assert answer.headers["HX-Replace-Url"] == f"{page}?noter=depense&le=2025-11-14"
        assert lines(book) == [NOTED]

    @pytest.mark.parametrize("htmx", [False, True])
    def test_the_back_button_changes_the_line_and_makes_no_other(self, client: Client, book: Book, *, htmx: bool) -> None:
        """A form that was sent already comes again with other words: both versions are shown."""
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        client.post(page, form)
        [row] = Operation.objects.filter(book=book)
        again = {**form, "amount": "148,50"}
        answer = by_htmx(client, page, again, page) if htmx else client.post(page, again)
        assert answer.status_code == 409
        here = at(book, "operation", key=row.pk)
        assert [answer.headers.get(name) for name in ("HX-Retarget", "HX-Reswap", "HX-Push-Url")] == (
            ["body", "innerHTML", here] if htmx else [None] * 3
        )
        assert "Banque − 184,50 € − 148,50 € Ventilation 618 : 184,50 € 618 : 148,50 €" in said(answer)
        assert lines(book) == [NOTED]
        client.post(here, entry_form(answer))
        assert [moves for _, _, moves, _ in lines(book)] == [Moves(bank=-148_50)]

    @pytest.mark.parametrize("htmx", [False, True])
    def test_a_line_that_was_deleted_since_is_not_noted_again(self, alice: Access, client: Client, book: Book, *, htmx: bool) -> None:
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        client.post(page, form)
        [row] = Operation.objects.filter(book=book)
        delete_operation(access=alice, book=book, key=row.pk, version=1)
        answer = by_htmx(client, page, form, page) if htmx else client.post(page, form)
        assert answer.headers.get("HX-Redirect" if htmx else "Location") == page
        assert said_notices(client.get(page))[-1:] == [
            "Cette ligne avait été notée, puis supprimée. Elle n’a pas été notée une deuxième fois."
        ]
        assert lines(book) == []

    def test_a_number_that_served_elsewhere_notes_nothing_and_says_so(self, alice: Access, client: Client, book: Book) -> None:
        """Of a cash count, or of a line of another year: neither is this line."""
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        record_cash_count(access=alice, book=book, day=date(2025, 11, 14), quantities={}, submission=UUID(form["submission"]))
        other = {**form, "submission": str(uuid4())}
        client.post(at(a_book(alice, FORMER), "cahier"), other)
        for sent in (form, other):
            answer = client.post(page, sent)
            assert (answer.status_code, said_notices(answer)[-1]) == (
                422,
                "Il y a une chose à corriger Ce formulaire a déjà servi ailleurs : rechargez la page, puis notez la ligne de nouveau.",
            )
            assert typed(answer, "label") == ["Entrées au musée"]
        assert lines(book) == []

    def test_a_form_without_a_number_of_its_own_is_a_new_line(self, client: Client, book: Book) -> None:
        form = filled(client, book, **MUSEE, submission="")
        client.post(at(book, "cahier"), form)
        assert lines(book) == [NOTED]


class TestSessionEnds:
    def log_in_again(self, client: Client, book: Book) -> None:
        client.post("/connexion/", {"login": book.coop.rne, "password": PASSWORD})

    @pytest.mark.parametrize("name", ["cahier", "check_operation", "redraw"])
    def test_what_was_typed_is_found_again(self, client: Client, book: Book, name: str) -> None:
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        client.session.flush()
        answer = by_htmx(client, at(book, name), form, page)
        assert answer.headers["HX-Redirect"] == f"/connexion/?next={page}"
        self.log_in_again(client, book)
        back = client.get(page)
        assert typed(back, *MUSEE, "submission") == [*MUSEE.values(), form["submission"]]
        client.post(page, entry_form(back))
        assert lines(book) == [NOTED]
        assert typed(client.get(page), "label", "amount") == ["", ""]

    def test_what_was_typed_last_is_shown(self, client: Client, book: Book) -> None:
        form, page = filled(client, book, **MUSEE), at(book, "cahier")
        client.session.flush()
        by_htmx(client, at(book, "check_operation"), {**form, "label": "Entrées"}, page)
        by_htmx(client, page, form, page)
        self.log_in_again(client, book)
        assert typed(client.get(page), "label") == ["Entrées au musée"]
