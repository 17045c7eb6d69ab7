from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, at, client_of, keeper, plain
from tests.books.lines import MUSEE, beside, by_htmx, filled, typed
from tests.pages import notices
from tests.swap import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def client(alice: Access) -> Client:
    return client_of(alice)


UNFINISHED = [
    ({"parts-0-account": ""}, "C’est noté : Dépense D01, 184,50 €. Il reste à choisir un compte."),
    (
        {"parts-TOTAL_FORMS": "2", "parts-0-amount": "100"},
        "C’est noté : Dépense D01, 184,50 €. La répartition n’est pas juste : reste 84,50 € à répartir.",
    ),
    (
        {"parts-TOTAL_FORMS": "2", "parts-0-amount": "200"},
        "C’est noté : Dépense D01, 184,50 €. La répartition n’est pas juste : 15,50 € de trop.",
    ),
]


@pytest.mark.parametrize(("given", "expected"), UNFINISHED)
def test_a_line_without_its_whole_split_is_noted_with_a_warning(client: Client, book: Book, given: dict[str, str], expected: str) -> None:
    form = filled(client, book, **{**MUSEE, **given})
    toast = read(by_htmx(client, at(book, "cahier"), form, at(book, "cahier")).content.decode())
    found = next(node for node in toast.walk() if "toast--" in (node.attributes.get("class") or ""))
    assert "toast--warn" in (found.attributes["class"] or "").split()
    assert plain(found.text).startswith(expected)
    again = client.post(at(book, "cahier"), {**form, "piece": "D02", "submission": ""}, follow=True)
    assert [plain(notice) for notice in notices(again)] == [expected.replace("D01", "D02")]


def test_words_that_lead_to_no_account_are_refused_and_kept(client: Client, book: Book) -> None:
    form = filled(client, book, **{**MUSEE, "parts-0-account": "", "parts-0-account_typed": "xyzzy"})
    answer = client.post(at(book, "cahier"), form)
    assert (answer.status_code, beside(answer)) == (422, {"id_parts-0-account": "« xyzzy » n’est pas dans la liste."})
    assert 'data-typed="xyzzy"' in answer.content.decode()
    assert typed(answer, "label", "amount") == ["Entrées au musée", "184,50"]
    assert book.operations.count() == 0


@pytest.mark.parametrize(
    ("intention", "amount", "account", "expected"),
    [
        ("depense", "-20", "61800008", "C’est noté : Dépense D01, −20,00 €."),
        ("recette", "-15", "70800008", "C’est noté : Recette R01, −15,00 €."),
        ("recette", "15", "70800008", "C’est noté : Recette R01, 15,00 €."),
        ("depot", "50", "", "C’est noté : Virement interne V01, 50,00 €."),
        ("justificatifs", "30", "61800008", "C’est noté : Justificatifs de régie J01, 30,00 €."),
    ],
)
def test_a_refund_keeps_its_sign(client: Client, book: Book, intention: str, amount: str, account: str, expected: str) -> None:
    form = filled(client, book, intention, date="14/11/2025", label="Ligne", amount=amount, **{"parts-0-account": account})
    answer = client.post(at(book, "cahier"), form, follow=True)
    assert [plain(notice) for notice in notices(answer)] == [expected]
