"""How an operation is proven, on its own page and among those that wait; each form works without script."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter

from retkoop.archive.models import Document
from retkoop.books.models import Book, Operation, Proof, Voucher
from retkoop.books.vouchers import say_proof
from retkoop.network.access import Access
from tests.archive.sent import a_pdf, a_picture, many_documents, pdf_bytes, picture_bytes, receive
from tests.books.coops import animateur, at, comptable, note, plain, prove, queries_of, said, some_months
from tests.books.lines import words
from tests.pages import controls, errors, links, notices, title
from tests.swap import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WHERE = "Dites où se trouve le papier : « classeur bleu, pièce 12 » par exemple."
REFUSED = "« dessin.svg » n’a pas été gardé. Une image SVG peut contenir un programme. Envoyez un PDF ou une photo."


def a_drawing() -> SimpleUploadedFile:
    """An SVG image, which may hold a program; a new one each time: what was sent once has been read to its end."""
    return SimpleUploadedFile("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")


def encrypted(content: bytes) -> bytes:
    kept = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(kept)
    return kept.getvalue()


HOSTILE = [
    pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", "C’est une page web. Imprimez-la en PDF, puis envoyez le PDF.", id="page"),
    pytest.param(
        encrypted(pdf_bytes("Facture")),
        "Ce PDF est protégé par un mot de passe ou chiffré. Ouvrez-le, imprimez-le de nouveau en PDF, puis envoyez le résultat.",
        id="encrypted",
    ),
]
"""What is not what its name says, or cannot be looked into."""


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return note(alice, book, "D1", "2025-11-14", "Car", -184_50)


def send(client: Client, address: str, *files: SimpleUploadedFile, **more: str) -> list[str]:
    """Send files as a browser without script does, and return what the page that follows says of them."""
    for file in files:
        file.seek(0)
    answer = client.post(address, {"fichiers": list(files), **more}, follow=True)
    return [plain(notice) for notice in notices(answer)]


def proof(row: Operation) -> tuple[str, str]:
    fresh = Operation.objects.get(pk=row.pk)
    return fresh.proof, fresh.proof_place


class TestOnItsPage:
    def test_nothing_yet(self, client: Client, book: Book, row: Operation) -> None:
        answer = client.get(at(book, "operation", key=row.pk))
        assert words(answer, "justificatifs").startswith(
            "Justificatif Justificatif La facture, le ticket ou le reçu qui prouve l’opération."
        )
        assert [control["accept"] for control in controls(answer, "fichiers")] == ["image/*,application/pdf,.heic,.heif"]
        assert f"{at(book, 'phone_invite')}?operation={row.pk}" in links(answer)

    def test_files_are_joined(self, client: Client, book: Book, row: Operation) -> None:
        told = send(client, at(book, "add_vouchers", key=row.pk), a_pdf(), a_picture())
        assert told == ["Reçu : « facture car », « ticket »."]
        assert list(Voucher.objects.filter(operation=row).values_list("document__label", flat=True)) == ["facture car", "ticket"]

    def test_many_are_counted(self, client: Client, book: Book, row: Operation) -> None:
        files = [a_picture(colour, f"{colour}.png") for colour in ("red", "green", "blue", "pink")]
        assert send(client, at(book, "add_vouchers", key=row.pk), *files) == ["4 documents reçus."]

    def test_one_that_is_refused_takes_no_other_with_it(self, client: Client, book: Book, row: Operation) -> None:
        told = send(client, at(book, "add_vouchers", key=row.pk), a_drawing(), a_picture())
        assert (told, proof(row)) == (["Reçu : « ticket ».", REFUSED], ("joined", ""))

    @pytest.mark.parametrize(("content", "why"), HOSTILE)
    def test_a_hostile_file_is_refused_with_its_reason(self, client: Client, book: Book, row: Operation, content: bytes, why: str) -> None:
        told = send(client, at(book, "add_vouchers", key=row.pk), SimpleUploadedFile("facture.pdf", content, "application/pdf"))
        assert (told, proof(row), Document.objects.count()) == ([f"« facture.pdf » n’a pas été gardé. {why}"], ("", ""), 0)

    def test_sent_again_nothing_is_made_twice(self, client: Client, book: Book, row: Operation) -> None:
        for _ in range(2):
            send(client, at(book, "add_vouchers", key=row.pk), a_picture())
        assert (Document.objects.count(), Voucher.objects.count()) == (1, 1)

    def test_files_sent_one_by_one_are_told_together(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        receive(alice, book, picture_bytes("blue"), name="connu.png")
        address = at(book, "add_vouchers", key=row.pk)
        sealed = [
            client.post(address, {"fichiers": [file]}, headers={"Accept": "application/json"}).json()["told"]
            for file in (a_picture("red", "rouge.png"), a_picture("blue", "connu.png"), a_drawing())
        ]
        told = send(client, address, avant=" ".join([*sealed, "x:y:z", sealed[0].swapcase()]))
        assert told == ["Reçu : « rouge ». Déjà là, gardé une seule fois : « connu ».", REFUSED]
        assert send(client, address, a_pdf(), avant=sealed[1]) == ["Reçu : « facture car ». Déjà là, gardé une seule fois : « connu »."]

    def test_no_file_is_told(self, client: Client, book: Book, row: Operation) -> None:
        assert send(client, at(book, "add_vouchers", key=row.pk)) == ["Choisissez d’abord un fichier : une photo ou un PDF."]

    def test_the_voucher_is_shown_page_by_page(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        document = receive(alice, book, picture_bytes("red"), name="ticket.png", operation=row.pk)
        answer = client.get(at(book, "operation", key=row.pk))
        page = at(book, "document_page", key=document.pk, number=1)
        pictures = [(node.attributes["src"], node.attributes["alt"]) for node in read(answer.content.decode()).walk() if node.tag == "img"]
        assert pictures == [(f"{page}?largeur=160", ""), (f"{page}?largeur=800", "ticket, page 1 sur 1")]
        assert f"{page}?largeur=1600" in links(answer)
        assert f"{at(book, 'document_file', key=document.pk)}?telecharger=1" in links(answer)

    def test_it_is_taken_off(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        told = send(client, at(book, "part_document", key=row.pk, document=document.pk))
        assert (told, proof(row)) == (["Le document est retiré de l’opération. Il reste parmi les documents de l’année."], ("", ""))

    def test_on_paper_then_not(self, client: Client, book: Book, row: Operation) -> None:
        address = at(book, "say_proof", key=row.pk)
        answer = client.post(address, {"preuve": "paper", "place": "Classeur bleu"}, follow=True)
        assert proof(row) == ("paper", "Classeur bleu")
        assert "Il est sur papier : Classeur bleu" in words(answer, "justificatifs")
        client.post(address)
        assert proof(row) == ("", "")

    def test_a_paper_is_somewhere(self, client: Client, book: Book, row: Operation) -> None:
        """Beside its field, in the panel that stays open."""
        for more in ({}, {"de": "manquants"}):
            answer = client.post(at(book, "say_proof", key=row.pk), {"preuve": "paper", "place": " ", **more}, follow=True)
            opened = [" open" in tag for tag in re.findall(r'<details class="disclosure proof-paper"[^>]*>', answer.content.decode())]
            assert (errors(answer), opened, notices(answer), proof(row)) == ([WHERE], [True, False], [], ("", ""))
            (field,) = [one for one in controls(answer, "place") if one["id"] == f"place-{row.pk}"]
            assert (field["aria-invalid"], field["aria-describedby"]) == ("true", f"place-{row.pk}_error")

    @pytest.mark.parametrize(("place", "kept"), [("Clas\x00seur", "Classeur"), ("x" * 500, "x" * 120)])
    def test_a_place_that_a_database_takes(self, client: Client, book: Book, row: Operation, place: str, kept: str) -> None:
        client.post(at(book, "say_proof", key=row.pk), {"preuve": "paper", "place": place})
        assert proof(row) == ("paper", kept)

    def test_the_place_of_the_last_one_is_proposed(self, client: Client, book: Book, row: Operation, alice: Access) -> None:
        other = note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        client.post(at(book, "say_proof", key=other.pk), {"preuve": "paper", "place": "Classeur bleu"})
        assert [one["value"] for one in controls(client.get(at(book, "operation", key=row.pk)), "place")] == ["Classeur bleu"]

    def test_what_a_form_may_not_say_is_nothing(self, client: Client, book: Book, row: Operation) -> None:
        client.post(at(book, "say_proof", key=row.pk), {"preuve": "purged"})
        assert proof(row) == ("", "")

    def test_readers_see_and_change_nothing(self, alice: Access, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        reader = comptable()
        answer = reader.get(at(book, "operation", key=row.pk))
        assert (controls(answer, "fichiers"), "Télécharger" in words(answer, "justificatifs")) == ([], True)
        tried = [
            reader.post(at(book, "add_vouchers", key=row.pk), {"fichiers": [a_picture()]}),
            reader.post(at(book, "part_document", key=row.pk, document=document.pk)),
            reader.post(at(book, "say_proof", key=row.pk), {"preuve": "lost"}),
        ]
        assert ([one.status_code for one in tried], proof(row)) == ([404] * 3, ("joined", ""))

    def test_the_trail_names_who_helps(self, book: Book, row: Operation) -> None:
        helper = animateur()
        send(helper, at(book, "add_vouchers", key=row.pk), a_picture())
        assert "Animateur" in said(helper.get(at(book, "history")))
        assert Document.objects.get().received_by is not None

    def test_its_queries_do_not_grow(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        counts = []
        for first, last in ((0, 20), (20, 200)):
            some_months(alice, book, last // 4)
            many_documents(book, last - first, first)
            waiting = Document.objects.filter(vouchers=None)
            Voucher.objects.bulk_create(Voucher(coop=book.coop, book=book, operation=row, document=one) for one in waiting)
            Operation.objects.filter(pk=row.pk).update(proof=Proof.JOINED)
            counts.append(queries_of(client, at(book, "operation", key=row.pk)))
        assert counts[0] == counts[1] <= 12

    def test_an_operation_that_is_nowhere(self, client: Client, book: Book) -> None:
        assert client.post(at(book, "add_vouchers", key=10**6), {"fichiers": [a_picture()]}, follow=True).status_code == 404
        assert Document.objects.count() == 0


class TestAttestation:
    def test_it_is_a_pdf_that_says_what_the_cahier_says(self, client: Client, alice: Access, book: Book, row: Operation) -> None:
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.LOST)
        page = client.get(at(book, "operation", key=row.pk))
        assert at(book, "attestation", key=row.pk) in links(page)
        answer = client.get(at(book, "attestation", key=row.pk))
        assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", 'attachment; filename="Attestation-D1.pdf"')
        paper = PdfReader(io.BytesIO(answer.content))
        text = plain(" ".join(paper.pages[0].extract_text().split()))
        expected = ("Attestation sur l’honneur", "École Jean-Jaurès", "0910000A", "D1", "14/11/2025", "184,50 €", "Car", "441-7")
        assert ([one for one in expected if one not in text], len(paper.pages)) == ([], 1)

    def test_a_voucher_that_is_not_lost_has_none(self, client: Client, book: Book, row: Operation) -> None:
        assert client.get(at(book, "attestation", key=row.pk)).status_code == 404

    @pytest.mark.parametrize(("piece", "name"), [("D12/a", "Attestation-D12a.pdf"), ("Reçu é", "Attestation-Reu.pdf")])
    def test_its_name_is_one_that_any_disk_takes(self, client: Client, alice: Access, book: Book, piece: str, name: str) -> None:
        row = note(alice, book, piece, "2025-11-14", "Car", 0, -184_50)
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.LOST)
        assert client.get(at(book, "attestation", key=row.pk))["Content-Disposition"] == f'attachment; filename="{name}"'


class TestMissing:
    def test_each_with_its_ways(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        proven = note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        receive(alice, book, picture_bytes(), operation=proven.pk)
        answer = client.get(at(book, "missing_vouchers"))
        assert title(answer) == "Justificatifs manquants"
        assert "1 opération n’a pas de justificatif." in said(answer)
        assert [len(controls(answer, name)) for name in ("fichiers", "place")] == [1, 2]
        assert words(answer, f"op-{row.pk}").startswith("D1 Car 14/11 − 184,50 Joindre")

    def test_the_finding_leads_there(self, client: Client, book: Book, row: Operation) -> None:
        assert at(book, "missing_vouchers") in links(client.get(at(book, "findings")))

    def test_a_file_dropped_on_its_line(self, client: Client, book: Book, row: Operation) -> None:
        told = send(client, at(book, "add_vouchers", key=row.pk), a_picture(), de="manquants", page="1")
        assert (told, proof(row)) == (["D1 : justificatif joint ticket Annuler"], ("joined", ""))

    def test_files_joined_to_a_line_are_taken_off_together(self, client: Client, book: Book, row: Operation) -> None:
        form = {"fichiers": [a_picture(), a_pdf(), a_drawing()], "de": "manquants", "page": "1"}
        answer = client.post(at(book, "add_vouchers", key=row.pk), form, follow=True)
        assert [plain(notice) for notice in notices(answer)] == [REFUSED, "D1 : justificatif joint ticket, facture car Annuler"]
        assert answer.redirect_chain[-1][0].endswith(f"?page=1&dite={row.pk}")
        first, second = Document.objects.order_by("pk").values_list("pk", flat=True)
        assert [one["value"] for one in controls(answer, "aussi")] == [str(second)]
        told = send(client, at(book, "part_document", key=row.pk, document=first), de="manquants", page="1", aussi=str(second))
        both = "Les documents sont retirés de l’opération. Ils restent parmi les documents de l’année."
        assert (told, proof(row), Document.objects.count()) == ([both], ("", ""), 2)

    def test_the_cursor_goes_to_the_next_line_or_stays_where_nothing_was_done(
        self, alice: Access, client: Client, book: Book, row: Operation
    ) -> None:
        after = note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        for files, at_line in (([a_drawing()], row), ([a_picture()], after)):
            answer = client.post(at(book, "add_vouchers", key=row.pk), {"fichiers": files, "de": "manquants"}, follow=True)
            assert [one["id"] for one in controls(answer, "fichiers") if "autofocus" in one] == [f"fichiers-{at_line.pk}"]

    def test_a_document_dragged_to_its_line(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        document = receive(alice, book)
        assert words(client.get(at(book, "missing_vouchers")), "manquants").endswith("facture car 184,50 €")
        told = send(client, at(book, "add_vouchers", key=row.pk), document=str(document.pk), de="manquants")
        assert (told, proof(row)) == (["D1 : justificatif joint facture car Annuler"], ("joined", ""))

    @pytest.mark.parametrize(("said_proof", "told"), [("paper", "D1 : justificatif sur papier"), ("lost", "D1 : justificatif perdu")])
    def test_what_was_said_can_be_undone(self, client: Client, book: Book, row: Operation, said_proof: str, told: str) -> None:
        form = {"preuve": said_proof, "place": "Classeur", "de": "manquants", "page": "1"}
        answer = client.post(at(book, "say_proof", key=row.pk), form, follow=True)
        assert (plain(notices(answer)[0]).startswith(told), answer.redirect_chain[-1][0].endswith(f"?page=1&dite={row.pk}")) == (True, True)
        client.post(at(book, "say_proof", key=row.pk), {"de": "manquants", "page": "1"})
        assert proof(row) == ("", "")

    def test_all_that_remain_in_one_form(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        answer = client.post(at(book, "say_all_on_paper"), {"place": "Classeur bleu"}, follow=True)
        assert [plain(notice) for notice in notices(answer)] == ["Noté pour 2 opérations : justificatif sur papier Annuler"]
        assert proof(row) == ("paper", "Classeur bleu")
        assert "Rien ne manque Chaque opération a son justificatif." in said(answer)
        (since,) = re.findall(r'name="depuis" value="(\d+)"', answer.content.decode())
        assert send(client, at(book, "take_back_papers"), papiers="2", depuis=since) == [
            "C’est annulé : 2 opérations attendent de nouveau leur justificatif."
        ]
        assert proof(row) == ("", "")

    def test_what_was_said_of_one_since_stays(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        answer = client.post(at(book, "say_all_on_paper"), {"place": "Classeur bleu"}, follow=True)
        (since,) = re.findall(r'name="depuis" value="(\d+)"', answer.content.decode())
        client.post(at(book, "say_proof", key=row.pk), {"preuve": "paper", "place": "Tiroir"})
        assert proof(row) == ("paper", "Tiroir")
        assert send(client, at(book, "take_back_papers"), papiers="2", depuis=since) == [
            "C’est annulé : 1 opération attend de nouveau son justificatif."
        ]
        assert proof(row) == ("paper", "Tiroir")

    @pytest.mark.parametrize("since", ["", "x", "999999"])
    def test_what_was_never_said_is_not_undone(self, client: Client, book: Book, row: Operation, since: str) -> None:
        send(client, at(book, "say_proof", key=row.pk), preuve="paper", place="Tiroir")
        send(client, at(book, "take_back_papers"), papiers="2", depuis=since)
        assert proof(row) == ("paper", "Tiroir")

    def test_which_have_to_be_somewhere(self, client: Client, book: Book, row: Operation) -> None:
        assert (send(client, at(book, "say_all_on_paper"), place=""), proof(row)) == ([WHERE], ("", ""))

    def test_an_empty_cahier_misses_nothing(self, client: Client, book: Book) -> None:
        assert "Rien ne manque Le cahier n’a pas encore d’opération." in said(client.get(at(book, "missing_vouchers")))

    def test_readers_see_the_list_alone(self, book: Book, row: Operation) -> None:
        answer = comptable().get(at(book, "missing_vouchers"))
        assert ("D1 Car" in said(answer), controls(answer, "fichiers"), controls(answer, "place")) == (True, [], [])

    @pytest.mark.parametrize("asked", ["dite=99999", "dite=x", f"dite={2**63}", "page=0", "page=x"])
    def test_what_nobody_asks(self, client: Client, book: Book, row: Operation, asked: str) -> None:
        assert client.get(f"{at(book, 'missing_vouchers')}?{asked}").status_code == 200

    def test_its_queries_do_not_grow(self, alice: Access, client: Client, book: Book) -> None:
        some_months(alice, book, 20)
        many_documents(book, 20)
        few = queries_of(client, at(book, "missing_vouchers"))
        some_months(alice, book, 60)
        many_documents(book, 180, first=20)
        assert few == queries_of(client, at(book, "missing_vouchers")) <= 12


class TestCahier:
    def test_a_clip_says_that_a_voucher_is_joined(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        assert "Justificatif joint" not in client.get(at(book, "cahier")).content.decode()
        receive(alice, book, operation=row.pk)
        assert 'aria-label="Justificatif joint"' in client.get(at(book, "cahier")).content.decode()

    def test_those_without_can_be_listed(self, alice: Access, client: Client, book: Book, row: Operation) -> None:
        note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        prove(alice, book)
        waiting = note(alice, book, "D3", "2025-11-16", "Goûter", -9_00)
        answer = client.get(at(book, "cahier"), {"preuve": "non"})
        assert f"op-{waiting.pk}" in answer.content.decode()
        assert f'id="op-{row.pk}"' not in answer.content.decode()
