"""A quitus that was signed on paper: its scan, its mark, and the signatures that it shows."""

from __future__ import annotations

import pytest
from django.test import Client

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.models import Signature
from retkoop.year_end.verifiers.queries import missing_signatures, signatures_of
from retkoop.year_end.verifiers.signing import NO_MARK, PRINTED_BEFORE, place_of
from tests.archive.sent import a_picture
from tests.books.coops import at, note, plain
from tests.pages import links
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import OTHER, PARENT, in_state, invited, mandate
from tests.year_end.verifiers.test_board import do, mark, shown

pytestmark = pytest.mark.django_db


class TestPaper:
    def test_a_scan_signs_for_those_who_are_ticked(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        people = [invited(alice, book, who).pk for who in (PARENT, OTHER)]
        sent: dict[str, object] = {
            "fichiers": a_picture(name="quitus.png"),
            "verifiers": people,
            "mandates": [row.pk],
            "mark": mark(book).upper().replace("-", " - "),
            "reserves": "Aucune facture D12.",
        }
        assert do(client, book, "upload_quitus", sent) == ["Le quitus signé sur papier est gardé avec les documents."]
        document = Document.objects.get()
        assert (document.kind, document.label) == (DocumentKind.QUITUS, "Quitus signé 2025-2026")
        signatures = [(one.name, one.way, one.scan) for one in Signature.objects.all()]
        assert signatures == [(name, "paper", document) for name in ("Inès Moreau", "Paul Girard", "Mme Perrin")]
        assert (missing_signatures(book), shown(client, book).count("Sur papier")) == ([], 3)

    def test_without_a_file_or_a_name_it_says_so(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        row = invited(alice, book)
        assert do(client, book, "upload_quitus", {"verifiers": [row.pk], "mark": "1-0000"}) == ["Choisissez le scan : un PDF ou une photo."]
        told = do(client, book, "upload_quitus", {"fichiers": a_picture(), "verifiers": [row.pk]})
        assert told == ["Recopiez le repère du quitus. S’il n’en a pas, imprimez-le de nouveau."]
        told = do(client, book, "upload_quitus", {"fichiers": a_picture(), "mark": mark(book)})
        assert told == ["Il y a une chose à corriger Cochez qui a signé sur ce papier."]
        assert Document.objects.count() == 0

    def test_what_is_no_picture_is_refused(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        row = invited(alice, book)
        empty = a_picture()
        empty.file.seek(0)  # type: ignore[union-attr]  # it is there
        empty.file.truncate(3)  # type: ignore[union-attr]  # idem
        told = do(client, book, "upload_quitus", {"fichiers": empty, "verifiers": [row.pk], "mark": mark(book)})
        assert (len(told), Signature.objects.count()) == (1, 0)

    def test_it_is_void_after_a_change_and_a_former_print_signs_no_more(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        row, printed, place = invited(alice, book), mark(book), place_of(book)
        invited(alice, book, OTHER)
        sent: dict[str, object] = {"verifiers": [row.pk], "mark": printed}
        assert do(client, book, "upload_quitus", {**sent, "fichiers": a_picture()}) == [
            "Le quitus signé sur papier est gardé avec les documents."
        ]
        assert Signature.objects.get().sequence == place
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        assert [(one.holds, [change.what for change in one.changes]) for one in signatures_of(book)] == [
            (False, ["Opération notée (D9 Livre)"])
        ]
        told = do(client, book, "upload_quitus", {**sent, "fichiers": a_picture()})
        assert f"Il y a une chose à corriger {plain(PRINTED_BEFORE)}" in told
        for other in ("412", "999999-0000", "12-zzzz"):
            told = do(client, book, "upload_quitus", {**sent, "fichiers": a_picture(), "mark": other})
            assert f"Il y a une chose à corriger {plain(NO_MARK)}" in told

    def test_the_mark_is_printed_while_one_signs(self, alice: Access, client: Client, book: Book) -> None:
        mandate(alice)
        assert "Repère" not in words(client.get(at(book, "quitus_paper")).content)
        in_state(book, ClosingState.SIGNING)
        assert f"Repère de ces comptes : {mark(book)}." in words(client.get(at(book, "quitus_paper")).content)

    def test_the_form_has_a_place_for_each(self, alice: Access, client: Client, book: Book) -> None:
        mandate(alice)
        invited(alice, book)
        told = words(client.get(at(book, "quitus_paper")).content)
        assert "À signer Écrivez la date, puis « lu et approuvé », et vos réserves s’il y en a." in told
        assert "Vérificateur aux comptes, parent d’élève" in told
        assert at(book, "quitus_paper") in links(client.get(at(book, "verifiers")))
