"""The verbs of evidence: what proves an operation, and what the book keeps of it."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, Operation, Proof, Voucher
from retkoop.books.services import delete_operation, restore_operation
from retkoop.books.vouchers import (
    DescribedMeanwhile,
    describe,
    join_document,
    part_document,
    remove_document,
    restore_document,
    say_all_on_paper,
    say_proof,
)
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from tests.archive.sent import pdf_bytes, picture_bytes, receive
from tests.books.coops import FORMER, a_book, keeper, note, open_with
from tests.cast import CHARLIE

pytestmark = pytest.mark.django_db

WHERE = "Dites où se trouve le papier : « classeur bleu, pièce 12 » par exemple."
GONE = "Cette opération a été supprimée entre-temps."


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return note(alice, book, "D1", "2025-11-14", "Car", -184_50)


def proven(row: Operation) -> tuple[str, str, list[int]]:
    """Return how an operation is proven: in what way, where its paper is, by which documents."""
    fresh = Operation.objects.get(pk=row.pk)
    return fresh.proof, fresh.proof_place, list(fresh.vouchers.values_list("document", flat=True))


def unproven(book: Book) -> int:
    return Book.objects.get(pk=book.pk).unproven_count


def actions(row: Operation) -> list[str]:
    events = AuditEvent.objects.filter(subject=row.subject).order_by("sequence")
    return [action for action in events.values_list("action", flat=True) if action != "operation.recorded"]


class TestDocuments:
    def test_a_file_proves_an_operation_in_one_go(self, alice: Access, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        assert (proven(row), unproven(book), actions(row)) == (("joined", "", [document.pk]), 0, ["operation.proven"])

    def test_the_version_stays_so_that_an_edit_under_way_is_still_good(self, alice: Access, book: Book, row: Operation) -> None:
        receive(alice, book, operation=row.pk)
        assert Operation.objects.get(pk=row.pk).version == row.version

    def test_sent_again_it_is_joined_once(self, alice: Access, book: Book, row: Operation) -> None:
        first, again = receive(alice, book, operation=row.pk), receive(alice, book, operation=row.pk)
        assert (again.pk, Voucher.objects.count(), actions(row)) == (first.pk, 1, ["operation.proven"])

    def test_several_prove_one_and_one_proves_several(self, alice: Access, book: Book, row: Operation) -> None:
        other = note(alice, book, "D2", "2025-11-15", "Péage", -12_00)
        invoice, ticket = receive(alice, book, operation=row.pk), receive(alice, book, picture_bytes(), operation=row.pk)
        join_document(access=alice, book=book, document=invoice.pk, operation=other.pk)
        assert (proven(row)[2], proven(other)[2], unproven(book)) == ([invoice.pk, ticket.pk], [invoice.pk], 0)

    def test_taken_off_it_stays_among_the_documents(self, alice: Access, book: Book, row: Operation) -> None:
        invoice, ticket = receive(alice, book, operation=row.pk), receive(alice, book, picture_bytes(), operation=row.pk)
        part_document(access=alice, book=book, document=invoice.pk, operation=row.pk)
        assert (proven(row), unproven(book)) == (("joined", "", [ticket.pk]), 0)
        part_document(access=alice, book=book, document=ticket.pk, operation=row.pk)
        assert (proven(row), unproven(book), Document.objects.count()) == (("", "", []), 1, 2)

    def test_taken_off_twice_is_taken_off_once(self, alice: Access, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        for _ in range(2):
            part_document(access=alice, book=book, document=document.pk, operation=row.pk)
        assert actions(row) == ["operation.proven", "operation.unproven"]

    def test_it_goes_and_comes_back_with_its_operation(self, alice: Access, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        delete_operation(access=alice, book=book, key=row.pk, version=row.version)
        assert (Voucher.objects.count(), unproven(book)) == (0, 0)
        restore_operation(access=alice, book=book, key=row.pk)
        assert (proven(row), unproven(book)) == (("joined", "", [document.pk]), 0)

    def test_a_paper_that_is_scanned_after_all_is_joined(self, alice: Access, book: Book, row: Operation) -> None:
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.PAPER, place="Classeur")
        document = receive(alice, book, operation=row.pk)
        assert proven(row) == ("joined", "", [document.pk])

    def test_an_operation_that_is_gone_keeps_nothing(self, alice: Access, book: Book, row: Operation) -> None:
        delete_operation(access=alice, book=book, key=row.pk, version=row.version)
        with pytest.raises(Refused) as refusal:
            receive(alice, book, operation=row.pk)
        assert (str(refusal.value), Document.objects.count()) == (GONE, 0)

    def test_documents_of_others_prove_nothing_here(self, alice: Access, book: Book, row: Operation) -> None:
        charlie = keeper(CHARLIE)
        strange = [receive(charlie, a_book(charlie)), receive(alice, a_book(alice, FORMER), picture_bytes())]
        for document in strange:
            with pytest.raises(Refused, match=r"^Ce document a été retiré entre-temps\.$"):
                join_document(access=alice, book=book, document=document.pk, operation=row.pk)
        assert proven(row) == ("", "", [])


class TestSayings:
    def test_on_paper_with_its_place(self, alice: Access, book: Book, row: Operation) -> None:
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.PAPER, place=" Classeur bleu ")
        assert (proven(row), unproven(book), actions(row)) == (("paper", "Classeur bleu", []), 0, ["operation.on_paper"])

    @pytest.mark.parametrize("place", ["", "  "])
    def test_a_paper_is_somewhere(self, alice: Access, book: Book, row: Operation, place: str) -> None:
        with pytest.raises(Refused) as refusal:
            say_proof(access=alice, book=book, operation=row.pk, proof=Proof.PAPER, place=place)
        assert (str(refusal.value), unproven(book)) == (WHERE, 1)

    def test_lost_then_found(self, alice: Access, book: Book, row: Operation) -> None:
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.LOST, place="nulle part")
        assert (proven(row), unproven(book)) == (("lost", "", []), 0)
        say_proof(access=alice, book=book, operation=row.pk, proof=Proof.MISSING)
        assert (proven(row), unproven(book)) == (("", "", []), 1)
        assert actions(row) == ["operation.voucher_lost", "operation.unproven"]

    def test_said_twice_it_is_told_once(self, alice: Access, book: Book, row: Operation) -> None:
        for _ in range(2):
            say_proof(access=alice, book=book, operation=row.pk, proof=Proof.PAPER, place="Classeur")
        assert actions(row) == ["operation.on_paper"]

    def test_what_is_joined_is_not_lost(self, alice: Access, book: Book, row: Operation) -> None:
        receive(alice, book, operation=row.pk)
        with pytest.raises(Refused, match=r"^Un justificatif est déjà joint à cette opération\.$"):
            say_proof(access=alice, book=book, operation=row.pk, proof=Proof.LOST)

    def test_all_that_remain_are_on_paper(self, alice: Access, book: Book, row: Operation) -> None:
        open_with(alice, book, 1000_00)
        others = [note(alice, book, f"D{number}", "2025-11-20", "Cahiers", -number) for number in range(2, 50)]
        say_proof(access=alice, book=book, operation=others[0].pk, proof=Proof.LOST)
        assert say_all_on_paper(access=alice, book=book, place=" Classeur bleu ").operations == 48
        assert (proven(row), proven(others[0]), unproven(book)) == (("paper", "Classeur bleu", []), ("lost", "", []), 0)
        assert say_all_on_paper(access=alice, book=book, place="Ailleurs").operations == 0

    def test_all_that_remain_are_somewhere(self, alice: Access, book: Book, row: Operation) -> None:
        with pytest.raises(Refused) as refusal:
            say_all_on_paper(access=alice, book=book, place=" ")
        assert (str(refusal.value), proven(row)) == (WHERE, ("", "", []))


class TestDescription:
    def test_who_comes_second_is_told(self, alice: Access, book: Book) -> None:
        document = receive(alice, book)
        describe(access=alice, book=book, document=document.pk, version=1, kind=DocumentKind.OTHER, label="Carte", day=None)
        with pytest.raises(DescribedMeanwhile) as meanwhile:
            describe(access=alice, book=book, document=document.pk, version=1, kind=DocumentKind.VOUCHER, label="Car", day=None)
        assert meanwhile.value.current is not None
        assert meanwhile.value.current.label == "Carte"

    def test_what_is_gone_is_told(self, alice: Access, book: Book) -> None:
        document = receive(alice, book)
        remove_document(access=alice, book=book, document=document.pk)
        with pytest.raises(DescribedMeanwhile) as meanwhile:
            describe(access=alice, book=book, document=document.pk, version=1, kind=DocumentKind.OTHER, label="x", day=None)
        assert meanwhile.value.current is None

    def test_the_book_knows_its_latest_statement(self, alice: Access, book: Book) -> None:
        def known() -> date | None:
            return Book.objects.get(pk=book.pk).statement_document

        july = receive(alice, book, pdf_bytes("Juillet"), kind=DocumentKind.STATEMENT, day=date(2026, 7, 31))
        august = receive(alice, book, pdf_bytes("Août"), kind=DocumentKind.STATEMENT)
        assert known() == date(2026, 7, 31)
        describe(access=alice, book=book, document=august.pk, version=1, kind=DocumentKind.STATEMENT, label="Août", day=date(2026, 8, 31))
        assert known() == date(2026, 8, 31)
        remove_document(access=alice, book=book, document=august.pk)
        assert known() == date(2026, 7, 31)
        restore_document(access=alice, book=book, document=august.pk)
        assert known() == date(2026, 8, 31)
        describe(access=alice, book=book, document=july.pk, version=1, kind=DocumentKind.OTHER, label="Juillet", day=None)
        assert known() == date(2026, 8, 31)


class TestRemoval:
    def test_what_proves_something_stays(self, alice: Access, book: Book, row: Operation) -> None:
        document = receive(alice, book, operation=row.pk)
        with pytest.raises(Refused, match=r"^Ce document justifie une opération : retirez-le d’abord de l’opération\.$"):
            remove_document(access=alice, book=book, document=document.pk)
        assert Document.objects.count() == 1

    def test_the_same_file_sent_since_has_taken_its_place(self, alice: Access, book: Book) -> None:
        document = receive(alice, book)
        remove_document(access=alice, book=book, document=document.pk)
        receive(alice, book)
        with pytest.raises(Refused, match=r"^Le même fichier a été déposé de nouveau depuis : il est dans les documents\.$"):
            restore_document(access=alice, book=book, document=document.pk)

    @pytest.mark.parametrize("key", ["of nobody", "of another year", "still there"])
    def test_what_was_not_removed_here_does_not_come_back(self, alice: Access, book: Book, key: str) -> None:
        document = receive(alice, a_book(alice, FORMER) if key == "of another year" else book)
        if key == "of another year":
            remove_document(access=alice, book=a_book_of(document), document=document.pk)
        number = 10**6 if key == "of nobody" else document.pk
        with pytest.raises(Refused, match=r"^Ce document ne peut plus être rétabli\.$"):
            restore_document(access=alice, book=book, document=number)


def a_book_of(document: Document) -> Book:
    return Book.objects.select_related("coop__association").get(coop=document.coop, start=document.start)
