"""Labels to stick on durable goods: their name, the coop's, and a square to photograph that leads to their page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import qrcode
from django.conf import settings

from retkoop.books.page import CoopPage
from retkoop.registers.models import InventoryItem
from retkoop.ui.days import format_full
from retkoop.ui.paper.document import pdf

TEMPLATE: Final = Path(__file__).with_suffix(".typ")
MOST: Final = 240
"""So many labels in one document: ten sheets."""


def labels_pdf(page: CoopPage, items: Iterable[InventoryItem]) -> bytes:
    """Return sheets of 24 labels, three by eight on A4."""
    return pdf(TEMPLATE, labels_data(page, items), page.today)


def labels_data(page: CoopPage, items: Iterable[InventoryItem]) -> dict[str, object]:
    """Return what the template lays out."""
    labels = [
        {
            "name": item.label,
            "coop": f"{page.coop.name} · {page.coop.rne}",
            "bought": f"n° {item.pk} · acheté le {format_full(item.bought_on)}",
            "square": square(f"{settings.PUBLIC_URL}{page.url('inventory_item', key=item.pk)}"),
            "said": f"Code QR\u202f: fiche du bien n° {item.pk}",
        }
        for item in list(items)[:MOST]
    ]
    return {"title": f"Étiquettes de l’inventaire, {page.coop.name}", "labels": labels}


def square(address: str) -> dict[str, object]:
    """Return a QR code as the template draws it: its side, and its dark runs as [column, row, length]."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    runs = [run for row, line in enumerate(code.modules) for run in _runs(row, line)]
    return {"side": code.modules_count, "runs": runs}


def _runs(row: int, line: Iterable[bool | None]) -> list[list[int]]:
    runs: list[list[int]] = []
    for column, dark in enumerate(line):
        if dark and runs and runs[-1][0] + runs[-1][2] == column:
            runs[-1][2] += 1
        elif dark:
            runs.append([column, row, 1])
    return runs
