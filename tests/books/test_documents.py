"""The shelves of a year and the page of a document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, Operation
from retkoop.books.vouchers import describe, remove_document
from retkoop.network.access import Access
from retkoop.network.services import change_setting
from tests.archive.sent import a_pdf, a_picture, many_documents, pdf_bytes, picture_bytes, receive
from tests.books.coops import FORMER, a_book, at, comptable, keeper, note, plain, queries_of, said, some_months
from tests.books.lines import beside, words
from tests.cast import CHARLIE
from tests.pages import controls, links, notices, posts, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ASK_DATE = "Indiquez la date du relevé : celle de son dernier jour, par exemple 31/08/2026."


def send(client: Client, book: Book, *files: SimpleUploadedFile, **more: str) -> list[str]:
    """Send files to the shelves as a browser without script does, and return what the page that follows says of them."""
    answer = client.post(at(book, "documents"), {"fichiers": list(files), **more}, follow=True)
    return [plain(notice) for notice in notices(answer)]


class TestReceiving:
    def test_files_come_to_the_shelves(self, client: Client, book: Book) -> None:
        assert send(client, book, a_pdf(), a_picture()) == ["Reçu : « facture car », « ticket »."]
        assert send(client, book, a_pdf(), a_picture()) == ["Déjà là, gardé une seule fois : « facture car », « ticket »."]
        assert list(Document.objects.order_by("pk").values_list("kind", "start", "label")) == [
            ("voucher", 2025, "facture car"),
            ("voucher", 2025, "ticket"),
        ]

    def test_a_statement_has_its_date(self, client: Client, book: Book) -> None:
        send(client, book, a_pdf("Relevé", name="releve.pdf"), kind="statement", date="31/10")
        assert list(Document.objects.values_list("kind", "date")) == [("statement", date(2025, 10, 31))]
        assert Book.objects.get(pk=book.pk).statement_document == date(2025, 10, 31)

    @pytest.mark.parametrize("typed", ["", "le 31"])
    def test_where_it_has_none_its_page_asks_for_it(self, client: Client, book: Book, typed: str) -> None:
        form = {"fichiers": [a_pdf("Relevé", name="releve.pdf")], "kind": "statement", "date": typed}
        answer = client.post(at(book, "documents"), form, follow=True)
        document = Document.objects.get()
        assert answer.redirect_chain[-1][0] == at(book, "document", key=document.pk)
        assert [plain(notice) for notice in notices(answer)] == ["Reçu : « releve ».", ASK_DATE]

    def test_a_date_far_from_the_year_is_not_kept(self, client: Client, book: Book) -> None:
        said = "La date n’a pas été gardée. Cette date est bien loin de l’année : vérifiez-la."
        assert send(client, book, a_pdf(), kind="agreement", date="14/11/2125") == ["Reçu : « facture car ».", said]
        assert list(Document.objects.values_list("kind", "date")) == [("agreement", None)]

    def test_no_statement_is_of_a_day_to_come(self, client: Client, book: Book) -> None:
        tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
        assert send(client, book, a_pdf("Relevé", name="releve.pdf"), kind="statement", date=tomorrow) == ["Reçu : « releve ».", ASK_DATE]
        document = Document.objects.get()
        given = {"kind": "statement", "label": "Relevé", "date": tomorrow, "version": document.version}
        answer = client.post(at(book, "document", key=document.pk), given)
        to_come = "Ce jour n’est pas encore venu : indiquez le dernier jour du relevé."
        assert (answer.status_code, beside(answer)["id_date"]) == (422, to_come)

    def test_htmx_is_led_there_as_well(self, client: Client, book: Book) -> None:
        form = {"fichiers": [a_pdf("Relevé", name="releve.pdf")], "kind": "statement"}
        answer = client.post(at(book, "documents"), form, headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == at(book, "document", key=Document.objects.get().pk)

    def test_what_is_no_kind_is_a_voucher(self, client: Client, book: Book) -> None:
        send(client, book, a_picture(), kind="facture")
        assert Document.objects.get().kind == DocumentKind.VOUCHER

    def test_the_association_says_how_heavy(self, client: Client, book: Book) -> None:
        change_setting(author=SYSTEM, association=book.coop.association, from_year=2025, name="document_pages", value=1)
        assert send(client, book, a_pdf("Un", "Deux", name="deux.pdf")) == [
            "« deux.pdf » n’a pas été gardé. Ce PDF a 2 pages : 1 au plus. Envoyez-le en plusieurs fois."
        ]
        assert Document.objects.count() == 0

    @pytest.mark.parametrize("name", ["", "x" * 300 + ".png", "a/b\\c.png", "\x00.png"])
    def test_any_name_will_do(self, client: Client, book: Book, name: str) -> None:
        send(client, book, a_picture(name=name or "sans-nom"))
        assert Document.objects.count() == 1


class TestShelves:
    def test_an_empty_year_says_what_to_do(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "documents"))
        assert title(answer) == "Documents"
        assert said(answer).endswith(
            "2025-2026 : 0 document Chercher un mot ou un montant, aussi dans le texte des documents Chercher Pas encore de document "
            "Photographiez vos factures avec un téléphone, ou déposez ici photos et PDF : "
            "justificatifs, relevés de la banque, délibérations."
        )

    def test_the_menu_leads_there(self, client: Client, book: Book) -> None:
        assert at(book, "documents") in links(client.get(at(book, "home")))

    def test_kinds_and_years_are_counted(self, alice: Access, client: Client, book: Book) -> None:
        receive(alice, book)
        receive(alice, book, picture_bytes(), kind=DocumentKind.QUITUS, name="quitus.png")
        receive(alice, a_book(alice, FORMER), pdf_bytes("Avant"))
        answer = client.get(at(book, "documents"))
        assert "Tous 2 Justificatifs 1 Quitus 1 À ranger" in said(answer)
        assert "2024-2025 : 1 document" in said(answer)
        assert at(a_book(alice, FORMER), "documents") in links(answer)

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("nature=justificatifs", ["Car", "Ticket"]),
            ("nature=quitus", ["Quitus"]),
            ("nature=a-ranger", ["Ticket"]),
            ("nature=nulle", ["Car", "Quitus", "Ticket"]),
            ("q=hurepoix", ["Car"]),
            ("q=ÉVÉ+autoCARS", []),
            ("q=Autocars+hurepoix", ["Car"]),
            ("q=184,50", ["Car"]),
            ("nature=quitus&q=car", []),
            ("q=%00", ["Car", "Quitus", "Ticket"]),
        ],
    )
    def test_what_is_asked_for(self, alice: Access, client: Client, book: Book, asked: str, expected: list[str]) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        receive(alice, book, label="Car", operation=row.pk)
        receive(alice, book, picture_bytes(), kind=DocumentKind.QUITUS, name="quitus.png", label="Quitus")
        receive(alice, book, picture_bytes("red"), label="Ticket")
        address = at(book, "documents")
        names = {at(book, "document", key=one.pk): one.label for one in Document.objects.all()}
        shown = links(client.get(f"{address}?{asked}"))
        assert sorted({names[link] for link in shown if link in names}) == expected

    def test_nothing_found_says_so(self, alice: Access, client: Client, book: Book) -> None:
        receive(alice, book)
        answer = client.get(at(book, "documents"), {"q": "girafe"})
        assert said(answer).endswith("Rien ne correspond Essayez un autre mot, ou un montant comme 184,50. Tout voir")

    def test_each_says_what_it_proves(self, alice: Access, client: Client, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        receive(alice, book, operation=row.pk)
        answer = client.get(at(book, "documents"))
        assert at(book, "operation", key=row.pk) in links(answer)
        assert said(answer).endswith("facture car Justificatif D1")

    def test_readers_send_nothing(self, alice: Access, book: Book) -> None:
        receive(alice, book)
        reader = comptable()
        answer = reader.get(at(book, "documents"))
        assert (controls(answer, "fichiers"), "facture car" in said(answer), "C’est cela" in said(answer)) == ([], True, False)
        assert reader.post(at(book, "documents"), {"fichiers": [a_picture()]}).status_code == 404

    @pytest.mark.parametrize("asked", ["retire=x", f"retire={2**63}", "joint=1&operation=x", f"joint={2**63}&operation=1", "page=999"])
    def test_what_nobody_asks(self, client: Client, book: Book, asked: str) -> None:
        assert client.get(f"{at(book, 'documents')}?{asked}").status_code == 200

    @pytest.mark.parametrize("asked", ["", "?q=ticket", "?nature=a-ranger"])
    def test_its_queries_do_not_grow(self, alice: Access, client: Client, book: Book, asked: str) -> None:
        some_months(alice, book, 20)
        many_documents(book, 20)
        few = queries_of(client, at(book, "documents") + asked)
        some_months(alice, book, 40)
        many_documents(book, 180, first=20)
        assert few == queries_of(client, at(book, "documents") + asked) <= 12


class TestToSort:
    @pytest.fixture
    def row(self, alice: Access, book: Book) -> Operation:
        return note(alice, book, "D1", "2025-11-14", "Car", -184_50)

    def test_a_proposal_says_why_and_is_taken_with_one_button(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        document = receive(alice, book)
        answer = client.get(at(book, "documents"))
        assert "D1 Car − 184,50 14/11 · Même montant, même jour. C’est cela" in said(answer)
        form = {name: controls(answer, name)[0]["value"] for name in ("operation", "de")}
        after = client.post(at(book, "join_document", key=document.pk), form, follow=True)
        assert keys(row) == [document.pk]
        assert plain(notices(after)[0]) == "Justificatif joint : D1 Car Annuler"

    def test_and_taken_back_as_easily(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        client.post(at(book, "part_document", key=row.pk, document=document.pk), {"de": "documents"})
        assert keys(row) == []

    def test_what_looks_like_nothing_is_chosen_by_hand(self, alice: Access, client: Client, book: Book) -> None:
        document = receive(alice, book)
        answer = client.get(at(book, "documents"))
        assert "Aucune opération ne lui ressemble." in said(answer)
        assert f"{at(book, 'document', key=document.pk)}#choisir" in links(answer)

    def test_only_the_first_ones_are_shown(self, client: Client, book: Book) -> None:
        many_documents(book, 7)
        assert f"{at(book, 'documents')}?nature=a-ranger" in links(client.get(at(book, "documents")))
        assert "Voir tous ceux qui restent à ranger" in said(client.get(at(book, "documents")))

    def test_those_with_a_proposal_come_first_the_sure_ones_before(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        note(alice, book, "D2", "2025-10-03", "Goûter", -12_00)
        receive(alice, book, pdf_bytes("Goûter du 3/10/2025"), label="Peut-être")
        receive(alice, book, label="Sûr")
        Document.objects.update(received_at="2025-09-01T08:00Z")
        many_documents(book, 7)
        answer = client.get(at(book, "documents"))
        names = {f"{at(book, 'document', key=one.pk)}#choisir": one.label for one in Document.objects.all()}
        shown = [names[link] for link in links(answer) if link in names]
        assert (shown, said(answer).count("C’est cela")) == (["Sûr", "Peut-être", "Ticket 7", "Ticket 6", "Ticket 5", "Ticket 4"], 2)

    def test_the_page_of_all_of_them_proposes_as_well(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        receive(alice, book)
        answer = client.get(f"{at(book, 'documents')}?nature=a-ranger")
        assert "D1 Car − 184,50 14/11 · Même montant, même jour. C’est cela" in said(answer)
        assert controls(answer, "operation")[0]["value"] == str(row.pk)

    @pytest.mark.parametrize("operation", ["", "x", "99999", str(2**63)])
    def test_an_operation_that_is_none(self, alice: Access, client: Client, book: Book, operation: str) -> None:
        document = receive(alice, book)
        answer = client.post(at(book, "join_document", key=document.pk), {"operation": operation}, follow=True)
        told = ["Cette opération a été supprimée entre-temps."] if operation == "99999" else []
        assert [plain(notice) for notice in notices(answer)] == told


def keys(row: Operation) -> list[int]:
    return list(Operation.objects.get(pk=row.pk).vouchers.values_list("document", flat=True))


class TestOneDocument:
    @pytest.fixture
    def document(self, alice: Access, book: Book) -> Document:
        return receive(alice, book)

    @pytest.fixture
    def address(self, book: Book, document: Document) -> str:
        return at(book, "document", key=document.pk)

    def described(self, **given: str) -> dict[str, str]:
        return {"kind": "statement", "label": "Relevé d’octobre", "date": "31/10/2025", "version": "1", **given}

    def test_it_is_described(self, client: Client, document: Document, address: str) -> None:
        answer = client.post(address, self.described(), follow=True)
        assert (title(answer), [plain(notice) for notice in notices(answer)]) == ("Relevé d’octobre", ["C’est enregistré."])
        assert list(Document.objects.values_list("kind", "date", "version")) == [("statement", date(2025, 10, 31), 2)]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"label": " "}, {"id_label": "Donnez-lui un titre en quelques mots."}),
            ({"label": "x" * 201}, {"id_label": "200 caractères au plus."}),
            ({"kind": ""}, {"id_kind": "Choisissez ce que c’est."}),
            ({"kind": "facture"}, {"id_kind": "Choisissez dans la liste."}),
            ({"date": ""}, {"id_date": ASK_DATE}),
            ({"date": "31/02/2026"}, {"id_date": "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."}),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(
        self, client: Client, address: str, given: dict[str, str], expected: dict[str, str]
    ) -> None:
        answer = client.post(address, self.described(**given))
        assert (answer.status_code, beside(answer)) == (422, expected)

    def test_a_form_without_its_version_is_stale(self, client: Client, address: str) -> None:
        answer = client.post(address, self.described(version=""))
        assert (answer.status_code, [plain(notice) for notice in notices(answer)]) == (
            422,
            ["Il y a une chose à corriger Rechargez la page."],
        )

    def test_who_comes_second_sees_both(self, alice: Access, client: Client, book: Book, document: Document, address: str) -> None:
        describe(access=alice, book=book, document=document.pk, version=1, kind=DocumentKind.OTHER, label="Carte", day=None)
        answer = client.post(address, self.described())
        told = (
            "Quelqu’un a changé ce document entre-temps Il dit maintenant : « Carte », autre document. "
            "Ce que vous avez saisi est ci-dessous : enregistrez pour le remplacer."
        )
        assert (answer.status_code, [plain(notice) for notice in notices(answer)]) == (409, [told])
        again = {name: controls(answer, name)[0]["value"] for name in ("label", "date", "version")}
        assert again == {"label": "Relevé d’octobre", "date": "31/10/2025", "version": "2"}
        client.post(address, {"kind": "statement", **again})
        assert Document.objects.get().label == "Relevé d’octobre"

    def test_one_that_is_gone_meanwhile_is_nowhere(
        self, alice: Access, client: Client, book: Book, document: Document, address: str
    ) -> None:
        remove_document(access=alice, book=book, document=document.pk)
        assert (client.get(address).status_code, client.post(address, self.described()).status_code) == (404, 404)

    def test_it_is_removed_and_brought_back(self, client: Client, book: Book, document: Document) -> None:
        answer = client.post(at(book, "remove_document", key=document.pk), follow=True)
        assert Document.objects.count() == 0
        assert "Le document est supprimé." in answer.content.decode()
        assert at(book, "restore_document", key=document.pk) in posts(answer)
        back = client.post(at(book, "restore_document", key=document.pk), follow=True)
        assert (Document.objects.get().pk, [plain(notice) for notice in notices(back)]) == (document.pk, ["Le document est rétabli."])

    def test_removed_twice_it_is_told(self, client: Client, book: Book, document: Document) -> None:
        client.post(at(book, "remove_document", key=document.pk))
        answer = client.post(at(book, "remove_document", key=document.pk), follow=True)
        assert [plain(notice) for notice in notices(answer)] == ["Ce document a été retiré entre-temps."]

    def test_what_proves_something_is_not_removed(self, alice: Access, client: Client, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        document = receive(alice, book, picture_bytes(), operation=row.pk)
        answer = client.post(at(book, "remove_document", key=document.pk), follow=True)
        told = ["Ce document justifie une opération : retirez-le d’abord de l’opération."]
        assert ([plain(notice) for notice in notices(answer)], "Supprimer ce document" in said(answer)) == (told, False)

    def test_what_cannot_come_back_is_told(self, client: Client, book: Book, document: Document) -> None:
        answer = client.post(at(book, "restore_document", key=document.pk), follow=True)
        assert [plain(notice) for notice in notices(answer)] == ["Ce document ne peut plus être rétabli."]

    def test_its_operation_is_proposed_and_found(self, alice: Access, client: Client, book: Book, address: str) -> None:
        note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        note(alice, book, "D2", "2025-11-18", "Cahiers", -12_00)
        assert words(client.get(address), "choisir").endswith(
            "D1 Car 14/11 · Même montant, même jour. − 184,50 Joindre D2 Cahiers 18/11 − 12,00 Joindre"
        )
        assert words(client.get(address, {"q": "cahiers"}), "choisir").endswith("Chercher D2 Cahiers 18/11 − 12,00 Joindre")
        assert words(client.get(address, {"q": "12,00"}), "choisir").endswith("Chercher D2 Cahiers 18/11 − 12,00 Joindre")
        told = "Aucune opération ne correspond. Essayez un autre mot, ou un montant comme 184,50."
        assert words(client.get(address, {"q": "girafe"}), "choisir").endswith(told)

    def test_it_is_joined_and_taken_off_from_its_page(
        self, alice: Access, client: Client, book: Book, document: Document, address: str
    ) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        client.post(at(book, "join_document", key=document.pk), {"operation": str(row.pk)})
        assert words(client.get(address), "choisir").startswith("Il justifie D1 Car 14/11 − 184,50 Retirer")
        client.post(at(book, "part_document", key=row.pk, document=document.pk), {"de": "document"})
        assert keys(row) == []

    def test_readers_see_it(self, alice: Access, book: Book, document: Document, address: str) -> None:
        reader = comptable()
        answer = reader.get(address)
        assert (answer.status_code, controls(answer, "label"), "Supprimer" in said(answer)) == (200, [], False)
        tried = [
            reader.post(one)
            for one in (address, at(book, "remove_document", key=document.pk), at(book, "restore_document", key=document.pk))
        ]
        assert [one.status_code for one in tried] == [404, 404, 404]

    def test_documents_of_others_are_nowhere(self, alice: Access, client: Client, book: Book) -> None:
        """Neither another coop's nor another year's is shown, described, tied, removed or brought back from here."""
        row, charlie = note(alice, book, "D1", "2025-11-14", "Car", -184_50), keeper(CHARLIE)
        strange = [receive(charlie, a_book(charlie)), receive(alice, a_book(alice, FORMER), picture_bytes())]
        for document in strange:
            addresses = [at(book, name, key=document.pk) for name in ("document", "join_document", "remove_document", "restore_document")]
            assert (client.get(addresses[0]).status_code, client.post(addresses[0], self.described()).status_code) == (404, 404)
            for address in addresses[1:]:
                client.post(address, {"operation": str(row.pk)})
        kept = list(Document.objects.filter(pk__in=[one.pk for one in strange]).values_list("version", flat=True))
        assert (kept, keys(row)) == ([1, 1], [])

    @pytest.mark.parametrize("name", ["join_document", "remove_document", "restore_document"])
    def test_what_changes_something_is_not_looked_at(self, client: Client, book: Book, document: Document, name: str) -> None:
        assert client.get(at(book, name, key=document.pk)).status_code == 405

    def test_its_queries_do_not_grow(self, alice: Access, client: Client, book: Book, document: Document, address: str) -> None:
        some_months(alice, book, 20)
        many_documents(book, 20)
        few = queries_of(client, address)
        some_months(alice, book, 40)
        many_documents(book, 180, first=20)
        assert few == queries_of(client, address) <= 12
