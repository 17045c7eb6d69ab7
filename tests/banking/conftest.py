from __future__ import annotations

import pytest
from django.test import Client

from retkoop.banking.models import BankStatement
from retkoop.books.models import Book
from retkoop.network.access import Access, open_coop
from tests.banking.books_at_hand import LAST_YEAR, YEAR, musee, open_year, statement
from tests.cast import ALICE, account, logged_in, make_coop


@pytest.fixture
def alice(db: None) -> Access:
    """Alice before her coop."""
    return open_coop(account(make_coop()), ALICE)


@pytest.fixture
def book(alice: Access) -> Book:
    """The small book of the musée: 1 028,20 € at the bank, one cheque of 64,20 € that the bank has not seen (D05), 21,50 € in the box."""
    return musee(alice)


@pytest.fixture
def last_year(alice: Access) -> Book:
    return open_year(alice, LAST_YEAR)


@pytest.fixture
def this_year(alice: Access, last_year: Book) -> Book:
    return open_year(alice, YEAR)


@pytest.fixture
def client(alice: Access) -> Client:
    return logged_in(alice.user)


@pytest.fixture
def row(alice: Access, book: Book) -> BankStatement:
    """The bank has seen D05: its statement of 31 August is the book's, and the tick is missing."""
    return statement(alice, book, 1_028_20, number="8")
