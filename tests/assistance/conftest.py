from __future__ import annotations

import pytest

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.assistance.at_hand import helper
from tests.books.coops import a_book, keeper
from tests.cast import ALICE


@pytest.fixture
def alice(db: None) -> Access:
    """Alice before her coop."""
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def julie(alice: Access) -> Access:
    """An animatrice of her AD, before the same coop."""
    return helper(ALICE)
