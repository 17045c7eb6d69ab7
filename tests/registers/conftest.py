from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book, Operation
from retkoop.network.access import Access
from tests.books.coops import a_book, client_of, keeper, note


@pytest.fixture
def alice(db: None) -> Access:
    """Alice before her coop."""
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)


@pytest.fixture
def purchase(alice: Access, book: Book) -> Operation:
    """D1: a camera of 289 € on account 680."""
    return note(alice, book, "D1", "2025-10-03", "Appareil photo", -289_00, 0, ("68000008", 289_00))


@pytest.fixture
def grant(alice: Access, book: Book) -> Operation:
    """R1: 300 € of the town hall on account 741."""
    return note(alice, book, "R1", "2025-11-10", "Subvention, projet musée", 300_00, 0, ("74100008", 300_00))


@pytest.fixture
def outing(alice: Access, book: Book) -> Operation:
    """D2: 184,50 € on account 618."""
    return note(alice, book, "D2", "2026-01-14", "Entrées au musée", -184_50)
