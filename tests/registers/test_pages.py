"""The pages of the registers, as people read and fill them in."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.documents import inbox_of
from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation
from retkoop.network.access import Access
from retkoop.registers.models import Deliberation, InventoryItem, Subsidy
from retkoop.registers.services import edit_deliberation, edit_item, edit_subsidy, tell_spendings
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import animateur, at, comptable, note, plain, queries_of, said, stranger
from tests.books.lines import beside
from tests.pages import controls, errors, links, notices, title
from tests.registers.registers_at_hand import camera, council, decided, listed, museum, tabled

ITEM: dict[str, str] = {"label": "Enceinte", "bought_on": "03/10/2025", "value": "149,90", "place": "Bibliothèque"}
SUBSIDY: dict[str, str] = {"body": "Mairie", "purpose": "Projet musée", "amount": "300", "justify_before": "28/02/2027"}
DELIBERATION: dict[str, str] = {"kind": "cooperative", "date": "07/11/2025", "decisions": "On va au musée."}
TO_COME = (timezone.localdate() + timedelta(days=2)).strftime("%d/%m/%Y")
AFTER = "vient après l’année scolaire 2025-2026 : notez-le depuis l’inventaire de son année."
YOURS = "Ce que vous avez saisi est ci-dessous : enregistrez pour le remplacer."
PAGES = ("registers", "inventory", "print_inventory", "subsidies", "deliberations", "print_deliberations")


def sent(**more: str) -> dict[str, Any]:
    return {"submission": str(uuid.uuid4()), **more}


@pytest.mark.parametrize("name", [*PAGES, "export_inventory", "inventory_labels", "new_item", "new_deliberation"])
def test_strangers_are_told_that_nothing_is_there(book: Book, name: str) -> None:
    assert stranger().get(at(book, name)).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "export_inventory", "inventory_labels"])
def test_readers_read(alice: Access, book: Book, purchase: Operation, name: str) -> None:
    listed(alice, book, purchase)
    assert comptable().get(at(book, name)).status_code == 200


def test_readers_write_nothing(alice: Access, book: Book, purchase: Operation, grant: Operation) -> None:
    item, line, decision = listed(alice, book), tabled(alice, book, grant), decided(alice, book)
    client = comptable()
    for name, key in (("inventory_item", item.pk), ("subsidy", line.pk), ("deliberation", decision.pk)):
        answer = client.get(at(book, name, key=key))
        assert (answer.status_code, controls(answer, "version")) == (200, [])
        assert client.post(at(book, name, key=key), sent(**ITEM)).status_code == 404
    for name in ("list_purchase", "remove_item", "restore_item", "remove_subsidy", "restore_subsidy", "subsidy_spendings"):
        assert client.post(at(book, name, key=purchase.pk)).status_code == 404


def test_an_animateur_helps(book: Book, purchase: Operation) -> None:
    animateur().post(at(book, "list_purchase", key=purchase.pk), sent())
    assert InventoryItem.objects.get().operation_id == purchase.pk


@pytest.mark.parametrize("name", PAGES)
def test_it_costs_the_same_at_any_size(alice: Access, book: Book, client: Client, name: str, grant: Operation) -> None:
    tabled(alice, book, grant)
    listed(alice, book, grant)
    decided(alice, book, operations=(grant.pk,))
    few = queries_of(client, at(book, name))
    for number in range(4):
        row = note(alice, book, f"R{number + 10}", "2025-12-01", "Subvention", 50_00, 0, ("74100008", 50_00))
        tabled(alice, book, row, amount=50_00)
        listed(alice, book, row)
        decided(alice, book, operations=(row.pk,))
    assert queries_of(client, at(book, name)) == few
    assert few <= 12


def test_the_page_of_the_registers_says_what_is_lacking(client: Client, book: Book, purchase: Operation, grant: Operation) -> None:
    answer = client.get(at(book, "registers"))
    assert title(answer) == "Registres"
    words = "Inventaire 0 bien 1 achat à inscrire Subventions 0 subvention 1 est à ajouter au tableau Délibérations 0 délibération"
    assert words in said(answer)


class TestInventory:
    def test_it_says_what_to_do_first(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "inventory"))
        assert title(answer) == "Inventaire"
        assert "L’inventaire est vide Ce que la coopérative achète pour durer" in said(answer)

    def test_a_purchase_is_listed_in_one_click(self, client: Client, book: Book, purchase: Operation) -> None:
        assert "À inscrire Ces achats sont notés au compte 680" in said(client.get(at(book, "inventory")))
        answer = client.post(at(book, "list_purchase", key=purchase.pk), sent(), follow=True)
        item = InventoryItem.objects.get()
        assert (item.label, item.bought_on, item.value, item.operation_id) == ("Appareil photo", date(2025, 10, 3), 289_00, purchase.pk)
        words = "« Appareil photo » est à l’inventaire. Dites où il est, et ajoutez sa photo si vous en avez une."
        assert notices(answer) == [words.replace("« ", "«\u202f").replace(" »", "\u202f»")]
        assert "À inscrire" not in said(answer)
        assert f'<a href="{at(book, "inventory_item", key=item.pk)}">Dites où il est, et ajoutez sa photo</a>' in answer.content.decode()

    def test_what_a_purchase_is_called_is_text_in_what_is_said_of_it(self, client: Client, alice: Access, book: Book) -> None:
        row = note(alice, book, "D8", "2025-10-03", "<b>Enceinte</b>", -80_00, 0, ("68000008", 80_00))
        answer = client.post(at(book, "list_purchase", key=row.pk), sent(), follow=True)
        assert "«\u202f&lt;b&gt;Enceinte&lt;/b&gt;\u202f» est à l’inventaire. <a" in answer.content.decode()

    def test_a_second_click_lists_nothing_more(self, client: Client, book: Book, purchase: Operation) -> None:
        click = sent()
        client.post(at(book, "list_purchase", key=purchase.pk), click)
        answer = client.post(at(book, "list_purchase", key=purchase.pk), click, follow=True)
        assert (InventoryItem.objects.count(), notices(answer)[-1]) == (1, "Cet achat est déjà à l’inventaire.")

    def test_a_gift_is_typed_in(self, client: Client, book: Book) -> None:
        assert title(client.get(at(book, "new_item"))) == "Nouveau bien"
        answer = client.post(at(book, "new_item"), sent(**ITEM), follow=True)
        assert notices(answer) == ["C’est enregistré."]
        assert "1 bien au" in said(answer)
        assert "03/10/2025 EnceinteBibliothèque 149,90" in said(answer)

    def test_a_resend_makes_one(self, client: Client, book: Book) -> None:
        form = sent(**ITEM)
        answers = [client.post(at(book, "new_item"), form).status_code for _ in range(2)]
        assert (answers, InventoryItem.objects.count()) == ([302, 302], 1)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"label": ""}, "Dites ce que c’est\u202f: «\u202fAppareil photo\u202f» par exemple."),
            ({"label": "x" * 201}, "200 caractères au plus."),
            ({"bought_on": "hier"}, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
            ({"value": ""}, "Indiquez un montant, par exemple 12,50."),
            ({"value": "0"}, "Indiquez un montant différent de zéro."),
            ({"document": "999"}, "«\u202f999\u202f» n’est pas dans la liste."),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, client: Client, book: Book, given: dict[str, str], words: str) -> None:
        answer = client.post(at(book, "new_item"), sent(**{**ITEM, **given}))
        assert (answer.status_code, InventoryItem.objects.count()) == (422, 0)
        assert [plain(error) for error in errors(answer)] == [plain(words)]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"bought_on": "01/09/2026"}, {"id_bought_on": f"Le 1er septembre 2026 {AFTER}"}),
            (
                {"bought_on": "01/09/2026", "disposed_on": "02/09/2026", "disposal": "sold"},
                {"id_bought_on": f"Le 1er septembre 2026 {AFTER}", "id_disposed_on": f"Le 2 septembre 2026 {AFTER}"},
            ),
            (
                {"disposed_on": "02/10/2025", "disposal": "sold"},
                {"id_disposed_on": "Ce bien ne peut pas sortir avant d’être acheté : vérifiez les dates."},
            ),
        ],
    )
    def test_what_is_refused_is_said_beside_its_field(
        self, client: Client, alice: Access, book: Book, given: dict[str, str], expected: dict[str, str]
    ) -> None:
        item = listed(alice, book)
        answer = client.post(at(book, "inventory_item", key=item.pk), sent(**{**ITEM, **given, "version": "1"}))
        assert (answer.status_code, beside(answer)) == (422, expected)

    def test_a_photo_comes_along(self, client: Client, book: Book) -> None:
        photo = SimpleUploadedFile("enceinte.png", picture_bytes("red"), "image/png")
        client.post(at(book, "new_item"), {**sent(**ITEM), "fichiers": photo})
        item = InventoryItem.objects.get()
        assert item.photo == Document.objects.get(kind=DocumentKind.PHOTO)
        page = client.get(at(book, "inventory_item", key=item.pk)).content.decode()
        assert at(book, "document_page", key=item.photo_id, number=1) in page

    def test_a_file_that_is_no_photo_is_refused(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "new_item"), {**sent(**ITEM), "fichiers": SimpleUploadedFile("x.svg", b"<svg/>")}, follow=True)
        assert (InventoryItem.objects.get().photo, Document.objects.count()) == (None, 0)
        assert notices(answer)[0].startswith("«\u00a0x.svg\u00a0» n’a pas été gardé.")

    def test_a_photo_is_replaced_and_removed(self, client: Client, alice: Access, book: Book) -> None:
        photos = [receive(alice, book, picture_bytes(hue), name=f"{hue}.png", kind=DocumentKind.PHOTO) for hue in ("red", "blue")]
        item = listed(alice, book, photo_id=photos[0].pk)
        page = client.get(at(book, "inventory_item", key=item.pk))
        assert ("Remplacer la photo" in said(page), len(controls(page, "without"))) == (True, 1)
        other = SimpleUploadedFile("blue.png", picture_bytes("blue"), "image/png")
        given = sent(**ITEM, document=str(photos[0].pk), without="on", version="1")
        client.post(at(book, "inventory_item", key=item.pk), {**given, "fichiers": other})
        assert InventoryItem.objects.get().photo == photos[1]
        client.post(at(book, "inventory_item", key=item.pk), sent(**ITEM, document=str(photos[1].pk), without="on", version="2"))
        assert (InventoryItem.objects.get().photo, Document.objects.count()) == (None, 2)
        page = client.get(at(book, "inventory_item", key=item.pk))
        assert ("Nouvelle photo" in said(page), controls(page, "without")) == (True, [])

    @pytest.mark.parametrize("again", [True, False], ids=["sent again", "chosen"])
    def test_a_photo_that_waited_to_be_sorted_is_sorted(self, client: Client, alice: Access, book: Book, *, again: bool) -> None:
        waiting = receive(alice, book, picture_bytes("red"), name="enceinte.png")
        assert "enceinte (à ranger)" in client.get(at(book, "new_item")).content.decode()
        files = {"fichiers": SimpleUploadedFile("enceinte.png", picture_bytes("red"), "image/png")}
        client.post(at(book, "new_item"), {**sent(**ITEM), **(files if again else {"document": str(waiting.pk)})})
        assert InventoryItem.objects.get().photo == Document.objects.get(kind=DocumentKind.PHOTO) == waiting
        assert list(inbox_of(book)) == []
        assert "(à ranger)" not in client.get(at(book, "new_item")).content.decode()

    def test_a_good_is_corrected_and_leaves(self, client: Client, alice: Access, book: Book) -> None:
        item = listed(alice, book)
        given = {**ITEM, "label": "Appareil photo", "disposal": "given", "disposed_on": "02/03/2026", "version": "1"}
        answer = client.post(at(book, "inventory_item", key=item.pk), sent(**given), follow=True)
        assert "Sortis cette année" in said(answer)
        assert "Donné le 02/03/2026" in said(answer)

    @pytest.mark.parametrize(
        ("given", "words"),
        [({"disposal": "sold"}, "Indiquez la date de sortie."), ({"disposed_on": "03/02/2026"}, "Dites ce qu’il est devenu.")],
    )
    def test_a_good_leaves_on_a_day_and_in_some_way(
        self, client: Client, alice: Access, book: Book, given: dict[str, str], words: str
    ) -> None:
        item = listed(alice, book)
        answer = client.post(at(book, "inventory_item", key=item.pk), sent(**{**ITEM, **given, "version": "1"}))
        assert (answer.status_code, errors(answer)) == (422, [words])

    def test_what_someone_else_changed_is_shown(self, client: Client, alice: Access, book: Book) -> None:
        item = listed(alice, book)
        edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(place="Grenier"))
        answer = client.post(at(book, "inventory_item", key=item.pk), sent(**{**ITEM, "version": "1"}))
        assert answer.status_code == 409
        assert f"Elle dit maintenant : Appareil photo, 289,00 €, Grenier. {YOURS}" in said(answer)
        assert controls(answer, "version")[0]["value"] == "2"

    def test_one_that_was_removed_meanwhile_keeps_what_was_typed(self, client: Client, alice: Access, book: Book) -> None:
        item = listed(alice, book)
        address = at(book, "inventory_item", key=item.pk)
        removed = client.post(at(book, "remove_item", key=item.pk))
        assert removed["Location"] == f"{at(book, 'inventory')}?supprime={item.pk}"
        assert client.post(address, sent(**{**ITEM, "version": "1"})).status_code == 404
        shown = client.get(removed["Location"])
        assert "Le bien est retiré de l’inventaire." in said(shown)
        restored = client.post(at(book, "restore_item", key=item.pk), follow=True)
        assert notices(restored) == ["La ligne est rétablie."]
        assert InventoryItem.objects.get().pk == item.pk
        again = client.post(at(book, "restore_item", key=item.pk), follow=True)
        assert notices(again) == ["Cette ligne ne peut plus être rétablie."]

    def test_the_operation_that_bought_it_is_named(self, client: Client, alice: Access, book: Book, purchase: Operation) -> None:
        item = listed(alice, book, purchase)
        answer = client.get(at(book, "inventory_item", key=item.pk))
        assert "Acheté par la pièce D1, Appareil photo." in said(answer)
        assert at(book, "operation", key=purchase.pk) in links(answer)
        delete_operation(access=alice, book=book, key=purchase.pk, version=1)
        assert "Acheté par" not in said(client.get(at(book, "inventory_item", key=item.pk)))

    def test_the_file_runs_no_formula(self, client: Client, alice: Access, book: Book, purchase: Operation) -> None:
        listed(alice, book, purchase, label="=1+1", note="@SUM(A1)")
        answer = client.get(at(book, "export_inventory"))
        assert answer["Content-Disposition"] == 'attachment; filename="inventaire-0910000A-2025-2026.csv"'
        assert answer.content.decode("utf-8-sig").splitlines() == [
            "bien;achete_le;valeur;lieu;piece;sorti_le;sortie;remarque",
            "'=1+1;03/10/2025;289,00;Armoire bleue;D1;;;'@SUM(A1)",
        ]

    def test_it_prints(self, client: Client, alice: Access, book: Book, purchase: Operation) -> None:
        listed(alice, book, purchase)
        assert "03/10/2025 Appareil photo Armoire bleue D1 289,00 1 bien, 289,00 € en tout." in said(
            client.get(at(book, "print_inventory"))
        )


class TestSubsidies:
    def test_it_says_what_to_do_first(self, client: Client, book: Book) -> None:
        assert "Aucune subvention cette année" in said(client.get(at(book, "subsidies")))

    def test_a_subsidy_is_proposed_with_what_the_cahier_knows(self, client: Client, book: Book, grant: Operation) -> None:
        address = f"{at(book, 'new_subsidy')}?operation={grant.pk}"
        assert address in links(client.get(at(book, "subsidies")))
        form = client.get(address)
        values = [controls(form, name)[0].get("value") for name in ("purpose", "amount", "justify_before")]
        assert values == ["Subvention, projet musée", "300,00", "28/02/2027"]
        answer = client.post(address, sent(**SUBSIDY), follow=True)
        assert notices(answer) == ["C’est enregistré."]
        words = "10/11/2025 MairieProjet musée · pièce R1 300,00 0,00 300,00 avant le 28/02/2027"
        assert " ".join(words.split()) in said(answer)

    def test_what_proposes_nothing_has_no_form(self, client: Client, book: Book, outing: Operation) -> None:
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
    def test_what_is_missing_is_said(self, client: Client, book: Book, grant: Operation, name: str, words: str) -> None:
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
        self, client: Client, alice: Access, book: Book, grant: Operation, given: dict[str, str], expected: dict[str, str]
    ) -> None:
        answer = client.post(f"{at(book, 'new_subsidy')}?operation={grant.pk}", sent(**{**SUBSIDY, **given}))
        assert (answer.status_code, beside(answer), Subsidy.objects.count()) == (422, expected, 0)
        line = tabled(alice, book, grant)
        answer = client.post(at(book, "subsidy", key=line.pk), sent(**{**SUBSIDY, **given, "version": "1"}))
        assert (answer.status_code, beside(answer), Subsidy.objects.get().version) == (422, expected, 1)

    def test_a_subsidy_may_be_paid_once_it_is_justified(self, client: Client, book: Book, grant: Operation) -> None:
        given = {**SUBSIDY, "notified_on": "01/06/2025", "justify_before": "31/10/2025"}
        assert client.post(f"{at(book, 'new_subsidy')}?operation={grant.pk}", sent(**given)).status_code == 302

    def test_what_it_paid_is_typed(self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant)
        page = client.get(at(book, "subsidy", key=line.pk))
        assert "14/01/2026 Entrées au musée D2 184,50" in said(page)
        given = {"version": "1", f"montant-{outing.pk}": "120,50"}
        answer = client.post(at(book, "subsidy_spendings", key=line.pk), given, follow=True)
        assert notices(answer) == ["C’est enregistré."]
        assert "Montant 300,00 € Dépensé 120,50 € Reste 179,50 €" in said(answer)

    @pytest.mark.parametrize(
        ("operation", "words"),
        [
            ("received", "Vous notez 120,50 € de dépenses, mais le cahier n’a reçu que 100,00 € : 20,50 € de trop."),
            ("gone", "Vous notez 120,50 € de dépenses, mais le cahier n’en a rien reçu : 120,50 € de trop."),
        ],
    )
    def test_more_than_was_received_is_warned_of(
        self, client: Client, alice: Access, book: Book, outing: Operation, operation: str, words: str
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

    def test_the_address_of_its_spendings_leads_to_its_page(self, client: Client, alice: Access, book: Book, grant: Operation) -> None:
        line = tabled(alice, book, grant)
        answer = client.get(at(book, "subsidy_spendings", key=line.pk))
        assert (answer.status_code, answer["Location"]) == (302, at(book, "subsidy", key=line.pk))
        assert stranger().get(at(book, "subsidy_spendings", key=line.pk)).status_code == 404

    def test_too_much_is_refused_and_kept(self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant)
        given = {"version": "1", f"montant-{outing.pk}": "190"}
        answer = client.post(at(book, "subsidy_spendings", key=line.pk), given)
        assert answer.status_code == 422
        assert "« Entrées au musée » n’a que 184,50 € de dépenses à financer : 190,00 €, c’est trop." in said(answer)
        assert controls(answer, f"montant-{outing.pk}")[0]["value"] == "190"

    def test_all_that_is_too_much_is_said_beside_its_row(
        self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation
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

    def test_expenses_are_found_by_a_word(self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        note(alice, book, "D3", "2026-02-01", "Livres", -60_00)
        line = tabled(alice, book, grant)
        answer = client.get(at(book, "subsidy", key=line.pk), {"q": "musee"})
        assert ("Entrées au musée" in said(answer), "Livres" in said(answer)) == (True, False)
        assert "Aucune dépense ne correspond à cette recherche." in said(client.get(at(book, "subsidy", key=line.pk), {"q": "zoo"}))

    def test_what_someone_else_changed_is_shown(
        self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation
    ) -> None:
        line = tabled(alice, book, grant)
        edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=museum(body="Commune"))
        answer = client.post(at(book, "subsidy", key=line.pk), sent(**{**SUBSIDY, "version": "1"}))
        assert answer.status_code == 409
        assert f"Elle dit maintenant : Commune, Projet musée, 300,00 €. {YOURS}" in said(answer)
        spent = client.post(at(book, "subsidy_spendings", key=line.pk), {"version": "1", f"montant-{outing.pk}": "1"})
        assert spent.status_code == 409

    def test_what_is_astray_is_marked(self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
        delete_operation(access=alice, book=book, key=outing.pk, version=1)
        assert "100,00 € dépensés ne sont plus une charge du cahier." in said(client.get(at(book, "subsidies")))
        assert "Opération supprimée du cahier" in said(client.get(at(book, "subsidy", key=line.pk)))

    def test_a_line_is_removed_and_brought_back(self, client: Client, alice: Access, book: Book, grant: Operation) -> None:
        line = tabled(alice, book, grant)
        answer = client.post(at(book, "remove_subsidy", key=line.pk), follow=True)
        assert "La subvention est retirée du tableau." in said(answer)
        client.post(at(book, "restore_subsidy", key=line.pk))
        assert Subsidy.objects.get().pk == line.pk


class TestDeliberations:
    def test_it_says_what_to_do_first(self, client: Client, book: Book) -> None:
        assert "Aucune délibération notée cette année" in said(client.get(at(book, "deliberations")))

    def test_what_was_decided_is_noted(self, client: Client, book: Book, outing: Operation) -> None:
        given = {**DELIBERATION, "people": "Les délégués", "pieces": "d2", "projects": "Musée, Jardin"}
        answer = client.post(at(book, "new_deliberation"), sent(**given), follow=True)
        assert notices(answer) == ["C’est enregistré."]
        words = "On va au musée. Étaient là : Les délégués D2 Entrées au musée Projets : Musée, Jardin"
        assert words in said(answer)
        assert "Conseil de coopérative, 7 novembre 2025" in said(client.get(at(book, "print_deliberations")))

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"decisions": ""}, "Écrivez ce qui a été décidé."),
            ({"decisions": "x" * 4001}, "4\u202f000 caractères au plus."),
            ({"pieces": "D99"}, "Aucune opération ne porte la pièce «\u202fD99\u202f»."),
            ({"kind": ""}, "Choisissez la réunion."),
        ],
    )
    def test_what_is_wrong_is_said(self, client: Client, book: Book, given: dict[str, str], words: str) -> None:
        answer = client.post(at(book, "new_deliberation"), sent(**{**DELIBERATION, **given}))
        assert (answer.status_code, errors(answer), Deliberation.objects.count()) == (422, [words], 0)

    def test_a_date_of_another_year_is_refused(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "new_deliberation"), sent(**{**DELIBERATION, "date": "07/11/2026"}))
        assert (answer.status_code, beside(answer)) == (422, {"id_date": "Cette date n’est pas dans l’année scolaire 2025-2026."})
        assert "#id_date" in links(answer)

    def test_operations_that_are_gone_for_now_stay_tied(self, client: Client, alice: Access, book: Book, outing: Operation) -> None:
        row = decided(alice, book, operations=(outing.pk,))
        delete_operation(access=alice, book=book, key=outing.pk, version=1)
        client.post(at(book, "deliberation", key=row.pk), sent(**{**DELIBERATION, "version": "1"}))
        assert Deliberation.objects.get().operations == [outing.pk]

    def test_what_someone_else_changed_is_shown(self, client: Client, alice: Access, book: Book) -> None:
        row = decided(alice, book)
        edit_deliberation(access=alice, book=book, key=row.pk, version=1, facts=council(decisions="On va au zoo."))
        answer = client.post(at(book, "deliberation", key=row.pk), sent(**{**DELIBERATION, "version": "1"}))
        assert answer.status_code == 409
        assert f"Elle dit maintenant : On va au zoo. {YOURS}" in said(answer)

    def test_it_is_removed_and_brought_back(self, client: Client, alice: Access, book: Book) -> None:
        row = decided(alice, book)
        answer = client.post(at(book, "remove_deliberation", key=row.pk), follow=True)
        assert "La délibération est supprimée." in said(answer)
        client.post(at(book, "restore_deliberation", key=row.pk))
        assert Deliberation.objects.get().pk == row.pk
