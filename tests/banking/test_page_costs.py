"""What a page of the bank or of the cash box may cost, whatever the size of the book: twelve questions, 100 KB."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from retkoop.banking.models import BankStatement
from retkoop.banking.services import point_until
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, carry, count, open_year, payment, receipt, statement
from tests.cast import ALICE

CASH = f"/coop/{ALICE}/2025-2026/caisse/"
BANK = f"/coop/{ALICE}/2025-2026/rapprochement/"
PAGES = [
    BANK,
    f"{BANK}{{key}}/",
    f"{BANK}{{key}}/?vue=pointees",
    f"{BANK}{{key}}/?vue=importees",
    f"{BANK}{{key}}/?q=car",
    f"{BANK}{{key}}/ecart/",
    f"{BANK}etat/",
    CASH,
]


@pytest.fixture
def crowded(alice: Access) -> BankStatement:
    """Last year and this one, a year kept elsewhere before them, three statements, a count that is wrong, 400 lines to tick."""
    last, year = open_year(alice, LAST_YEAR), open_year(alice, YEAR)
    add(alice, last, [payment("D31", date(2025, 6, 28), 100_00)])
    carry(alice, last, "Chèque de 2024", date(2024, 6, 3), -12_00)
    days = [YEAR.first_day + timedelta(index % 300) for index in range(400)]
    text = "Une recette au libellé de la plus grande longueur que l’on puisse écrire dans un cahier de comptabilité, " * 2
    rows = [receipt(f"R{index}", day, 10_00 + index, tiers="Les familles des classes", cheque="2000104") for index, day in enumerate(days)]
    add(alice, year, [replace(row, label=text[:200]) if index % 4 == 0 else row for index, row in enumerate(rows)])
    first, *_, current = [statement(alice, year, 1_00, day) for day in (date(2025, 10, 31), date(2026, 1, 31), date(2026, 8, 31))]
    point_until(access=alice, statement=first, day=date(2025, 10, 31))
    count(alice, year, date(2026, 8, 31), {1: 1})
    return current


def test_twelve_questions_and_100_kb(
    client: Client, crowded: BankStatement, django_assert_max_num_queries: DjangoAssertNumQueries, subtests: pytest.Subtests
) -> None:
    for address in PAGES:
        with subtests.test(address):
            with django_assert_max_num_queries(12):
                answer = client.get(address.format(key=crowded.pk))
            assert (answer.status_code, len(answer.content) < 100_000) == (200, True)


@pytest.mark.parametrize("address", PAGES)
def test_as_many_questions_for_a_small_book(
    client: Client, alice: Access, book: Book, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    row = statement(alice, book, 1)
    with django_assert_max_num_queries(11):
        assert client.get(address.format(key=row.pk)).status_code == 200
