"""What the tests of the bank’s pages ask of them."""

from __future__ import annotations

import uuid
from datetime import date

from retkoop.banking.models import BankStatement
from tests.cast import ALICE
from tests.pages import Answer, controls
from tests.swap import Node, read

BASE = f"/coop/{ALICE}/2025-2026/rapprochement/"
END = date(2026, 8, 31)
HTMX = {"HX-Request": "true"}
YOURS = "Ce que vous avez saisi est ci-dessous\u00a0: enregistrez pour le remplacer."


def at(row: BankStatement, *, of: str = ALICE) -> str:
    return f"/coop/{of}/2025-2026/rapprochement/{row.pk}/"


def given(**fields: str) -> dict[str, str]:
    return {"number": "8", "date": "31/08/2026", "account_balance": "1 028,20", "submission": str(uuid.uuid4()), **fields}


def region(answer: Answer, name: str) -> Node:
    """Return a region of a page, by its id."""
    return read(answer.content.decode()).find(name)


def boxes(answer: Answer) -> list[tuple[str, bool]]:
    return [(box["value"], "checked" in box) for box in controls(answer, "ticked") if box.get("type") == "checkbox"]
