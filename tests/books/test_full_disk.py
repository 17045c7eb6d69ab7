"""A disk that is full: whatever is sent is answered in words, nothing of it is kept, and what was there is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from retkoop.books.models import Book, Operation
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from tests.books.coops import a_book, at, client_of, keeper
from tests.books.lines import MUSEE, filled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.only_on("sqlite")]


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def full(book: Book) -> Iterator[None]:
    """SQLite may not grow by a single page, and has none to spare: other tests leave some."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_told_and_nothing_is_half_done(alice: Access, book: Book, full: None, *, htmx: bool) -> None:
    client = client_of(alice)
    client.raise_request_exception = False
    lines = [{**MUSEE, "piece": f"D{number}", "date": f"{number:02d}/11/2025", "label": "Entrées " * 20} for number in range(1, 30)]
    forms = [filled(client, book, **line) for line in lines]
    headers = {"HX-Request": "true"} if htmx else {}
    answers = [client.post(at(book, "cahier"), form, headers=headers) for form in forms]
    refused = [answer for answer in answers if answer.status_code == 507]
    assert {answer.status_code for answer in answers} <= {200, 302, 507}
    assert refused
    assert "Il n’y a plus de place sur le serveur" in refused[0].content.decode() or htmx
    assert "Rien de ce que vous venez d’envoyer n’a été enregistré." in refused[0].content.decode()
    assert Operation.objects.filter(book=book).count() == len(answers) - len(refused)
    assert list(faults()) == []
