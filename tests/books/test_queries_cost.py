"""What a page of the cahier may cost, whatever the size of the book: twelve questions, 100 KB."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.books.models import Book
from retkoop.books.services import delete_operation, record_operations
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from tests.books.coops import FORMER, YEAR, a_book, at, client_of, comptable, keeper, note, open_with, queries_of
from tests.books.lines import MUSEE, by_htmx, filled
from tests.cast import FAR_AWAY
from tests.clock import Clock

pytestmark = pytest.mark.django_db

LONGEST: Final = "Une recette au libellé de la plus grande longueur que l’on puisse écrire dans un cahier, " * 3
PAGES: Final = [
    ("home", ""),
    ("cahier", ""),
    ("cahier", "?q=kermesse&ordre=piece"),
    ("cahier", "?nature=recettes&compte=708&mois=2025-10&pointage=non&corriger=oui&projet=Jardin&classe=CP"),
    ("cahier", "?jour=2025-10-01"),
    ("cahier", "?supprimee=1&noter=recette&le=2025-11-03"),
    ("operation", ""),
    ("findings", ""),
    ("history", ""),
    ("trash", ""),
    ("print_cahier", ""),
]
COUNTED: Final = {"?q=kermesse&ordre=piece", "?jour=2025-10-01"}
"""What is found is counted by a question of its own only where it fills more than a page."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 6, 24, 9)
    return clock


def many(count: int, year: SchoolYear = YEAR, wrong: int = 8) -> Iterator[entry.Operation]:
    """Yield operations of every day; one in `wrong` has the longest label and something to mend."""
    for number in range(count):
        day = year.first_day + timedelta(number % 280)
        part = Part("70800008", 10_00 + number)
        line = entry.Operation(
            0,
            f"R{number}",
            day,
            f"Kermesse {number}",
            Moves(bank=part.amount),
            (part,),
            tiers="Les familles",
            project="Jardin",
            classe="CP",
        )
        yield replace(line, label=LONGEST[:200], parts=(Part("61800008", 5_00),)) if number % wrong == 0 else line


def filled_book(rne: str, count: int, wrong: int = 8) -> tuple[Access, Book, int]:
    """Return a book of so many operations beside one of the year before, and one of its keys; some were deleted."""
    access = keeper(rne)
    former, book = a_book(access, FORMER), a_book(access)
    open_with(access, former, 500_00)
    open_with(access, book, 500_00)
    record_operations(author=access.author, coop=access.coop, year=FORMER, operations=list(many(count, FORMER)))
    record_operations(author=access.author, coop=access.coop, year=YEAR, operations=list(many(count, YEAR, wrong)))
    for number in range(count // 10):
        gone = note(access, book, f"D{number}", "2025-11-14", "Cahiers", -12_50)
        delete_operation(access=access, book=book, key=gone.pk, version=1)
    return access, book, note(access, book, "D1", "2025-11-14", "Entrées", -184_50, 0, ("61800008", 100_00), cheque="2000104").pk


def page_of(book: Book, name: str, key: int) -> str:
    return at(book, name, **({"key": key} if name == "operation" else {}))


def test_a_page_costs_as_much_at_20_operations_as_at_200(subtests: pytest.Subtests) -> None:
    made = [filled_book(rne, count) for rne, count in (("0910000A", 20), (FAR_AWAY, 200))]
    for name, query in PAGES:
        with subtests.test(f"{name}{query}"):
            asked, weights = [], []
            for access, book, key in made:
                client, address = client_of(access), page_of(book, name, key) + query
                asked.append(queries_of(client, address))
                weights.append(len(client.get(address).getvalue()))
            assert asked[1] - asked[0] == (query in COUNTED)
            assert max(asked) <= 12
            assert max(weights) < 100_000


def test_nor_does_it_cost_more_to_those_who_look_from_afar(subtests: pytest.Subtests) -> None:
    _, book, key = filled_book("0910000A", 20)
    client = comptable()
    for name in ("cahier", "operation", "home", "findings"):
        with subtests.test(name):
            assert queries_of(client, page_of(book, name, key)) <= 12


def test_nor_where_there_is_more_to_mend_than_is_counted(subtests: pytest.Subtests) -> None:
    access, book, _ = filled_book("0910000A", 200, wrong=1)
    client = client_of(access)
    for name in ("home", "cahier", "findings"):
        with subtests.test(name):
            address = at(book, name)
            assert "99+" in client.get(address).content.decode()
            assert queries_of(client, address) <= 12
            assert len(client.get(address).content) < 100_000


def questions(client: Client, book: Book) -> int:
    """Return how many questions the noting of a line asks."""
    form, page = {**filled(client, book, **MUSEE), "submission": str(uuid.uuid4())}, at(book, "cahier")
    with CaptureQueriesContext(connection) as asked:
        by_htmx(client, page, form, page)
    return len(asked)


def test_noting_a_line_costs_the_same_at_any_size() -> None:
    few, crowded = (filled_book(rne, count) for rne, count in (("0910000A", 20), (FAR_AWAY, 200)))
    counts = []
    for access, book, _ in (few, crowded):
        client = client_of(access)
        questions(client, book)
        counts.append(questions(client, book))
    assert counts[0] == counts[1]
