from __future__ import annotations

import uuid
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.test import Client

from retkoop.banking.models import BankStatement
from retkoop.banking.services import point, record_statement
from retkoop.books.models import Book, Operation
from retkoop.books.queries import operation_of
from retkoop.books.services import delete_operation, edit_operation, record_operation
from retkoop.books.values import operation_value
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access, open_coop
from retkoop.network.models import RoleKind
from tests.books.coops import animateur, at, comptable, note, open_with, plain, said, stranger
from tests.books.lines import MUSEE, beside, by_htmx, entry_form, filled, typed, without_tokens, words
from tests.cast import ALICE, PASSWORD, a_day, make_staff
from tests.pages import Answer, links, notices, title
from tests.swap import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SIXTY_CENTS = "Il manque 0,60 € dans la ventilation de la pièce D1."


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50, cheque="2000104")


def helper() -> Access:
    return open_coop(make_staff("animateur", RoleKind.ANIMATEUR), ALICE)


def address(row: Operation, name: str = "operation") -> str:
    return at(row.book, name, key=row.pk)


def form_over(client: Client, row: Operation, **given: str) -> dict[str, str]:
    """Return what a browser would send of the page of an operation."""
    return {**entry_form(client.get(address(row))), **given}


def now(row: Operation) -> entry.Operation | None:
    return operation_value(current) if (current := operation_of(row.book, row.pk)) else None


def said_notices(answer: Answer) -> list[str]:
    return [plain(notice) for notice in notices(answer)]


def beside_vouchers(answer: Answer) -> str:
    return said(answer).split(" Justificatif ")[0]


class TestWhoMay:
    @pytest.mark.parametrize("name", ["operation", "delete_operation", "restore_operation", "check_edited", "redraw_edited"])
    def test_nothing_is_there_for_strangers_nor_is_anything_sent_by_readers(self, row: Operation, name: str) -> None:
        outside, reader = stranger(), comptable()
        assert outside.get(address(row)).status_code == 404
        assert [who.post(address(row, name), {"version": "1"}).status_code for who in (outside, reader)] == [404, 404]
        assert now(row) == operation_value(row)

    @pytest.mark.parametrize("name", ["operation", "check_edited", "redraw_edited"])
    def test_what_never_was_is_not_there(self, client: Client, book: Book, name: str) -> None:
        assert client.post(at(book, name, key=404)).status_code == 404
        assert client.get(at(book, "operation", key=404)).status_code == 404

    def test_readers_see_facts_and_no_form(self, alice: Access, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Entrées & goûter", -184_50, 0, ("61800008", 150_00), ("61681008", 33_90))
        answer = comptable().get(address(row))
        assert beside_vouchers(answer).endswith(
            f"Erreur : {SIXTY_CENTS} Date 14/11/2025 Pièce D1 Libellé Entrées & goûter Banque − 184,50 € "
            "Ventilation 618 : 150,00 €, 616 : 33,90 € Notée le 24 novembre 2025 à 9 h 00 par École Jean-Jaurès."
        )
        assert [node for node in read(answer.content.decode()).walk() if node.attributes.get("name") == "version"] == []

    def test_those_who_help_may_change_it(self, row: Operation) -> None:
        client = animateur()
        client.post(address(row), form_over(client, row, label="Entrées au musée, CP"))
        assert now(row) == replace(operation_value(row), label="Entrées au musée, CP")


class TestPage:
    def test_the_form_says_the_operation(self, client: Client, row: Operation) -> None:
        answer = client.get(address(row))
        assert title(answer) == "Dépense D1"
        assert typed(answer, "nature", "date", "piece", "label", "means", "cheque", "amount", "parts-0-account", "version") == [
            "depense",
            "14/11/2025",
            "D1",
            "Entrées au musée",
            "cheque",
            "2000104",
            "184,50",
            "61800008",
            "1",
        ]
        assert words(answer, "reste") == "Tout est réparti"
        assert plain(answer.content.decode()).count('<form class="sheet sheet--padded entry"') == 1

    def test_what_is_wrong_with_it_is_said(self, alice: Access, client: Client, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50, 0, ("61800008", 183_90))
        assert f"Erreur : {SIXTY_CENTS}" in said(client.get(address(row)))

    def test_one_that_no_intention_says_shows_each_move(self, alice: Access, client: Client, book: Book) -> None:
        moves = Moves(bank=-100_00, cash=30_00)
        free = entry.Operation(0, "", a_day("2025-11-14"), "Achat et monnaie", moves, (Part("61800008", 70_00),))
        row = record_operation(access=alice, book=book, operation=free, submission=uuid.uuid4())
        answer = client.get(address(row))
        assert title(answer) == "Opération sans numéro"
        assert typed(answer, "nature", "bank", "cash", "regie", "amount") == ["libre", "-100,00", "30,00", "0,00", None]
        client.post(address(row), {**entry_form(answer), "cash": "0", "bank": "0", "parts-0-amount": ""})
        refused = client.post(address(row), {**entry_form(answer), "cash": "", "bank": ""})
        assert beside(refused) == {"id_bank": "Indiquez ce qui a bougé : la banque, la caisse ou une régie."}
        assert now(row) == operation_value(row)

    def test_the_opening_has_a_page_of_its_own(self, alice: Access, client: Client, book: Book) -> None:
        row = open_with(alice, book, 1000_00)
        assert client.get(address(row)).headers["Location"] == at(book, "opening")

    def test_one_that_a_statement_holds_says_so(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        tick(alice, book, row)
        assert said_notices(client.get(address(row))) == [
            "Cette opération est pointée sur un relevé Si vous changez sa somme à la banque, le rapprochement changera aussi."
        ]

    def test_one_that_a_closed_statement_holds_says_what_can_be_corrected(
        self, alice: Access, client: Client, book: Book, row: Operation
    ) -> None:
        tick(alice, book, row)
        BankStatement.objects.update(closed_at=row.entered_at)
        [notice] = said_notices(client.get(address(row)))
        assert notice.startswith("Cette opération est pointée sur un relevé clos C’est celui du ")
        assert "sa date et sa somme à la banque ne changent plus, tout le reste peut être corrigé." in notice
        answer = client.post(address(row), form_over(client, row, amount="60"))
        assert (answer.status_code, typed(answer, "amount")) == (422, ["60"])
        assert "Rouvrez d’abord ce relevé." in said_notices(answer)[-1]
        assert client.post(address(row), form_over(client, row, label="Autre libellé")).status_code == 302

    def test_the_list_from_which_one_came_is_remembered(self, client: Client, row: Operation) -> None:
        here = f"{address(row)}?retour={quote('q=musee&ordre=piece')}"
        listed = f"{at(row.book, 'cahier')}?q=musee&ordre=piece"
        answer = client.get(here)
        assert f"{listed}#op-{row.pk}" in links(answer)
        assert here in links(client.get(listed))
        headers = {"HX-Request": "true", "HX-Target": "saisie", "HX-Current-URL": f"http://testserver{here}"}
        redrawn = client.post(address(row, "redraw_edited"), entry_form(answer), query_params={"noter": "recette"}, headers=headers)
        for shown in (answer, redrawn):
            [form] = [node for node in read(shown.content.decode()).walk() if node.attributes.get("class") == "sheet sheet--padded entry"]
            assert form.attributes["action"] == f"{address(row)}?retour=q%3Dmusee%26ordre%3Dpiece"
        saved = client.post(here, entry_form(answer))
        assert saved.headers["Location"] == f"{listed}#op-{row.pk}"


def tick(access: Access, book: Book, row: Operation) -> None:
    statement = record_statement(access=access, book=book, number="1", day=a_day("2025-11-20"), account_balance=0, submission=uuid.uuid4())
    point(access=access, statement=statement, operations=[row.pk])


class TestChanging:
    def test_it_is_changed(self, client: Client, row: Operation) -> None:
        answer = client.post(address(row), form_over(client, row, amount="148,50", tiers="Musée de l’Essonne"), follow=True)
        assert now(row) == replace(
            operation_value(row), moves=Moves(bank=-148_50), parts=(Part("61800008", 148_50),), tiers="Musée de l’Essonne"
        )
        assert answer.redirect_chain == [(f"{at(row.book, 'cahier')}#op-{row.pk}", 302)]
        assert said_notices(answer) == ["C’est enregistré : Dépense D1, 148,50 €."]
        assert beside_vouchers(client.get(address(row))).endswith("par École Jean-Jaurès. Modifiée depuis : voir l’historique.")

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"date": "hier"}, {"id_date": "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."}),
            ({"label": ""}, {"id_label": "Indiquez un libellé : en quelques mots, ce que c’était."}),
            ({"amount": ""}, {"id_amount": "Indiquez un montant, par exemple 12,50."}),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(
        self, client: Client, row: Operation, given: dict[str, str], expected: dict[str, str]
    ) -> None:
        form = form_over(client, row, **given)
        answer = client.post(address(row), form)
        assert (answer.status_code, beside(answer)) == (422, expected)
        assert without_tokens(entry_form(answer)) == without_tokens(form)
        assert '<leave-guard id="saisie" data-dirty>' in answer.content.decode()
        assert now(row) == operation_value(row)

    def test_one_that_a_statement_holds_stays_at_the_bank(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        tick(alice, book, row)
        answer = client.post(address(row), form_over(client, row, means="cash"))
        assert answer.status_code == 422
        assert said_notices(answer)[-1] == (
            "Il y a une chose à corriger Cette opération est pointée sur un relevé : elle doit rester à la banque. Dépointez-la d’abord."
        )
        assert typed(answer, "means") == ["cash"]

    def test_rows_of_the_split_come_without_script(self, client: Client, row: Operation) -> None:
        form = form_over(client, row, amount="200", add="1")
        two = client.post(address(row), form)
        assert typed(two, "amount", "parts-TOTAL_FORMS", "parts-0-account", "parts-1-account") == ["200", "2", "61800008", ""]
        assert words(two, "reste") == ""  # nothing is said of what was typed until it is looked at
        split = {**entry_form(two), "parts-0-amount": "150", "parts-1-account": "61681008"}
        client.post(address(row), split)
        changed = now(row)
        assert changed is not None
        assert changed.parts == (Part("61800008", 150_00), Part("61681008", 50_00))

    def test_another_intention_keeps_how_it_was_paid(self, client: Client, row: Operation) -> None:
        answer = client.post(address(row, "redraw_edited"), form_over(client, row, means="cash"), query_params={"noter": "recette"})
        assert typed(answer, "nature", "piece", "label", "means", "amount", "version") == [
            "recette",
            "D1",
            "Entrées au musée",
            "cash",
            "184,50",
            "1",
        ]

    @pytest.mark.parametrize("name", ["operation", "check_edited", "redraw_edited"])
    def test_what_was_typed_outlives_the_session(self, client: Client, row: Operation, name: str) -> None:
        form = form_over(client, row, label="Entrées et goûter")
        client.session.flush()
        answer = by_htmx(client, address(row, name), form, address(row))
        assert answer.headers["HX-Redirect"] == f"/connexion/?next={address(row)}"
        client.post("/connexion/", {"login": row.book.coop.rne, "password": PASSWORD})
        assert typed(client.get(at(row.book, "cahier")), "label", "amount") == ["", ""]
        back = client.get(address(row))
        assert typed(back, "label", "version") == ["Entrées et goûter", "1"]
        client.post(address(row), entry_form(back))
        assert now(row) == replace(operation_value(row), label="Entrées et goûter")
        assert typed(client.get(address(row)), "label", "version") == ["Entrées et goûter", "2"]


class TestMeanwhile:
    def change(self, row: Operation, **facts: object) -> None:
        """Let someone else change it."""
        changed = replace(operation_value(row), **facts)  # type: ignore[arg-type]  # what an operation says
        edit_operation(access=helper(), book=row.book, key=row.pk, version=row.version, operation=changed)

    def test_both_versions_are_shown_and_nothing_is_lost(self, client: Client, row: Operation) -> None:
        form = form_over(client, row, amount="148,50", piece="", cheque="2000105", project="Musée")
        self.change(row, label="Entrées au musée, CP et CE1", tiers="Musée")
        answer = client.post(address(row), form)
        assert answer.status_code == 409
        assert (
            "Cette opération a changé pendant que vous écriviez Animateur l’a enregistrée le 24 novembre 2025 à 9 h 00. "
            "Rien de ce que vous avez saisi n’est perdu : comparez, puis choisissez. Enregistré Ce que vous avez saisi "
            "Pièce D1 — "
            "Chèque 2000104 2000105 "
            "Banque − 184,50 € − 148,50 € "
            "Ventilation 618 : 184,50 € 618 : 148,50 € "
            "Projet — Musée "
            "Ce que vous n’avez pas touché reste comme il est enregistré. "
            "Pour garder votre version, corrigez-la si besoin et enregistrez-la ci-dessous. "
            "Pour garder l’autre, rouvrez l’opération."
        ) in said(answer)
        assert typed(answer, "amount", "label", "version") == ["148,50", "Entrées au musée, CP et CE1", "2"]
        client.post(address(row), entry_form(answer))
        kept = now(row)
        assert kept is not None
        assert (kept.label, kept.tiers, kept.piece, kept.cheque) == ("Entrées au musée, CP et CE1", "Musée", "", "2000105")
        assert (kept.moves, kept.parts) == (Moves(bank=-148_50), (Part("61800008", 148_50),))

    def test_two_people_of_one_mind_do_not_meet(self, client: Client, row: Operation) -> None:
        form = form_over(client, row, label="Entrées au musée, CP")
        self.change(row, label="Entrées au musée, CP")
        assert client.post(address(row), form).status_code == 302
        current = operation_of(row.book, row.pk)
        assert current is not None
        assert current.version == 2

    def test_a_double_click_changes_it_once(self, client: Client, row: Operation) -> None:
        form = form_over(client, row, label="Entrées au musée, CP")
        assert [client.post(address(row), form).status_code for _ in range(2)] == [302, 302]
        current = operation_of(row.book, row.pk)
        assert current is not None
        assert current.version == 2

    def test_the_other_version_is_kept_by_opening_it_again(self, client: Client, row: Operation) -> None:
        """Also where what was typed had waited for the end of a session."""
        form = form_over(client, row, label="Entrées")
        client.session.flush()
        client.post(address(row), form)
        client.post("/connexion/", {"login": row.book.coop.rne, "password": PASSWORD})
        self.change(row, label="Entrées au musée, CP")
        assert client.post(address(row), entry_form(client.get(address(row)))).status_code == 409
        assert typed(client.get(address(row)), "label", "version") == ["Entrées au musée, CP", "2"]

    def test_one_deleted_meanwhile_can_be_brought_back_or_noted_anew(self, alice: Access, client: Client, row: Operation) -> None:
        form = form_over(client, row, amount="148,50")
        delete_operation(access=alice, book=row.book, key=row.pk, version=1)
        answer = client.post(address(row), form)
        assert (answer.status_code, title(answer)) == (409, "Opération supprimée")
        assert (
            "Dépense D1 du 14 novembre 2025, 184,50 € : « Entrées au musée ». "
            "École Jean-Jaurès l’a supprimée le 24 novembre 2025 à 9 h 00. La rétablir Retour au cahier Ce que vous aviez saisi "
            "Rien n’est perdu : rétablissez l’opération pour la corriger à nouveau, ou ajoutez ceci comme une nouvelle ligne."
        ) in said(answer)
        anew = entry_form(answer)
        assert [client.post(at(row.book, "cahier"), anew).status_code for _ in range(2)] == [302, 302]
        [noted] = Operation.objects.filter(book=row.book)
        assert (noted.pk == row.pk, noted.bank, noted.version) == (False, -148_50, 1)

    def test_the_page_of_one_that_is_gone_says_who_deleted_it(self, alice: Access, client: Client, row: Operation) -> None:
        delete_operation(access=alice, book=row.book, key=row.pk, version=1)
        answer = client.get(address(row))
        assert (answer.status_code, title(answer)) == (200, "Opération supprimée")
        assert "La rétablir" in said(answer)
        assert said(comptable().get(address(row))).endswith("l’a supprimée le 24 novembre 2025 à 9 h 00. Retour au cahier")

    def test_a_form_redrawn_on_that_page_is_sent_as_a_plain_one(self, alice: Access, client: Client, row: Operation) -> None:
        """Its answer would change a list that is not there."""
        form = form_over(client, row)
        delete_operation(access=alice, book=row.book, key=row.pk, version=1)
        gone = client.post(address(row), form)
        headers = {"HX-Request": "true", "HX-Target": "saisie", "HX-Current-URL": f"http://testserver{address(row)}"}
        answer = client.post(at(row.book, "redraw"), entry_form(gone), query_params={"noter": "recette"}, headers=headers)
        [node] = [node for node in read(answer.content.decode()).walk() if node.attributes.get("class") == "sheet sheet--padded entry"]
        assert (node.attributes["action"], node.attributes.get("hx-post")) == (at(row.book, "cahier"), None)

    def test_what_is_asked_while_typing_is_still_answered(self, alice: Access, client: Client, row: Operation) -> None:
        form = form_over(client, row)
        delete_operation(access=alice, book=row.book, key=row.pk, version=1)
        asked = [client.post(address(row, name), form) for name in ("check_edited", "redraw_edited")]
        assert [answer.status_code for answer in asked] == [200, 200]
        assert client.post(address(row), entry_form(asked[1])).status_code == 409


class TestDeleting:
    def delete(self, client: Client, row: Operation, version: int = 1) -> Answer:
        return client.post(address(row, "delete_operation"), {"version": str(version)}, follow=True)

    def test_the_cahier_offers_to_bring_it_back(self, client: Client, row: Operation) -> None:
        answer = self.delete(client, row)
        assert said_notices(answer) == ["Supprimée : Dépense D1, 184,50 € Annuler la suppression"]
        assert now(row) is None
        answer = client.post(address(row, "restore_operation"), follow=True)
        assert said_notices(answer) == ["Rétablie : Dépense D1, 184,50 €."]
        assert now(row) == operation_value(row)

    def test_one_deleted_twice_is_deleted(self, client: Client, row: Operation) -> None:
        self.delete(client, row)
        assert said_notices(self.delete(client, row)) == ["Supprimée : Dépense D1, 184,50 € Annuler la suppression"]
        page = at(row.book, "cahier")
        again = by_htmx(client, address(row, "delete_operation"), {"version": "1"}, page, "")
        assert "Cette opération est déjà supprimée." in plain(again.content.decode())

    def test_one_that_changed_meanwhile_is_read_again_first(self, client: Client, row: Operation) -> None:
        client.post(address(row), form_over(client, row, label="Entrées au musée, CP"))
        answer = self.delete(client, row)
        assert said_notices(answer)[-1] == "Cette opération a changé entre-temps : relisez-la avant de la supprimer."
        assert title(answer) == "Dépense D1"
        assert now(row) is not None

    def test_one_that_a_statement_holds_stays(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        tick(alice, book, row)
        current = operation_of(book, row.pk)
        assert current is not None
        answer = self.delete(client, row, current.version)
        assert said_notices(answer)[0] == "Cette opération est pointée sur un relevé. Dépointez-la d’abord, puis supprimez-la."
        assert now(row) is not None

    def test_one_that_is_there_is_not_brought_back(self, client: Client, row: Operation) -> None:
        answer = client.post(address(row, "restore_operation"), follow=True)
        assert said_notices(answer) == ["Cette opération ne peut plus être rétablie."]
        assert title(answer) == "Corbeille du cahier"

    def test_a_line_typed_over_is_not_that_of_the_cahier(self, client: Client, book: Book, row: Operation) -> None:
        """What is sent to the cahier is a new line, whatever version it bears."""
        client.post(at(book, "cahier"), {**filled(client, book, **MUSEE), "version": "1"})
        assert Operation.objects.filter(book=book).count() == 2
