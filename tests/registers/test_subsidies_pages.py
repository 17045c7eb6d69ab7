"""The pages of the table of subsidies, as people read and fill them in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.registers.models import Subsidy
from retkoop.registers.services import edit_subsidy, tell_spendings
from tests.books.coops import at, note, plain, said, stranger
from tests.books.lines import beside
from tests.pages import controls, errors, links, notices
from tests.registers.registers_at_hand import YOURS, museum, sent, tabled
from tests.year_end.verifiers.at_hand import in_state

SUBSIDY: dict[str, str] = {"body": "Mairie", "purpose": "Projet musée", "amount": "300", "justify_before": "28/02/2027"}
TO_COME = (timezone.localdate() + timedelta(days=2)).strftime("%d/%m/%Y")


def test_it_says_what_to_do_first(client: Client, book: Book) -> None:
    assert "Aucune subvention cette année" in said(client.get(at(book, "subsidies")))


def test_a_subsidy_is_proposed_with_what_the_cahier_knows(client: Client, book: Book, grant: Operation) -> None:
    address = f"{at(book, 'new_subsidy')}?operation={grant.pk}"
    assert address in links(client.get(at(book, "subsidies")))
    form = client.get(address)
    values = [controls(form, name)[0].get("value") for name in ("purpose", "amount", "justify_before")]
    assert values == ["Subvention, projet musée", "300,00", "28/02/2027"]
    answer = client.post(address, sent(**SUBSIDY), follow=True)
    assert notices(answer) == ["C’est enregistré."]
    words = "10/11/2025 MairieProjet musée · pièce R1 300,00 0,00 300,00 avant le 28/02/2027"
    assert " ".join(words.split()) in said(answer)


def test_what_proposes_nothing_has_no_form(client: Client, book: Book, outing: Operation) -> None:
    assert client.get(f"{at(book, 'new_subsidy')}?operation={outing.pk}").status_code == 404
    answer = client.post(f"{at(book, 'new_subsidy')}?operation={outing.pk}", sent(**SUBSIDY))
    assert "Cette opération ne reçoit pas de subvention : elle n’a rien aux comptes 741 et 748." in said(answer)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("body", "Dites qui a donné\u202f: «\u202fMairie\u202f» par exemple."),
        ("purpose", "Dites pour quoi\u202f: «\u202fProjet musée des CE1\u202f» par exemple."),
    ],
)
def test_what_is_missing_is_said(client: Client, book: Book, grant: Operation, name: str, words: str) -> None:
    answer = client.post(f"{at(book, 'new_subsidy')}?operation={grant.pk}", sent(**{**SUBSIDY, name: ""}))
    assert (answer.status_code, errors(answer)) == (422, [words])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"notified_on": TO_COME, "justify_before": "31/12/2020"},
            {
                "id_notified_on": "Ce jour n’est pas encore venu : indiquez celui de la lettre ou de la convention.",
                "id_justify_before": "Cette subvention a été reçue le 10 novembre 2025 : elle se justifie après ce jour.",
            },
        ),
        (
            {"notified_on": "01/12/2025", "justify_before": "30/11/2025"},
            {"id_justify_before": "Cette subvention a été notifiée le 1er décembre 2025 : elle se justifie après ce jour."},
        ),
        (
            {"justify_before": "09/11/2025"},
            {"id_justify_before": "Cette subvention a été reçue le 10 novembre 2025 : elle se justifie après ce jour."},
        ),
    ],
)
def test_dates_that_cannot_be_are_refused(
    client: Client, alice: Access, book: Book, grant: Operation, given: dict[str, str], expected: dict[str, str]
) -> None:
    answer = client.post(f"{at(book, 'new_subsidy')}?operation={grant.pk}", sent(**{**SUBSIDY, **given}))
    assert (answer.status_code, beside(answer), Subsidy.objects.count()) == (422, expected, 0)
    line = tabled(alice, book, grant)
    answer = client.post(at(book, "subsidy", key=line.pk), sent(**{**SUBSIDY, **given, "version": "1"}))
    assert (answer.status_code, beside(answer), Subsidy.objects.get().version) == (422, expected, 1)


def test_a_subsidy_may_be_paid_once_it_is_justified(client: Client, book: Book, grant: Operation) -> None:
    given = {**SUBSIDY, "notified_on": "01/06/2025", "justify_before": "31/10/2025"}
    assert client.post(f"{at(book, 'new_subsidy')}?operation={grant.pk}", sent(**given)).status_code == 302


def test_what_it_paid_is_typed(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    page = client.get(at(book, "subsidy", key=line.pk))
    assert "14/01/2026 Entrées au musée D2 184,50" in said(page)
    given = {"version": "1", f"montant-{outing.pk}": "120,50"}
    answer = client.post(at(book, "subsidy_spendings", key=line.pk), given, follow=True)
    assert notices(answer) == ["C’est enregistré."]
    assert "Montant 300,00 € Dépensé 120,50 € Reste 179,50 €" in said(answer)


def test_who_only_reads_sees_what_it_paid_alone(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    in_state(book, ClosingState.SENT)
    page = said(client.get(at(book, "subsidy", key=line.pk)))
    assert ("Aucune dépense n’est notée." in page, "Entrées au musée" in page) == (True, False)


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("received", "Vous notez 120,50 € de dépenses, mais le cahier n’a reçu que 100,00 € : 20,50 € de trop."),
        ("gone", "Vous notez 120,50 € de dépenses, mais le cahier n’a rien reçu : 120,50 € de trop."),
    ],
)
def test_more_than_was_received_is_warned_of(
    client: Client, alice: Access, book: Book, outing: Operation, operation: str, words: str
) -> None:
    part = note(alice, book, "R7", "2025-11-10", "Premier versement", 100_00, 0, ("74100008", 100_00))
    line = tabled(alice, book, part)
    given = sent(**{f"montant-{outing.pk}": "100", "version": "1"})
    answer = client.post(at(book, "subsidy_spendings", key=line.pk), given, follow=True)
    assert "Elle a payé plus" not in said(answer)
    given = sent(**{f"montant-{outing.pk}": "120,50", "version": "2"})
    answer = client.post(at(book, "subsidy_spendings", key=line.pk), given, follow=True)
    if operation == "gone":
        delete_operation(access=alice, book=book, key=part.pk, version=1)
        answer = client.get(at(book, "subsidy", key=line.pk))
    heard = f"Elle a payé plus que ce qui a été reçu {words} Vérifiez la recette, ou les dépenses ci-dessous."
    assert heard in [plain(one) for one in notices(answer)]


def test_the_address_of_its_spendings_leads_to_its_page(client: Client, alice: Access, book: Book, grant: Operation) -> None:
    line = tabled(alice, book, grant)
    answer = client.get(at(book, "subsidy_spendings", key=line.pk))
    assert (answer.status_code, answer["Location"]) == (302, at(book, "subsidy", key=line.pk))
    assert stranger().get(at(book, "subsidy_spendings", key=line.pk)).status_code == 404


def test_too_much_is_refused_and_kept(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    given = {"version": "1", f"montant-{outing.pk}": "190"}
    answer = client.post(at(book, "subsidy_spendings", key=line.pk), given)
    assert answer.status_code == 422
    assert "« Entrées au musée » n’a que 184,50 € de dépenses à financer : 190,00 €, c’est trop." in said(answer)
    assert controls(answer, f"montant-{outing.pk}")[0]["value"] == "190"


def test_all_that_is_too_much_is_said_beside_its_row(
    client: Client, alice: Access, book: Book, grant: Operation, outing: Operation
) -> None:
    books, car = note(alice, book, "D3", "2026-02-01", "Livres", -60_00), note(alice, book, "D4", "2026-02-02", "Car", -30_00)
    line = tabled(alice, book, grant)
    given = {"version": "1", f"montant-{outing.pk}": "190", f"montant-{books.pk}": "61", f"montant-{car.pk}": "30"}
    answer = client.post(at(book, "subsidy_spendings", key=line.pk), given)
    museum_row, books_row = f"id_montant-{outing.pk}", f"id_montant-{books.pk}"
    assert (answer.status_code, beside(answer)) == (
        422,
        {
            museum_row: "« Entrées au musée » n’a que 184,50 € de dépenses à financer : 190,00 €, c’est trop.",
            books_row: "« Livres » n’a que 60,00 € de dépenses à financer : 61,00 €, c’est trop.",
        },
    )
    assert [link for link in links(answer) if link.startswith("#id_montant")] == [f"#{museum_row}", f"#{books_row}"]


def test_expenses_are_found_by_a_word(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    note(alice, book, "D3", "2026-02-01", "Livres", -60_00)
    line = tabled(alice, book, grant)
    answer = client.get(at(book, "subsidy", key=line.pk), {"q": "musee"})
    assert ("Entrées au musée" in said(answer), "Livres" in said(answer)) == (True, False)
    assert "Aucune dépense ne correspond à cette recherche." in said(client.get(at(book, "subsidy", key=line.pk), {"q": "zoo"}))


def test_what_someone_else_changed_is_shown(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=museum(body="Commune"))
    answer = client.post(at(book, "subsidy", key=line.pk), sent(**{**SUBSIDY, "version": "1"}))
    assert answer.status_code == 409
    assert f"Elle dit maintenant : Commune, Projet musée, 300,00 €. {YOURS}" in said(answer)
    spent = client.post(at(book, "subsidy_spendings", key=line.pk), {"version": "1", f"montant-{outing.pk}": "1"})
    assert spent.status_code == 409


def test_what_is_astray_is_marked(client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
    delete_operation(access=alice, book=book, key=outing.pk, version=1)
    assert "100,00 € dépensés ne sont plus une charge du cahier." in said(client.get(at(book, "subsidies")))
    assert "Opération supprimée" in said(client.get(at(book, "subsidy", key=line.pk)))


def test_a_line_is_removed_and_brought_back(client: Client, alice: Access, book: Book, grant: Operation) -> None:
    line = tabled(alice, book, grant)
    answer = client.post(at(book, "remove_subsidy", key=line.pk), follow=True)
    assert "La subvention est retirée du tableau." in said(answer)
    client.post(at(book, "restore_subsidy", key=line.pk))
    assert Subsidy.objects.get().pk == line.pk
