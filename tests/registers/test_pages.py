"""The pages of the registers, as people read and fill them in."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.documents import inbox_of
from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation
from retkoop.network.access import Access
from retkoop.registers.models import Deliberation, InventoryItem
from retkoop.registers.services import edit_deliberation, edit_item
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import animateur, at, comptable, note, plain, queries_of, said, stranger
from tests.books.lines import beside
from tests.pages import controls, errors, links, notices, title
from tests.registers.registers_at_hand import YOURS, camera, council, decided, listed, sent, tabled

ITEM: dict[str, str] = {"label": "Enceinte", "bought_on": "03/10/2025", "value": "149,90", "place": "Bibliothèque"}
DELIBERATION: dict[str, str] = {"kind": "cooperative", "date": "07/11/2025", "decisions": "On va au musée."}
AFTER = "vient après l’année scolaire 2025-2026 : notez-le depuis l’inventaire de son année."
PAGES = ("registers", "inventory", "print_inventory", "subsidies", "deliberations", "print_deliberations")


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

    def test_a_piece_that_is_none_is_said_with_what_else_is_wrong(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "new_deliberation"), sent(**{**DELIBERATION, "decisions": "", "pieces": "D99"}))
        told = {"id_decisions": "Écrivez ce qui a été décidé.", "id_pieces": "Aucune opération ne porte la pièce « D99 »."}
        assert (answer.status_code, beside(answer)) == (422, told)

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
