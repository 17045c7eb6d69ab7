from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.books_at_hand import count, musee, now, statement
from tests.books.coops import client_of, keeper, prove
from tests.registers.registers_at_hand import table_subsidies


@pytest.fixture
def alice(db: None) -> Access:
    """Alice before her coop."""
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """The small book of the musée: 1 028,20 € at the bank, one cheque of 64,20 € that the bank has not seen (D05), 21,50 € in the box."""
    book = musee(alice)
    prove(alice, book)
    table_subsidies(alice, book)
    return now(book)


@pytest.fixture
def finished(alice: Access, book: Book) -> Book:
    """The same with its statement of 31 August, right to the cent, and its cash counted."""
    statement(alice, book, 1092_40, number="8")
    count(alice, book, date(2026, 8, 31), {20_00: 1, 1_00: 1, 50: 1})
    return now(book)


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)
