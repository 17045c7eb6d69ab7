"""The verbs of documents, inside the transaction of whoever calls them."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.archive import storage
from retkoop.archive.models import Document, DocumentKind, Reading
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.books.vouchers import describe, remove_document, restore_document
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from tests.archive.sent import INVOICE, pdf_bytes, picture_bytes, receive

pytestmark = pytest.mark.django_db


def actions(book: Book) -> list[str]:
    """Return what the trail says of documents, in order."""
    events = AuditEvent.objects.filter(chain=book.coop.chain, action__startswith="document.").order_by("sequence")
    return list(events.values_list("action", flat=True))


def test_a_file_becomes_a_document(alice: Access, book: Book) -> None:
    document = receive(alice, book, name="facture_du car.pdf")
    fresh = Document.objects.get()
    assert (fresh.label, fresh.file_name, fresh.kind) == ("facture du car", "facture_du car.pdf", DocumentKind.VOUCHER)
    assert (fresh.coop_id, fresh.start, fresh.received_by) == (book.coop_id, book.start, alice.user)
    assert (fresh.media_type, fresh.pages, fresh.version, fresh.is_picture) == ("application/pdf", 1, 1, False)
    assert fresh.digest in storage.names()
    assert actions(book) == ["document.received"]
    assert document.pk == fresh.pk


def test_what_is_read_in_it_is_kept_beside(alice: Access, book: Book) -> None:
    document = receive(alice, book)
    assert (document.reading, document.found_amount, document.found_date) == (Reading.LAYER, 184_50, date(2025, 11, 14))
    assert [line in document.text for line in INVOICE] == [True, True, True]
    assert "autocars du hurepoix" in document.words


def test_a_picture_says_nothing_yet(alice: Access, book: Book) -> None:
    document = receive(alice, book, picture_bytes(), name="IMG_2041.png")
    assert (document.reading, document.found_amount, document.words) == (Reading.NONE, None, "img 2041 img 2041 png")


def test_the_same_file_twice_is_one_document(alice: Access, book: Book) -> None:
    first = receive(alice, book, name="facture.pdf")
    again = receive(alice, book, name="facture (1).pdf")
    assert (first.was_there, again.was_there) == (False, True)
    assert (again.pk, again.label, Document.objects.count()) == (first.pk, "facture", 1)
    assert actions(book) == ["document.received", "document.received_again"]
    assert list(faults()) == []


def test_a_voucher_sent_again_as_a_photo_stays_a_voucher(alice: Access, book: Book) -> None:
    receive(alice, book)
    again = receive(alice, book, kind=DocumentKind.PHOTO)
    assert (again.was_there, again.kind) == (True, DocumentKind.VOUCHER)
    assert actions(book) == ["document.received", "document.received_again"]


def test_what_is_said_of_it_the_second_time_is_noted(alice: Access, book: Book) -> None:
    receive(alice, book, name="facture.pdf", day=date(2025, 11, 14))
    again = receive(alice, book, name="facture (1).pdf", kind=DocumentKind.AGREEMENT)
    assert (again.kind, again.date, actions(book)) == (
        DocumentKind.AGREEMENT,
        date(2025, 11, 14),
        ["document.received", "document.described"],
    )


def test_a_content_that_was_lost_is_stored_again_by_the_same_file(alice: Access, book: Book) -> None:
    document = receive(alice, book)
    storage.throw_away(document.digest)
    assert receive(alice, book) == document
    assert document.digest in storage.names()


@pytest.mark.parametrize(
    ("name", "label"),
    [("facture.pdf", "facture"), ("a.b.pdf", "a.b"), ("sans extension", "sans extension"), (".pdf", ".pdf"), ("___.png", "Document")],
)
def test_its_title_is_the_name_of_the_file(alice: Access, book: Book, name: str, label: str) -> None:
    assert receive(alice, book, name=name).label == label


def test_a_title_that_is_given_wins(alice: Access, book: Book) -> None:
    assert receive(alice, book, label="  Facture du car ").label == "Facture du car"


def test_what_is_said_of_it_can_be_corrected(alice: Access, book: Book) -> None:
    document = receive(alice, book, pdf_bytes("Solde"))
    said = {"kind": DocumentKind.STATEMENT, "label": "Relevé d’août", "day": date(2026, 8, 31)}
    describe(access=alice, book=book, document=document.pk, version=1, **said)  # type: ignore[arg-type]  # of three types
    fresh = Document.objects.get()
    assert (fresh.kind, fresh.label, fresh.date, fresh.version) == ("statement", "Relevé d’août", date(2026, 8, 31), 2)
    assert "releve d aout" in fresh.words


def test_it_goes_and_comes_back_as_it_was(alice: Access, book: Book) -> None:
    document = receive(alice, book, label="Facture du car")
    before = Document.objects.values("label", "digest", "file_name", "received_at", "kind").get()
    remove_document(access=alice, book=book, document=document.pk)
    assert Document.objects.count() == 0
    back = restore_document(access=alice, book=book, document=document.pk)
    assert (back.pk, back.version) == (document.pk, 2)
    assert Document.objects.values("label", "digest", "file_name", "received_at", "kind").get() == before
    assert actions(book) == ["document.received", "document.removed", "document.restored"]
