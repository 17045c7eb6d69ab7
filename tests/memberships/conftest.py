from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, client_of, keeper


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
