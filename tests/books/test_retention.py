from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from retkoop.archive import storage
from retkoop.archive.models import Document
from retkoop.archive.queries import removed_documents
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, Operation
from retkoop.books.retention import OldShelf, old_shelves, purge_documents
from retkoop.books.vouchers import remove_document, restore_document
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.upkeep.evidence import sweep
from retkoop.upkeep.verification import faults
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import a_book, at, client_of, keeper, note, said
from tests.books.test_import_book import run_command
from tests.pages import posts

pytestmark = pytest.mark.django_db

OLD = SchoolYear(2014)
LAST_DAY = date(2025, 8, 31)


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """A year of long ago with two documents, one of which proves an operation."""
    book = a_book(alice, OLD)
    row = note(alice, book, "D1", "2014-11-02", "Entrées au musée", -50_00)
    receive(alice, book, operation=row.pk)
    receive(alice, book, picture_bytes())
    return book


def test_nothing_is_proposed_before_ten_years_are_over(alice: Access, book: Book) -> None:
    assert old_shelves(LAST_DAY) == []
    with pytest.raises(Refused, match=r"^Les documents de 2014-2015 se gardent jusqu’au 31\xa0août 2025[.]$"):
        purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=LAST_DAY)
    assert Document.objects.count() == 2


def test_then_it_is_and_the_trail_tells_what_is_destroyed(alice: Access, book: Book) -> None:
    day = date(2025, 9, 1)
    assert old_shelves(day) == [OldShelf("0910000A", OLD, 2)]
    assert purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=day) == 2
    row = Operation.objects.get(piece="D1")
    assert (Document.objects.count(), row.proof, row.vouchers.count()) == (0, "purged", 0)
    assert (old_shelves(day), Book.objects.get(pk=book.pk).unproven_count) == ([], 0)
    assert list(faults()) == []


def test_what_is_destroyed_does_not_come_back_and_its_content_goes(alice: Access, book: Book) -> None:
    document = Document.objects.order_by("pk")[0]
    purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=date(2025, 9, 1))
    with pytest.raises(Refused, match=r"^Ce document ne peut plus être rétabli\.$"):
        restore_document(access=alice, book=book, document=document.pk)
    assert not is_stored_after_a_night(document)


def is_stored_after_a_night(document: Document) -> bool:
    place = Path(storage.shelf().path(storage.place_of(document.digest)))
    os.utime(place, (0, 0))
    sweep()
    return place.exists()


def test_what_was_removed_is_proposed_and_goes_with_the_rest(alice: Access, book: Book) -> None:
    day, document = date(2025, 9, 1), loose()
    remove_document(access=alice, book=book, document=document.pk)
    assert old_shelves(day) == [OldShelf("0910000A", OLD, 2)]
    assert is_stored_after_a_night(document)
    assert purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=day) == 2
    assert (old_shelves(day), is_stored_after_a_night(document), list(faults())) == ([], False, [])
    with pytest.raises(Refused, match=r"^Ce document ne peut plus être rétabli\.$"):
        restore_document(access=alice, book=book, document=document.pk)


def test_what_was_removed_in_a_year_that_is_kept_is_not_proposed(alice: Access, book: Book) -> None:
    recent = a_book(alice)
    remove_document(access=alice, book=recent, document=receive(alice, recent, picture_bytes("red")).pk)
    assert old_shelves(date(2025, 9, 1)) == [OldShelf("0910000A", OLD, 2)]
    assert purge_documents(author=SYSTEM, coop=alice.coop, year=OLD, day=date(2025, 9, 1)) == 2
    assert removed_documents().count() == 1


def test_what_was_removed_comes_back_no_more_once_the_ten_years_are_over(alice: Access, book: Book) -> None:
    document = loose()
    remove_document(access=alice, book=book, document=document.pk)
    sentence = "Les documents de 2014-2015 se gardaient jusqu’au 31\xa0août 2025\u202f: celui-ci ne peut plus être rétabli."
    with pytest.raises(Refused) as refused:
        restore_document(access=alice, book=book, document=document.pk)
    assert (str(refused.value), Document.objects.count()) == (sentence, 1)


def test_what_will_not_come_back_is_not_offered_back(alice: Access, book: Book) -> None:
    client, key = client_of(alice), loose().pk
    shown, later = (said(client.get(at(one, "document", key=one_key))) for one, one_key in ((book, key), recent(alice)))
    warning = "Les dix ans de ce document sont passés : une fois supprimé, il ne reviendra pas."
    assert (warning in shown, warning in later) == (True, False)
    answer = client.post(at(book, "remove_document", key=key), follow=True)
    assert "Le document est supprimé." in answer.content.decode()
    assert at(book, "restore_document", key=key) not in posts(answer)


def recent(alice: Access) -> tuple[Book, int]:
    """Return a book of this year, and a document of it."""
    book = a_book(alice)
    return book, receive(alice, book).pk


def loose() -> Document:
    """Return the document that proves nothing."""
    return Document.objects.get(vouchers=None)


def test_the_command_proposes_then_does(alice: Access, book: Book) -> None:
    assert run_command("purge") == (0, "0910000A 2014-2015 : 2 documents\n", "")
    status, out, err = run_command("purge", "--coop", "0910000A", "--year", "2014-2015")
    assert (status, out, err) == (0, "Détruits dans 2014-2015 de École Jean-Jaurès (0910000A) : 2 documents.\n", "")
    assert run_command("purge") == (0, "Aucun document n’a plus de dix ans.\n", "")


@pytest.mark.usefixtures("book")
def test_the_command_refuses() -> None:
    assert run_command("purge", "--coop", "0910000A") == (1, "", "--coop et --year vont ensemble.\n")
    assert run_command("purge", "--coop", "0910000A", "--year", "2014") == (
        1,
        "",
        "«\u202f2014\u202f» n’est pas une année scolaire. Écrivez par exemple 2025-2026.\n",
    )
