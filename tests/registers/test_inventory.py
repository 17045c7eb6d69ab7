"""The verbs of the inventory, and what the checks say after each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.models import Book, Operation
from retkoop.books.queries import operation_of, operations_of, registers_of
from retkoop.books.services import delete_operation, edit_operation, restore_operation
from retkoop.books.writable import Refused
from retkoop.domain.entry import Moves, Part
from retkoop.domain.registers import DurablePurchase
from retkoop.network.access import Access
from retkoop.registers.models import InventoryItem
from retkoop.registers.services import ChangedMeanwhile, edit_item, record_item, remove_item, restore_item
from tests.books.coops import FORMER, a_book, note
from tests.registers.registers_at_hand import camera, found, listed

MISSING = [("bien-non-inventorie", "D1")]


def seal(book: Book) -> None:
    Book.objects.filter(pk=book.pk).update(sealed_at=timezone.now())


def test_a_purchase_asks_for_its_line_until_it_is_there(alice: Access, book: Book, purchase: Operation) -> None:
    assert found(book) == MISSING
    assert registers_of(book).purchases == (DurablePurchase(purchase.pk, "D1", "Appareil photo", 289_00, 0),)
    item = listed(alice, book, purchase)
    assert found(book) == []
    assert (item.operation_id, item.value, item.place, item.version) == (purchase.pk, 289_00, "Armoire bleue", 1)
    assert registers_of(book).purchases == (DurablePurchase(purchase.pk, "D1", "Appareil photo", 289_00, 289_00),)


def test_a_part_of_a_purchase_is_not_all_of_it(alice: Access, book: Book, purchase: Operation) -> None:
    listed(alice, book, purchase, value=200_00)
    assert found(book) == MISSING
    listed(alice, book, purchase, label="Trépied", value=89_00)
    assert found(book) == []


def test_a_resend_makes_one_good(alice: Access, book: Book) -> None:
    submission = uuid.uuid4()
    item = record_item(access=alice, book=book, facts=camera(), submission=submission)
    with pytest.raises(AlreadySubmitted) as already:
        record_item(access=alice, book=book, facts=camera(), submission=submission)
    assert already.value.subject == item.subject
    assert InventoryItem.objects.count() == 1


def test_the_operation_changes_and_the_check_follows(alice: Access, book: Book, purchase: Operation) -> None:
    listed(alice, book, purchase)
    [value] = operations_of(book)
    dearer = replace(value, moves=Moves(bank=-310_00), parts=(Part("68000008", 310_00),))
    edit_operation(access=alice, book=book, key=purchase.pk, version=1, operation=dearer)
    assert found(book) == MISSING


def test_an_operation_that_goes_and_comes_back_finds_its_good_again(alice: Access, book: Book, purchase: Operation) -> None:
    item = listed(alice, book, purchase)
    delete_operation(access=alice, book=book, key=purchase.pk, version=1)
    assert (InventoryItem.objects.get().operation_id, found(book), list(faults())) == (purchase.pk, [], [])
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(place="Grenier"))
    restore_operation(access=alice, book=book, key=purchase.pk)
    assert (operation_of(book, purchase.pk), found(book), list(faults())) == (purchase, [], [])


def test_a_good_leaves_in_some_way(alice: Access, book: Book) -> None:
    item = listed(alice, book)
    gone = camera(disposed_on=date(2026, 3, 2), disposal="broken", note="Tombé")
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=gone)
    row = InventoryItem.objects.get()
    assert (row.disposed_on, row.get_disposal_display(), row.note, row.version) == (date(2026, 3, 2), "Cassé", "Tombé", 2)


def test_what_someone_else_changed_is_told(alice: Access, book: Book) -> None:
    item = listed(alice, book)
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(place="Grenier"))
    with pytest.raises(ChangedMeanwhile) as changed:
        edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(place="Cave"))
    assert (changed.value.current, InventoryItem.objects.get().place) == (item, "Grenier")


def test_what_someone_else_removed_is_told(alice: Access, book: Book) -> None:
    item = listed(alice, book)
    remove_item(access=alice, book=book, key=item.pk)
    with pytest.raises(ChangedMeanwhile) as changed:
        edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera())
    assert changed.value.current is None


def test_the_same_facts_change_nothing(alice: Access, book: Book) -> None:
    item = listed(alice, book)
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera())
    assert (InventoryItem.objects.get().version, AuditEvent.objects.filter(action="item.edited").count()) == (1, 0)


def test_a_removed_good_can_be_brought_back(alice: Access, book: Book, purchase: Operation) -> None:
    item = listed(alice, book, purchase)
    remove_item(access=alice, book=book, key=item.pk)
    remove_item(access=alice, book=book, key=item.pk)
    assert (InventoryItem.objects.count(), found(book)) == (0, MISSING)
    back = restore_item(access=alice, book=book, key=item.pk)
    assert (back.pk, back.operation_id, back.label, back.version) == (item.pk, purchase.pk, "Appareil photo", 2)
    assert (found(book), list(faults())) == ([], [])
    with pytest.raises(Refused, match=r"^Cette ligne ne peut plus être rétablie\.$"):
        restore_item(access=alice, book=book, key=item.pk)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"bought_on": date(2026, 9, 1)},
            "Le 1er septembre 2026 vient après l’année scolaire 2025-2026\u202f: notez-le depuis l’inventaire de son année.",
        ),
        (
            {"disposed_on": date(2026, 9, 2), "disposal": "sold"},
            "Le 2 septembre 2026 vient après l’année scolaire 2025-2026\u202f: notez-le depuis l’inventaire de son année.",
        ),
        (
            {"disposed_on": date(2025, 10, 2), "disposal": "sold"},
            "Ce bien ne peut pas sortir avant d’être acheté\u202f: vérifiez les dates.",
        ),
        ({"photo_id": 999}, "Ce document a été retiré entre-temps\u202f: choisissez-en un autre."),
    ],
)
def test_what_cannot_be_is_refused(alice: Access, book: Book, facts: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused) as refusal:
        listed(alice, book, **facts)
    assert (str(refusal.value), InventoryItem.objects.count()) == (why, 0)


def test_an_operation_that_is_gone_buys_nothing(alice: Access, book: Book) -> None:
    with pytest.raises(Refused, match=r"^Cette opération a été supprimée entre-temps\.$"):
        record_item(access=alice, book=book, facts=camera(), operation=999, submission=uuid.uuid4())


class TestSealedYears:
    """A good of a sealed year may be moved and leave; what that year said of it stays."""

    SEALED = r"^Les comptes de 2024-2025 sont validés et scellés : corrigez par une opération de l’année suivante\.$"

    @pytest.fixture
    def old(self, alice: Access, book: Book) -> InventoryItem:
        former = a_book(alice, FORMER)
        item = listed(alice, former, bought_on=date(2025, 3, 1))
        seal(former)
        return item

    def test_it_may_be_moved_and_leave(self, alice: Access, book: Book, old: InventoryItem) -> None:
        facts = camera(bought_on=date(2025, 3, 1), place="Grenier", disposed_on=date(2026, 1, 5), disposal="given")
        edit_item(access=alice, book=book, key=old.pk, version=1, facts=facts)
        assert InventoryItem.objects.get().place == "Grenier"

    @pytest.mark.parametrize(
        "facts",
        [{"value": 1_00}, {"label": "Autre"}, {"disposed_on": date(2025, 6, 1), "disposal": "sold"}, {"bought_on": date(2025, 3, 2)}],
    )
    def test_what_the_year_said_stays(self, alice: Access, book: Book, old: InventoryItem, facts: dict[str, Any]) -> None:
        changed = camera(**{"bought_on": date(2025, 3, 1), **facts})
        with pytest.raises(Refused, match=self.SEALED):
            edit_item(access=alice, book=book, key=old.pk, version=1, facts=changed)
        with pytest.raises(Refused, match=self.SEALED):
            remove_item(access=alice, book=book, key=old.pk)

    def test_nothing_is_added_to_it(self, alice: Access, book: Book, old: InventoryItem) -> None:
        with pytest.raises(Refused, match=self.SEALED):
            listed(alice, book, bought_on=date(2025, 4, 1))


def test_a_good_of_a_former_year_is_tied_to_its_own_book(alice: Access, book: Book) -> None:
    former = a_book(alice, FORMER)
    row = note(alice, former, "D7", "2025-03-01", "Ordinateur", -600_00, 0, ("68000008", 600_00))
    item = listed(alice, former, row, bought_on=date(2025, 3, 1), value=600_00)
    assert found(former) == []
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(bought_on=date(2025, 3, 1), value=500_00))
    assert found(former) == [("bien-non-inventorie", "D7")]
