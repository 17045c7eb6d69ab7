from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, client_of, keeper
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 10, 9, 5)
    return clock


@pytest.fixture
def alice(db: None, clock: Clock) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)
