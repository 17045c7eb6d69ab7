from __future__ import annotations

import pytest

from retkoop.books.models import AccountTotal, Book, KeptFinding, KeptWith
from retkoop.books.upgrade import follow_the_rules, is_up_to_date, rules_digest
from retkoop.upkeep.verification import faults
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


def test_what_older_rules_kept_is_made_again(book: Book) -> None:
    right = kept()
    KeptWith.objects.update(digest="older")
    KeptFinding.objects.update(rank=1, message="Ce que disait une ancienne version.")
    AccountTotal.objects.all().delete()
    Book.objects.update(unproven_count=0, last_bank_move=None)
    assert (is_up_to_date(), follow_the_rules(), is_up_to_date()) == (False, 1, True)
    assert kept() == right
    assert list(faults()) == []
