from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, at, client_of, keeper
from tests.books.lines import MUSEE, entry_form, filled, typed
from tests.clock import Clock
from tests.swap import Node, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).set(2025, 11, 24, 9)


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)


def details(client: Client, book: Book, intention: str) -> Node:
    page = read(client.get(at(book, "cahier"), {"noter": intention}).content.decode())
    return next(node for node in page.find("saisie").walk() if node.tag == "details")


@pytest.mark.parametrize("intention", ["depense", "recette", "depot", "retrait", "avance", "reliquat", "justificatifs"])
def test_what_is_seldom_asked_is_folded(client: Client, book: Book, intention: str) -> None:
    assert "open" not in details(client, book, intention).attributes


@pytest.mark.parametrize(
    ("intention", "asked"),
    [("recette", "Projet, classe et n° de chèque"), ("justificatifs", "Projet et classe"), ("depense", "Projet et classe")],
)
def test_a_cheque_is_asked_where_there_may_be_one(client: Client, book: Book, intention: str, asked: str) -> None:
    summary = next(node for node in details(client, book, intention).walk() if node.tag == "summary")
    assert summary.text.strip() == asked
    assert ("cheque" in entry_form(client.get(at(book, "cahier"), {"noter": intention}))) is (intention != "justificatifs")


def test_a_line_of_another_year_is_not_gone_on_from(client: Client, book: Book) -> None:
    answer = client.post(at(book, "cahier"), filled(client, book, **{**MUSEE, "date": "12/12/2024"}), follow=True)
    assert typed(answer, "date", "near") == ["24/11/2025", "24/11/2025"]


def test_a_day_alone_falls_in_the_month_of_the_line_before(client: Client, book: Book) -> None:
    client.post(at(book, "cahier"), filled(client, book, **{**MUSEE, "date": "14/10"}))
    form = {**entry_form(client.get(at(book, "cahier"), {"le": "2025-10-14"})), **MUSEE, "piece": "D02", "date": "5"}
    client.post(at(book, "cahier"), form)
    assert [f"{day:%d/%m/%Y}" for day in book.operations.order_by("pk").values_list("date", flat=True)] == ["14/10/2025", "05/10/2025"]
