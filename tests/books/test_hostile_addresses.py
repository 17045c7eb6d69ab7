"""What nobody's browser sends, but a curious one may: an address is answered, never with a failure of ours."""

from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, at, client_of, keeper, note

pytestmark = pytest.mark.django_db

BEYOND = str(2**63)
ENDLESS = "9" * 5000
"""Python refuses to read so many digits."""
ARABIC = "٣"
"""A digit, and no key."""
NO_KEYS = [BEYOND, ENDLESS, ARABIC, "\x00", "-1", ""]


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize(("name", "question"), [("cahier", "supprimee"), ("opening", "supprime"), ("cash", "supprime")])
def test_what_was_removed_is_nothing(client: Client, book: Book, name: str, question: str, key: str) -> None:
    assert client.get(at(book, name), {question: key}).status_code == 200


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "0000-00", ENDLESS])
def test_no_month_of_a_book(client: Client, book: Book, month: str) -> None:
    assert client.get(at(book, "cahier"), {"mois": month}).status_code == 200


@pytest.mark.parametrize("typed", [" ".join(f"m{number}" for number in range(1_500)), "ﷺ" * 600, ENDLESS])
@pytest.mark.parametrize("name", ["cahier", "print_cahier"])
def test_a_search_without_end(client: Client, book: Book, name: str, typed: str) -> None:
    answer = client.get(at(book, name), {"q": typed})
    assert (answer.status_code, b"".join(answer) != b"") == (200, True)


@pytest.mark.parametrize("name", ["redraw_edited", "check_edited"])
def test_no_operation_is_edited(client: Client, book: Book, name: str) -> None:
    assert client.post(at(book, name, key=BEYOND), {"nature": "depense"}).status_code == 404


@pytest.mark.parametrize("version", NO_KEYS)
def test_a_version_that_never_was_deletes_nothing(alice: Access, client: Client, book: Book, version: str) -> None:
    row = note(alice, book, "D1", "2025-11-14", "Cahiers", -12_50)
    assert client.post(at(book, "delete_operation", key=row.pk), {"version": version}).status_code == 302
    assert list(book.operations.values_list("pk", "version")) == [(row.pk, 1)]
