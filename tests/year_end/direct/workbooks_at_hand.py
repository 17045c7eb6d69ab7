"""Workbooks of an AD, and maps of them."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.sheets import Cell
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import read_map
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import RoleKind
from retkoop.users.models import User
from retkoop.year_end.direct.example import example_of
from retkoop.year_end.direct.models import WorkbookVersion
from retkoop.year_end.direct.workbooks import change_map, publish, show_example
from tests.cast import make_staff

MAP: Final[dict[str, Any]] = {
    "opening_bank": ["CRF!B2"],
    "opening_cash": ["CRF!B3"],
    "closing_bank": ["CRF!B4"],
    "closing_cash": ["CRF!B5"],
    "61800008": ["CRF!B7", "CRF!B8"],
    "75600008": ["CRF!B9"],
    "statement": ["CRF!B11"],
    "statement_number": ["CRF!C11"],
}
GRANTS: Final[dict[str, Any]] = {
    "grant_body": ["Aides!A2"],
    "grant_purpose": ["Aides!B2"],
    "grant_amount": ["Aides!C2"],
    "grant_day": ["Aides!D2"],
    "grant_account": ["Aides!E2"],
    "grant_spent": ["Aides!F2"],
    "grant_last": ["Aides!A4"],
}
COUNT: Final[dict[str, Any]] = {"count_2000": ["Aides!B6"], "count_100": ["Aides!B7"], "count_50": ["Aides!B8"]}


def own_grid() -> dict[str, list[list[Cell]]]:
    """The workbook of an AD, filled in: with an opening of 800,00 € and a subsidy of 300,00 €, to the cent."""
    return {
        "CRF": [
            ["OCCE 91, compte rendu"],
            ["Banque au 1er septembre", 790.0],
            ["Caisse", "10,00"],
            ["Banque au 31 août", 1028.2],
            ["Caisse", 21.5],
            [],
            ["Sorties", 200],
            ["Spectacles", 50],
            ["Participations", 199.7],
            [],
            ["Relevé", 1028.2, "8"],
        ],
        "Aides": [
            ["De qui", "Pour quoi", "Combien", "Quand", "Compte", "Dépensé"],
            ["Mairie", "Projet musée", 300, "1/12/2025", 741.0, 200],
            ["Département", "", "", "", "", ""],
            ["Autre", "", 0, "", "", ""],
            [],
            [20, 1],
            [1, 1],
            [0.5, 1],
        ],
    }


def accountant(kind: RoleKind = RoleKind.COMPTABLE, name: str = "carole") -> AssociationAccess:
    return access_of(make_staff(name, kind))


def access_of(user: User) -> AssociationAccess:
    return open_association(user, "91")


def drafted(access: AssociationAccess, content: dict[str, Any] | None = None) -> WorkbookVersion:
    """Show the workbook of the AD and point at its cells."""
    row = show_example(access=access, name="classeur.xlsx", example=example_of(own_grid()))
    told = read_map({**MAP, **GRANTS, **COUNT} if content is None else content)
    return change_map(access=access, key=row.pk, version=row.version, content=told)


def published(access: AssociationAccess, content: dict[str, Any] | None = None, year: int = 2025) -> WorkbookVersion:
    row = drafted(access, content)
    return publish(access=access, key=row.pk, version=row.version, year=SchoolYear(year))
