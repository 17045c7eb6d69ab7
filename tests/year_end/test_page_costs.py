"""What a page of the year's end may cost, whatever the size of the book: twelve questions, 100 KB."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.network.services import give_mandate
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, carry, count, now, open_year, payment, receipt, statement
from tests.books.coops import at, queries_of

PAGES: Final = ("balance_sheet", "trial_balance", "general_ledger", "journal", "crf", "crf_pdf")
LONG: Final = ("Une recette au libellé de la plus grande longueur que l’on puisse écrire dans un cahier de comptabilité, " * 2)[:200]


@pytest.fixture
def crowded(alice: Access) -> Book:
    """Last year and this one, items of a year kept elsewhere, a mandate, subsidies, 400 long lines that the bank has not seen."""
    last, year = open_year(alice, LAST_YEAR), open_year(alice, YEAR)
    add(alice, last, [payment("D31", date(2025, 6, 28), 100_00)])
    carry(alice, last, "Chèque de 2024", date(2024, 6, 3), -12_00)
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Camille Durand", start=YEAR.first_day)
    days = [YEAR.first_day + timedelta(index % 300) for index in range(400)]
    rows = [receipt(f"R{index}", day, 10_00 + index, tiers="Les familles des classes", cheque="2000104") for index, day in enumerate(days)]
    subsidies = [replace(row, parts=(replace(row.parts[0], account="74100008"),)) for row in rows[:100]]
    add(alice, year, [replace(row, label=LONG) for row in [*subsidies, *rows[100:]]])
    statement(alice, year, 1_00)
    count(alice, year, date(2026, 8, 31), {1: 1})
    return now(year)


def test_twelve_questions_and_100_kb(client: Client, crowded: Book, subtests: pytest.Subtests) -> None:
    for name in PAGES:
        with subtests.test(name):
            address = at(crowded, name)
            assert queries_of(client, address) <= (13 if name == "crf_pdf" else 12)  # the PDF is no page: it also tells the explanations
            assert len(client.get(address).content) < (500_000 if name == "crf_pdf" else 100_000)
    for name in ("general_ledger", "journal"):
        with subtests.test("the last page costs no more", name=name):
            assert queries_of(client, f"{at(crowded, name)}?page=4") <= 12


@pytest.mark.parametrize(
    ("name", "queries"),
    [("balance_sheet", 7), ("trial_balance", 7), ("general_ledger", 9), ("journal", 9), ("crf", 11), ("crf_pdf", 12)],
)
def test_a_small_book_of_a_first_year(client: Client, finished: Book, name: str, queries: int) -> None:
    assert queries_of(client, at(finished, name)) == queries
