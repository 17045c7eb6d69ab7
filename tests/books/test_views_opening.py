from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from retkoop.banking.services import point, record_statement
from retkoop.books.models import Book
from retkoop.books.opening import add_carried_item, carried_items_of, moves_of, opening_of
from retkoop.books.services import delete_operation, edit_operation
from retkoop.books.values import operation_value
from retkoop.domain.chart import POSTAL
from retkoop.domain.entry import Moves
from retkoop.network.access import Access
from retkoop.users.models import User
from tests.books.coops import (
    FORMER,
    a_book,
    animateur,
    at,
    comptable,
    note,
    open_with,
    plain,
    queries_of,
    said,
    stranger,
)
from tests.cast import PASSWORD, made_for_them
from tests.pages import Answer, controls, errors, links, notices, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def typed(answer: Answer, *names: str) -> list[str | None]:
    """Return what stands in some fields, None for a field that is not there."""
    found = [controls(answer, name) for name in names]
    return [one[0].get("value", "") if one else None for one in found]


def form_of(client: Client, book: Book, **given: str) -> dict[str, str]:
    """Return what the browser would send: the hidden fields of the page as it is, and what was typed."""
    answer = client.get(at(book, "opening"))
    names = ("version", "submission", "bank_account", "typed_by")
    hidden = {name: value or "" for name, value in zip(names, typed(answer, *names), strict=True)}
    return {**hidden, "bank": "0", "cash": "0", **given}


def sent(client: Client, book: Book, **given: str) -> Answer:
    return client.post(at(book, "opening"), form_of(client, book, **given), follow=True)


def noted(book: Book) -> Moves | None:
    row = opening_of(book)
    return moves_of(row) if row else None


def said_notices(answer: Answer) -> list[str]:
    return [plain(notice) for notice in notices(answer)]


class TestWhoMay:
    def test_strangers_are_told_that_nothing_is_there(self, book: Book) -> None:
        client = stranger()
        assert client.get(at(book, "opening")).status_code == 404
        assert client.post(at(book, "opening")).status_code == 404

    def test_nobody_sees_it_without_being_logged_in(self, book: Book) -> None:
        assert Client().get(at(book, "opening")).status_code == 302

    def test_readers_see_figures_and_no_form(self, alice: Access, book: Book) -> None:
        reader = comptable()
        assert "Il n’est pas encore noté." in said(reader.get(at(book, "opening")))
        open_with(alice, book, 1200_00, 34_56, 10_00)
        answer = reader.get(at(book, "opening"))
        assert "En tout 1 244,56 € En banque 1 200,00 € En caisse 34,56 € Dans les régies 10,00 €" in said(answer)
        assert "Aucune n’est notée." in said(answer)
        assert typed(answer, "bank", "amount") == [None, None]

    @pytest.mark.parametrize("name", ["opening", "add_carried_item"])
    def test_readers_may_not_write(self, book: Book, name: str) -> None:
        assert comptable().post(at(book, name)).status_code == 404

    @pytest.mark.parametrize("name", ["remove_carried_item", "restore_carried_item"])
    def test_nor_take_back(self, book: Book, name: str) -> None:
        assert comptable().post(at(book, name, key=1)).status_code == 404

    def test_those_who_help_may(self, book: Book) -> None:
        sent(animateur(), book, bank="12,50")
        assert noted(book) == Moves(12_50)


class TestNoting:
    def test_the_page_says_what_it_is_for(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "opening"))
        assert title(answer) == "Report à nouveau"
        assert "Ce que la coopérative possédait le 31 août 2025, et par quoi l’année 2025-2026 commence." in said(answer)
        assert typed(answer, "bank", "cash", "regie", "version") == ["", "", None, ""]

    def test_it_is_noted(self, client: Client, book: Book) -> None:
        answer = sent(client, book, bank="1 200,00", cash="34,56")
        assert noted(book) == Moves(1200_00, 34_56)
        assert said_notices(answer) == ["Le report à nouveau est noté : l’année commence avec 1 234,56 €."]
        assert typed(answer, "bank", "cash", "version") == ["1200,00", "34,56", "1"]

    def test_it_is_corrected(self, client: Client, book: Book) -> None:
        sent(client, book, bank="1200", cash="34,56")
        sent(client, book, bank="-20", cash="34,65")
        assert noted(book) == Moves(-20_00, 34_65)

    def test_a_double_click_notes_it_once(self, client: Client, book: Book) -> None:
        form = form_of(client, book, bank="1200")
        client.post(at(book, "opening"), form)
        answer = client.post(at(book, "opening"), form, follow=True)
        assert said_notices(answer)[-1] == "Le report à nouveau est noté : l’année commence avec 1 200,00 €."
        assert noted(book) == Moves(1200_00)

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (
                {"bank": "", "cash": ""},
                [
                    "Indiquez ce qu’il y avait à la banque, ou 0 s’il n’y avait rien.",
                    "Indiquez ce qu’il y avait en caisse, ou 0 s’il n’y avait rien.",
                ],
            ),
            ({"cash": "-5"}, ["Indiquez un montant sans signe moins."]),
            ({"bank": "beaucoup"}, ["Ce montant n’est pas un nombre. Écrivez par exemple 12,50."]),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_stays_typed(
        self, client: Client, book: Book, given: dict[str, str], expected: list[str]
    ) -> None:
        answer = client.post(at(book, "opening"), form_of(client, book, **given))
        assert answer.status_code == 422
        assert errors(answer) == expected
        assert typed(answer, *given) == list(given.values())
        assert noted(book) is None

    def test_what_was_typed_outlives_the_session(self, client: Client, book: Book) -> None:
        form = form_of(client, book, bank="1 200,00", cash="34,56")
        client.session.flush()
        client.post(at(book, "opening"), form)
        client.post("/connexion/", {"login": book.coop.rne, "password": PASSWORD})
        assert typed(client.get(at(book, "opening")), "bank", "cash") == ["1 200,00", "34,56"]
        client.post(at(book, "opening"), form)
        assert typed(client.get(at(book, "opening")), "bank", "cash") == ["1200,00", "34,56"]


class TestAccount:
    def test_it_is_chosen_with_the_opening(self, client: Client, book: Book) -> None:
        answer = sent(client, book, bank="1200", bank_account=POSTAL)
        row = opening_of(book)
        assert row is not None
        assert [line.account for line in row.lines.all()] == ["514", "110"]
        assert [one["value"] for one in controls(answer, "bank_account") if "checked" in one] == [POSTAL]

    def test_it_can_be_corrected_until_the_bank_moves(self, alice: Access, client: Client, book: Book) -> None:
        sent(client, book, bank="1200")
        sent(client, book, bank="1250", bank_account=POSTAL)
        row = opening_of(book)
        assert row is not None
        assert ([line.account for line in row.lines.all()], noted(book)) == (["514", "110"], Moves(1250_00))
        note(alice, Book.objects.get(pk=book.pk), "R1", "2025-10-01", "Kermesse", 100_00)
        assert typed(client.get(at(book, "opening")), "bank_account") == [None]

    def test_without_a_choice_it_stays_what_it_was(self, client: Client, book: Book) -> None:
        sent(client, book, bank="1200", bank_account="")
        assert noted(book) == Moves(1200_00)
        assert Book.objects.get(pk=book.pk).bank_account == "512"

    def test_someone_moved_the_bank_meanwhile(self, alice: Access, client: Client, book: Book) -> None:
        """The form no longer asks for it: what it sent of it is left aside."""
        form = form_of(client, book, bank="1200", bank_account=POSTAL)
        note(alice, book, "R1", "2025-10-01", "Kermesse", 100_00)
        client.post(at(book, "opening"), form)
        assert noted(book) == Moves(1200_00)
        assert Book.objects.get(pk=book.pk).bank_account == "512"


class TestProposal:
    @pytest.fixture(autouse=True)
    def _former(self, alice: Access) -> None:
        open_with(alice, a_book(alice, FORMER), 1000_00, 20_00, 30_00)

    def test_last_year_is_filled_in(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "opening"))
        assert typed(answer, "bank", "cash", "regie") == ["1000,00", "20,00", "30,00"]
        assert said_notices(answer) == [
            (
                "C’est déjà rempli Le cahier 2024-2025 finit avec 1 000,00 € en banque, 20,00 € en caisse et 30,00 € dans les régies. "
                "Vérifiez, puis enregistrez."
            )
        ]
        sent(client, book, bank="1000", cash="20", regie="30")
        assert noted(book) == Moves(1000_00, 20_00, 30_00)

    def test_regies_are_asked_for_where_there_are_some(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "opening"), form_of(client, book, regie=""))
        assert errors(answer) == ["Indiquez ce qu’il y avait dans les régies, ou 0 s’il n’y avait rien."]

    def test_another_figure_is_told_and_can_be_taken_over(self, client: Client, book: Book) -> None:
        answer = sent(client, book, bank="900", cash="20", regie="0")
        assert said_notices(answer)[-1] == (
            "Ce n’est pas ce avec quoi l’année 2024-2025 s’est terminée "
            "Son cahier finit avec 1 000,00 € en banque, 20,00 € en caisse et 30,00 € dans les régies. Reprendre ces montants"
        )
        again = f"{at(book, 'opening')}?reprendre"
        assert again in links(answer)
        assert typed(client.get(again), "bank", "cash", "regie", "version") == ["1000,00", "20,00", "30,00", "1"]

    def test_its_operations_are_carried_by_themselves(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "opening"))
        assert "L’année 2024-2025 est dans Retkoop : ses opérations encore à pointer vous attendent déjà dans le rapprochement." in said(
            answer
        )
        assert typed(answer, "amount") == [None]


class TestTwoPeople:
    def test_both_note_it(self, alice: Access, client: Client, book: Book) -> None:
        form = form_of(client, book, bank="1300", cash="5")
        open_with(alice, book, 1200_00, 34_56)
        answer = client.post(at(book, "opening"), form)
        assert answer.status_code == 409
        assert said_notices(answer) == [
            (
                "Quelqu’un a changé le report à nouveau entre-temps Il dit maintenant : 1 200,00 € en banque et 34,56 € en caisse. "
                "Ce que vous avez saisi est ci-dessous : enregistrez pour le remplacer."
            )
        ]
        assert typed(answer, "bank", "cash", "version") == ["1300", "5", "1"]
        client.post(at(book, "opening"), {**form, "version": "1"})
        assert noted(book) == Moves(1300_00, 5_00)

    def test_both_correct_it(self, alice: Access, client: Client, book: Book) -> None:
        row = open_with(alice, book, 1200_00)
        form = form_of(client, book, bank="1300")
        value = operation_value(row)
        edit_operation(access=alice, book=book, key=row.pk, version=1, operation=replace(value, moves=Moves(1250_00)))
        answer = client.post(at(book, "opening"), form)
        assert answer.status_code == 409
        assert "Il dit maintenant : 1 250,00 € en banque et 0,00 € en caisse." in said_notices(answer)[0]
        assert typed(answer, "bank", "version") == ["1300", "2"]

    def test_it_was_removed(self, alice: Access, client: Client, book: Book) -> None:
        row = open_with(alice, book, 1200_00)
        form = form_of(client, book, bank="1300")
        delete_operation(access=alice, book=book, key=row.pk, version=1)
        answer = client.post(at(book, "opening"), form)
        assert said_notices(answer) == [
            (
                "Quelqu’un a changé le report à nouveau entre-temps "
                "Il a été supprimé. Ce que vous avez saisi est ci-dessous : enregistrez pour le noter à nouveau."
            )
        ]
        assert typed(answer, "bank", "version") == ["1300", ""]
        client.post(at(book, "opening"), {**form, "version": ""})
        assert noted(book) == Moves(1300_00)


class TestCarriedItems:
    def add(self, client: Client, book: Book, **given: str) -> Any:  # noqa: ANN401 -- an answer of Django’s test client
        form = {
            "submission": str(uuid.uuid4()),
            "direction": "payment",
            "date": "24/06",
            "label": "Car de la classe de mer",
            "amount": "312",
        }
        return client.post(at(book, "add_carried_item"), {**form, **given}, follow=True)

    def test_a_payment_and_a_receipt(self, client: Client, book: Book) -> None:
        self.add(client, book, cheque="1000098", piece="D58")
        answer = self.add(client, book, direction="receipt", date="2/7/2025", label="Remise de chèques", amount="455,50")
        assert [(item.date, item.label, item.cheque, item.piece, item.bank) for item in carried_items_of(book)] == [
            (date(2025, 6, 24), "Car de la classe de mer", "1000098", "D58", -312_00),
            (date(2025, 7, 2), "Remise de chèques", "", "", 455_50),
        ]
        assert answer.redirect_chain == [(f"{at(book, 'opening')}#avant", 302)]
        assert (
            "D58 Car de la classe de mer 24/06/2025 · chèque 1000098 − 312,00 Retirer Car de la classe de mer "
            "Remise de chèques 02/07/2025 + 455,50 Retirer Remise de chèques En tout : 143,50 €"
        ) in said(answer)

    def test_a_double_click_adds_one(self, client: Client, book: Book) -> None:
        submission = str(uuid.uuid4())
        self.add(client, book, submission=submission)
        self.add(client, book, submission=submission)
        assert len(carried_items_of(book)) == 1

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"date": ""}, "Indiquez une date, par exemple 14/11/2024."),
            ({"date": "01/09/2025"}, "Ici, les opérations d’avant le 1er septembre 2025. Notez celle-ci dans le cahier."),
            ({"label": ""}, "Indiquez un libellé, par exemple : Car de la classe de mer."),
            ({"amount": ""}, "Indiquez un montant, par exemple 12,50."),
            ({"amount": "0"}, "Indiquez un montant différent de zéro."),
            ({"amount": "-3"}, "Indiquez un montant sans signe moins."),
            ({"direction": ""}, "Choisissez paiement ou recette."),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_stays_typed(
        self, client: Client, book: Book, given: dict[str, str], expected: str
    ) -> None:
        answer = self.add(client, book, **given)
        assert (answer.status_code, [plain(error) for error in errors(answer)]) == (422, [expected])
        assert typed(answer, "label") == [given.get("label", "Car de la classe de mer")]
        assert carried_items_of(book) == []

    def test_what_was_typed_outlives_the_session(self, client: Client, book: Book) -> None:
        client.session.flush()
        form = {"label": "Car de la classe de mer", "amount": "312", **made_for_them(User.objects.get(username=book.coop.rne))}
        client.post(at(book, "add_carried_item"), form)
        client.post("/connexion/", {"login": book.coop.rne, "password": PASSWORD})
        assert typed(client.get(at(book, "opening")), "label", "amount") == ["Car de la classe de mer", "312"]

    def test_one_goes_and_comes_back(self, client: Client, book: Book) -> None:
        self.add(client, book)
        [item] = carried_items_of(book)
        answer = client.post(at(book, "remove_carried_item", key=item.pk), follow=True)
        assert carried_items_of(book) == []
        assert "L’opération est retirée. Annuler" in said(answer)
        assert at(book, "restore_carried_item", key=item.pk) in answer.content.decode()
        client.post(at(book, "restore_carried_item", key=item.pk))
        assert carried_items_of(book) == [item]

    def test_what_cannot_come_back_is_said(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "restore_carried_item", key=7), follow=True)
        assert said_notices(answer) == ["Cette opération ne peut plus être rétablie."]

    def test_one_that_is_ticked_stays(self, alice: Access, client: Client, book: Book) -> None:
        self.add(client, book)
        [item] = carried_items_of(book)
        statement = record_statement(access=alice, book=book, number="", day=date(2025, 9, 30), account_balance=0, submission=uuid.uuid4())
        point(access=alice, statement=statement, items=[item.pk])
        answer = client.post(at(book, "remove_carried_item", key=item.pk), follow=True)
        assert said_notices(answer) == ["Cette opération est pointée sur un relevé. Dépointez-la d’abord, puis retirez-la."]
        assert at(book, "remove_carried_item", key=item.pk) not in answer.content.decode()

    @pytest.mark.parametrize("name", ["remove_carried_item", "restore_carried_item"])
    def test_looking_changes_nothing(self, client: Client, book: Book, name: str) -> None:
        assert client.get(at(book, name, key=1)).status_code == 405
        assert client.get(at(book, "add_carried_item")).status_code == 405


def test_it_costs_the_same_at_any_size(alice: Access, client: Client, book: Book) -> None:
    address = at(book, "opening")
    add_carried_item(access=alice, book=book, day=date(2025, 6, 1), label="Car", bank=-1, submission=uuid.uuid4())
    few = queries_of(client, address)
    for number in range(40):
        add_carried_item(access=alice, book=book, day=date(2025, 6, 1), label=f"Car {number}", bank=-1, submission=uuid.uuid4())
    note(alice, book, "R1", "2025-10-01", "Kermesse", 100_00)
    assert few == queries_of(client, address) <= 12
    open_with(alice, a_book(alice, FORMER), 1000_00)
    assert queries_of(client, address) <= 12
    assert len(client.get(address).content) < 100_000
