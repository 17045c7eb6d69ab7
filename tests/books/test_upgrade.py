from __future__ import annotations

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import AccountTotal, Book, KeptFinding, KeptWith, Operation
from retkoop.books.upgrade import follow_the_rules, is_up_to_date, make_again, rules_digest
from retkoop.books.values import with_lines
from retkoop.network.access import open_coop
from retkoop.network.services import change_setting
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from tests.books.coops import a_book, keeper, note, open_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    alice = keeper()
    book = a_book(alice)
    open_with(alice, book, 100_00, 20_00)
    note(alice, book, "D1", "2025-11-02", "Divers", -50_00)
    return book


def kept() -> list[tuple[object, ...]]:
    columns = ("code", "rank", "message", "operation_id", "since", "until")
    return [
        *KeptFinding.objects.order_by("rank", "pk").values_list(*columns),
        *AccountTotal.objects.values_list("account", "debit", "credit"),
    ]


def test_a_new_installation_is_up_to_date(book: Book) -> None:
    assert (is_up_to_date(), follow_the_rules()) == (True, 0)
    assert list(KeptWith.objects.values_list("digest", flat=True)) == [rules_digest()]


def test_cheques_are_read_again_and_the_trail_is_told(book: Book) -> None:
    """An older version took `n° 2000101` for no number."""
    row = note(
        open_coop(User.objects.get(username=book.coop.rne), book.coop.rne), book, "D2", "2025-11-03", "Car", -50_00, cheque="n° 2000101"
    )
    before = with_lines(Operation.objects.filter(pk=row.pk)).get().snapshot()
    Operation.objects.filter(pk=row.pk).update(cheque_number=None)
    with writing(book.coop.chain, SYSTEM) as trail:
        trail.changed(with_lines(Operation.objects.filter(pk=row.pk)).get(), before, action="operation.edited")
    KeptWith.objects.update(digest="older")
    assert (follow_the_rules(), Operation.objects.get(pk=row.pk).cheque_number) == (1, 2000101)
    assert AuditEvent.objects.filter(action="operation.cheque_read").count() == 1
    assert list(faults()) == []


def test_what_older_rules_kept_is_made_again(book: Book) -> None:
    right = kept()
    KeptWith.objects.update(digest="older")
    KeptFinding.objects.update(rank=1, message="Ce que disait une ancienne version.")
    AccountTotal.objects.all().delete()
    Book.objects.update(unproven_count=0, last_bank_move=None)
    assert (is_up_to_date(), follow_the_rules(), is_up_to_date()) == (False, 1, True)
    assert kept() == right
    assert list(faults()) == []


def test_a_book_that_is_made_again_follows_the_rules_of_its_association(book: Book) -> None:
    """20 € in the caisse are too much where the AD says so."""
    before = kept()
    change_setting(author=SYSTEM, association=book.coop.association, from_year=book.start, name="cash_ceiling", value=10_00)
    make_again(key=book.pk)
    assert (kept() == before, list(faults())) == (False, [])
