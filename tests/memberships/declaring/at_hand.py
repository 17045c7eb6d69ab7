"""What an AD asks of the coops of these tests, and what a teacher types."""

from __future__ import annotations

import uuid
from typing import Any

from retkoop.audit.services import SYSTEM
from retkoop.network.access import Access
from retkoop.network.services import change_setting

EXTRAS = [
    {"key": "solidarity", "label": "Fonds de solidarité", "basis": "coop", "price": 5_00, "account": "62810008", "optional": True},
    {"key": "case", "label": "Malles", "basis": "class", "price": 2_00, "account": "61800008", "optional": False},
    {"key": "gift", "label": "Don au festival", "basis": "free", "price": 0, "account": "62810008", "optional": True},
]
CREDITOR = {"name": "OCCE de l’Essonne", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX", "ics": "FR72ZZZ123456"}


def typed(*rows: tuple[str, str, str, str], **more: str) -> dict[str, str]:
    given = {"submission": str(uuid.uuid4()), "version": "0", "insured": "on", "classes-TOTAL_FORMS": str(len(rows)), **more}
    for number, row in enumerate(rows):
        given |= {f"classes-{number}-{name}": value for name, value in zip(("level", "name", "pupils", "adults"), row, strict=True)}
    return given


CM1 = ("CM1", "Mme Perrin", "24", "1")
CM2 = ("CM2", "M. Petit", "26", "1")


def set_asked(access: Access, **values: Any) -> None:  # noqa: ANN401 -- what JSON holds
    for name, value in values.items():
        change_setting(author=SYSTEM, association=access.coop.association, from_year=2025, name=name, value=value)
