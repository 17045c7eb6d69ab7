"""Documents that a register holds, and sealed years: what stays so."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.queries import faults
from retkoop.books.models import Book, Operation
from retkoop.books.vouchers import remove_document
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.registers.deliberations import deliberation_of, operations_of_pieces
from retkoop.registers.models import Deliberation, InventoryItem, Subsidy
from retkoop.registers.services import (
    edit_deliberation,
    edit_subsidy,
    record_deliberation,
    remove_deliberation,
    remove_item,
    remove_subsidy,
    restore_deliberation,
    restore_item,
    tell_spendings,
)
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import a_book, keeper, note
from tests.cast import CHARLIE
from tests.registers.registers_at_hand import council, decided, listed, museum, tabled

HELD = r"^Ce document est dans un registre \(délibération, inventaire ou subvention\)"
SEALED = r"^Les comptes de 2025-2026 sont validés et scellés"


@pytest.fixture
def photo(alice: Access, book: Book) -> Document:
    return receive(alice, book, picture_bytes("red"), name="photo.png", kind=DocumentKind.PHOTO)


def test_a_document_that_a_register_holds_stays(alice: Access, book: Book, grant: Operation, photo: Document) -> None:
    item = listed(alice, book, photo_id=photo.pk)
    with pytest.raises(Refused, match=HELD):
        remove_document(access=alice, book=book, document=photo.pk)
    remove_item(access=alice, book=book, key=item.pk)
    line = tabled(alice, book, grant, notification_id=photo.pk)
    with pytest.raises(Refused, match=HELD):
        remove_document(access=alice, book=book, document=photo.pk)
    remove_subsidy(access=alice, book=book, key=line.pk)
    decided(alice, book, minutes_id=photo.pk)
    with pytest.raises(Refused, match=HELD):
        remove_document(access=alice, book=book, document=photo.pk)


def test_a_good_comes_back_without_a_photo_that_is_gone(alice: Access, book: Book, photo: Document) -> None:
    item = listed(alice, book, photo_id=photo.pk)
    remove_item(access=alice, book=book, key=item.pk)
    remove_document(access=alice, book=book, document=photo.pk)
    restore_item(access=alice, book=book, key=item.pk)
    assert (InventoryItem.objects.get().photo_id, list(faults())) == (None, [])


def test_a_document_of_another_coop_is_no_document(alice: Access, book: Book) -> None:
    charlie = keeper(CHARLIE)
    theirs = receive(charlie, a_book(charlie), picture_bytes("blue"), name="leur.png")
    for key in (theirs.pk, 999):
        with pytest.raises(Refused, match=r"^Ce document a été retiré entre-temps"):
            listed(alice, book, photo_id=key)


def test_a_sealed_year_is_written_no_more(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line, row = tabled(alice, book, grant), decided(alice, book)
    Book.objects.filter(pk=book.pk).update(sealed_at=timezone.now())
    verbs: list[tuple[Any, dict[str, Any]]] = [
        (edit_subsidy, {"key": line.pk, "version": 1, "facts": museum(body="Ville")}),
        (tell_spendings, {"key": line.pk, "version": 1, "spendings": {outing.pk: 1_00}}),
        (remove_subsidy, {"key": line.pk}),
        (edit_deliberation, {"key": row.pk, "version": 1, "facts": council(decisions="Non.")}),
        (remove_deliberation, {"key": row.pk}),
        (record_deliberation, {"facts": council(), "submission": None}),
    ]
    for verb, given in verbs:
        with pytest.raises(Refused, match=SEALED):
            verb(access=alice, book=book, **given)
    assert (Subsidy.objects.get().version, Deliberation.objects.get().version) == (1, 1)


class TestDeliberations:
    def test_one_is_corrected_removed_and_brought_back(self, alice: Access, book: Book, outing: Operation) -> None:
        row = decided(alice, book, operations=(outing.pk,), projects=("Musée",))
        edit_deliberation(access=alice, book=book, key=row.pk, version=1, facts=council(operations=(outing.pk,), projects=()))
        remove_deliberation(access=alice, book=book, key=row.pk)
        remove_deliberation(access=alice, book=book, key=row.pk)
        back = restore_deliberation(access=alice, book=book, key=row.pk)
        assert (back.pk, back.operations, back.projects, back.version, list(faults())) == (row.pk, [outing.pk], [], 3, [])
        with pytest.raises(Refused, match=r"^Cette ligne ne peut plus être rétablie\.$"):
            restore_deliberation(access=alice, book=book, key=row.pk)

    def test_operations_are_named_by_their_pieces(self, alice: Access, book: Book, outing: Operation) -> None:
        silent = note(alice, book, "", "2026-02-01", "Livres", -60_00)
        found = operations_of_pieces(book, ["d02", "D99"])
        assert (found.operations, found.unknown) == ([outing.pk], ["D99"])
        kept = deliberation_of(book, decided(alice, book, operations=(outing.pk, silent.pk)).pk)
        assert operations_of_pieces(book, [], kept).operations == [silent.pk]
