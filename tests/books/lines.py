"""Lines of the cahier as a browser sends them: every field of the form as it stands in the page, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse
from django.test import Client

from retkoop.books.models import Book, Operation
from retkoop.books.values import operation_value
from retkoop.domain.entry import Moves, Part
from tests.books.coops import at, plain
from tests.pages import Answer
from tests.swap import TOKENS, Node, read

MUSEE: Final = {
    "date": "14/11/2025",
    "piece": "D01",
    "label": "Entrées au musée",
    "tiers": "Musée de l’Essonne",
    "means": "bank",
    "amount": "184,50",
    "parts-0-account": "61800008",
}
REGIONS: Final = ("saisie", "recherche", "liste", "a-corriger", "lamps", "nav-findings")
"""What the page of the cahier lets htmx replace."""


def entry_form(answer: Answer) -> dict[str, str]:
    """Return what a browser would send of the form of an operation, as it came."""
    found = next(node for node in read(answer.content.decode()).walk() if "entry" in (node.attributes.get("class") or "").split())
    return dict(_sent(found))


def without_tokens(form: dict[str, str]) -> dict[str, str]:
    """Return what a form holds and two answers have in common."""
    return {name: value for name, value in form.items() if name not in TOKENS}


def _sent(node: Node) -> Iterator[tuple[str, str]]:
    name, kind = node.attributes.get("name"), node.attributes.get("type")
    if node.tag == "select":
        yield name or "", next((one.attributes["value"] or "" for one in node.walk() if "selected" in one.attributes), "")
    elif node.tag == "input" and name and (kind != "radio" or "checked" in node.attributes):
        yield name, node.attributes.get("value") or ""
    elif node.tag != "template":
        for child in node.children:
            if isinstance(child, Node):
                yield from _sent(child)


def typed(answer: Answer, *names: str) -> list[str | None]:
    """Return what stands in some fields of the form, None for a field that is not there."""
    form = entry_form(answer)
    return [form.get(name) for name in names]


def filled(client: Client, book: Book, intention: str = "depense", /, **given: str) -> dict[str, str]:
    """Return what a browser would send of a new line."""
    return {**entry_form(client.get(at(book, "cahier"), {"noter": intention})), **given}


def by_htmx(client: Client, address: str, data: dict[str, str], page: str, target: str = "saisie") -> HttpResponse:
    """Send what htmx would, from a page."""
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{page}"}
    answer: HttpResponse = client.post(address, data, headers=headers)  # type: ignore[assignment]  # the test client adds to it
    return answer


def region(page: Node, name: str) -> str:
    """Return a region of a page. A line just noted is marked as new until the page is loaded again."""
    return re.sub(r' class="new"', "", page.find(name).inside)


def words(answer: Answer, name: str) -> str:
    """Return the words of a region, its spaces that do not break made ordinary."""
    return plain(read(answer.content.decode()).find(name).text)


def beside(answer: Answer) -> dict[str, str]:
    """Return the refusals of a page, each by the id of the field beside which it stands."""
    found = [node for node in read(answer.content.decode()).walk() if node.attributes.get("class") == "error"]
    return {(node.attributes.get("id") or "").removesuffix("_error"): plain(node.text) for node in found}


def lines(book: Book) -> list[tuple[str, str, Moves, tuple[Part, ...]]]:
    """Return what the book holds, in the order of entry."""
    values = [operation_value(row) for row in Operation.objects.filter(book=book).order_by("pk")]
    return [(one.piece, one.label, one.moves, one.parts) for one in values]
