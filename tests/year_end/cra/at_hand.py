"""Comptes rendus d'activités begun and finished, and drafts of questionnaires."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.year_end.cra.queries import Cra, cra_of
from retkoop.year_end.cra.services import Given, answer, finish

NEEDED: Final[dict[str, Any]] = {
    "classes": 6,
    "eleves": 148,
    "adultes": 9,
    "conseil_reuni": "Oui",
    "projets": [{"projet": "Musée", "classes": "CM1, CM2", "depenses": 138_00}],
}
"""An answer to each question of the first CRA that wants one."""


def given(cra: Cra, answers: dict[str, Any]) -> dict[str, Given]:
    """Return answers as somebody gives them who has seen the CRA as it is."""
    return {key: Given(value, cra.rows[key].version if key in cra.rows else 0) for key, value in answers.items()}


def begin_cra(access: Access, book: Book, answers: dict[str, Any] | None = None) -> Cra:
    """Answer some questions of the CRA of a year: those that want an answer, where none are given."""
    answer(access=access, book=book, answers=given(cra_of(book), NEEDED if answers is None else answers))
    return cra_of(book)


def finish_cra(access: Access, book: Book) -> Cra:
    begin_cra(access, book)
    finish(access=access, book=book)
    return cra_of(book)
