"""The report to a funder and the labels, as PDFs and as what they lay out."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.test import Client
from pypdf import PdfReader

from retkoop.books.models import Book, Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.books.services import delete_operation
from retkoop.network.access import Access
from retkoop.registers.labels import labels_data, square
from retkoop.registers.report import report_data
from retkoop.registers.services import tell_spendings
from retkoop.registers.subsidies import subsidy_of
from tests.books.coops import at, note, plain
from tests.cast import a_day
from tests.registers.registers_at_hand import listed, tabled


def page_of(access: Access, book: Book) -> CoopPage:
    return CoopPage(access, book, tuple(books_of(access.coop)), a_day("2026-09-10"))


def words_of(content: bytes) -> str:
    return plain(" ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()))


def is_archivable(content: bytes) -> bool:
    """Tell whether a PDF says that it is PDF/A-2a and PDF/UA-1."""
    return b"<pdfaid:part>2</pdfaid:part>" in content and b"<pdfuaid:part>1</pdfuaid:part>" in content


class TestReport:
    def test_it_tells_the_subsidy_and_each_expense(
        self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation
    ) -> None:
        line = tabled(alice, book, grant)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 120_50})
        answer = client.get(at(book, "subsidy_report", key=line.pk))
        assert answer["Content-Disposition"] == f'attachment; filename="Compte-rendu-subvention-0910000A-{line.pk}.pdf"'
        assert is_archivable(answer.content)
        words = words_of(answer.content)
        assert "Organisme Mairie Objet Projet musée Montant 300,00 € Reçue le 10/11/2025, pièce R1" in words
        assert "D2 14/01/2026 Entrées au musée 120,50 Total 120,50 Il reste 179,50 € à dépenser." in words

    def test_more_is_spent_than_was_received(self, client: Client, alice: Access, book: Book, outing: Operation) -> None:
        part = note(alice, book, "R7", "2025-11-10", "Premier versement", 100_00, 0, ("74100008", 100_00))
        line = tabled(alice, book, part)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 120_50})
        told = "La coopérative n’a reçu que 100,00 € de cette subvention : 20,50 € de ces dépenses n’ont pas pu être payés par elle."
        assert told in words_of(client.get(at(book, "subsidy_report", key=line.pk)).content)
        delete_operation(access=alice, book=book, key=part.pk, version=1)
        data = report_data(page_of(alice, book), subsidy_of(book, line.pk))
        told = "La coopérative n’a rien reçu de cette subvention : 120,50 € de ces dépenses n’ont pas pu être payés par elle."
        assert plain(str(data["beyond"])) == told

    def test_nothing_is_spent_yet(self, alice: Access, book: Book, grant: Operation) -> None:
        data = report_data(page_of(alice, book), subsidy_of(book, tabled(alice, book, grant).pk))
        assert (data["rows"], data["spent"], plain(str(data["left"]))) == ([], "0,00", "Il reste 300,00 € à dépenser.")

    def test_it_is_a_draft_until_something_is_spent(
        self, client: Client, alice: Access, book: Book, grant: Operation, outing: Operation
    ) -> None:
        line = tabled(alice, book, grant)
        told = "Projet : aucune dépense n’est encore notée. Notez ce que la subvention a payé avant d’envoyer ce compte rendu."
        assert told in words_of(client.get(at(book, "subsidy_report", key=line.pk)).content)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 120_50})
        words = words_of(client.get(at(book, "subsidy_report", key=line.pk)).content)
        assert words.count("Projet") == words.count("Projet musée") == 1

    def test_all_is_spent_and_an_operation_is_gone(self, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant, amount=184_50)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 184_50})
        for row in (grant, outing):
            delete_operation(access=alice, book=book, key=row.pk, version=1)
        data = report_data(page_of(alice, book), subsidy_of(book, line.pk))
        assert data["left"] == "La subvention est entièrement dépensée."
        assert data["rows"] == [("", "", "Opération supprimée", "", "184,50")]
        assert "Reçue le" not in dict(data["facts"])  # type: ignore[call-overload]  # pairs

    def test_strange_words_stop_nothing(self, client: Client, alice: Access, book: Book, grant: Operation) -> None:
        line = tabled(alice, book, grant, purpose="#strong[x] 🎉 مدرسة " + "x" * 120)
        assert "#strong[x]" in words_of(client.get(at(book, "subsidy_report", key=line.pk)).content)


class TestLabels:
    def test_each_good_has_its_label(self, client: Client, alice: Access, book: Book) -> None:
        items = [listed(alice, book, label=label) for label in ("Appareil photo", "Enceinte")]
        answer = client.get(at(book, "inventory_labels"))
        assert is_archivable(answer.content)
        words = words_of(answer.content)
        assert ("Appareil photo" in words, "Enceinte" in words) == (True, True)
        one = words_of(client.get(at(book, "inventory_labels"), {"bien": items[1].pk}).content)
        assert ("Appareil photo" in one, "Enceinte" in one) == (False, True)

    def test_there_may_be_nothing_to_label(self, client: Client, book: Book) -> None:
        assert words_of(client.get(at(book, "inventory_labels")).content) == "Aucun bien à étiqueter."

    def test_the_square_leads_to_the_page_of_the_good(self, alice: Access, book: Book) -> None:
        item = listed(alice, book)
        data: dict[str, Any] = labels_data(page_of(alice, book), [item])
        expected = square(f"{settings.PUBLIC_URL}{at(book, 'inventory_item', key=item.pk)}")
        assert [label["square"] for label in data["labels"]] == [expected]

    def test_the_dark_runs_of_a_square_stay_within_its_side(self) -> None:
        drawn: dict[str, Any] = square("https://retkoop.example/x")
        assert drawn["runs"][0] == [0, 0, 7]  # the top of the first finder
        assert all(column + length <= drawn["side"] and row < drawn["side"] for column, row, length in drawn["runs"])
