"""The purge of old documents, where the registers hold some of them."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.archive.models import Document
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, Operation
from retkoop.books.retention import OldShelf, old_shelves, purge_documents
from retkoop.books.vouchers import join_document
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import a_book, keeper, note
from tests.registers.registers_at_hand import decided

pytestmark = pytest.mark.django_db

OLD = SchoolYear(2014)
DAY = date(2025, 9, 1)


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice, OLD)


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return note(alice, book, "D1", "2014-11-02", "Appareil photo", -289_00)


@pytest.fixture
def minutes(alice: Access, book: Book, row: Operation) -> Document:
    """Minutes that a deliberation holds, and that prove an operation."""
    document = receive(alice, book, operation=row.pk)
    decided(alice, book, date=date(2014, 11, 7), minutes_id=document.pk)
    return document


def purge(alice: Access) -> int:
    return purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=DAY)


def proof_of(row: Operation) -> tuple[str, list[int]]:
    fresh = Operation.objects.get(pk=row.pk)
    return fresh.proof, [voucher.document_id for voucher in fresh.vouchers.all()]


def test_a_document_that_a_register_keeps_still_proves_its_operation(alice: Access, row: Operation, minutes: Document) -> None:
    told = AuditEvent.objects.count()
    assert (old_shelves(DAY), purge(alice)) == ([], 0)
    assert (proof_of(row), AuditEvent.objects.count()) == (("joined", [minutes.pk]), told)


def test_what_no_register_holds_goes_from_beside_it(alice: Access, book: Book, row: Operation, minutes: Document) -> None:
    invoice = receive(alice, book, picture_bytes())
    join_document(access=alice, book=book, document=invoice.pk, operation=row.pk)
    other = note(alice, book, "D2", "2014-11-03", "Pellicules", -12_00)
    join_document(access=alice, book=book, document=invoice.pk, operation=other.pk)
    assert (old_shelves(DAY), purge(alice)) == ([OldShelf("0910000A", OLD, 1)], 1)
    assert (proof_of(row), proof_of(other)) == (("joined", [minutes.pk]), ("purged", []))
    assert (list(Document.objects.all()), old_shelves(DAY), list(faults())) == ([minutes], [], [])
