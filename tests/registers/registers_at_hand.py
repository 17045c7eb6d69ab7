"""Registers for the tests, made by the services alone."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from retkoop.books.findings import all_findings_on
from retkoop.books.models import Book, Operation
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.registers.facts import DeliberationFacts, ItemFacts, SubsidyFacts
from retkoop.registers.models import Deliberation, InventoryItem, Meeting, Subsidy
from retkoop.registers.services import record_deliberation, record_item, record_subsidy
from retkoop.registers.subsidies import proposals_of

CODES = frozenset(
    {"bien-non-inventorie", "subvention-hors-tableau", "tableau-des-subventions", "subvention-autre-objet", "subvention-non-justifiee"}
)
YOURS = "Ce que vous avez saisi est ci-dessous : enregistrez pour le remplacer."
"""What is said to whoever saves over what someone else changed."""


def sent(**more: str) -> dict[str, Any]:
    """Return what a form of the registers sends."""
    return {"submission": str(uuid.uuid4()), **more}


def table_subsidies(access: Access, book: Book) -> None:
    """Put every subsidy of a book in the table, as the cahier tells it."""
    for one in proposals_of(book):
        facts = SubsidyFacts(one.body, one.label, one.amount)
        record_subsidy(access=access, book=book, operation=one.operation, facts=facts, submission=uuid.uuid4())


def camera(**told: Any) -> ItemFacts:  # noqa: ANN401 -- any fact of a good
    return ItemFacts(**{"label": "Appareil photo", "bought_on": date(2025, 10, 3), "value": 289_00, "place": "Armoire bleue", **told})


def listed(access: Access, book: Book, operation: Operation | None = None, **told: Any) -> InventoryItem:  # noqa: ANN401 -- idem
    key = operation.pk if operation else None
    return record_item(access=access, book=book, facts=camera(**told), operation=key, submission=uuid.uuid4())


def museum(**told: Any) -> SubsidyFacts:  # noqa: ANN401 -- any fact of a subsidy
    return SubsidyFacts(**{"body": "Mairie", "purpose": "Projet musée", "amount": 300_00, **told})


def tabled(access: Access, book: Book, operation: Operation, **told: Any) -> Subsidy:  # noqa: ANN401 -- idem
    return record_subsidy(access=access, book=book, operation=operation.pk, facts=museum(**told), submission=uuid.uuid4())


def council(**told: Any) -> DeliberationFacts:  # noqa: ANN401 -- any fact of a deliberation
    facts = {"date": date(2025, 11, 7), "kind": Meeting.COOPERATIVE, "decisions": "On achète un appareil photo.", "people": "Les délégués"}
    return DeliberationFacts(**{**facts, **told})


def decided(access: Access, book: Book, **told: Any) -> Deliberation:  # noqa: ANN401 -- idem
    return record_deliberation(access=access, book=book, facts=council(**told), submission=uuid.uuid4())


def found(book: Book, day: date | None = None) -> list[tuple[str, str | None]]:
    """Return what the checks of the registers keep of a book on a day, as (code, pièce)."""
    kept = all_findings_on(book, day or SchoolYear(book.start).last_day)
    return [(told.code, told.piece) for told in kept if told.code in CODES]
