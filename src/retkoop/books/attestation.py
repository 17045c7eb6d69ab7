"""The attestation sur l’honneur for a voucher that is lost, as a PDF to sign.

It says what the cahier says; whoever signs it answers for it (Code pénal, art. 441-7).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retkoop.books.models import Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.books.words import amount_of
from retkoop.domain.entry import KIND_LABELS, Kind
from retkoop.domain.money import format_amount
from retkoop.network.queries import running_mandates
from retkoop.ui.days import format_full, format_long
from retkoop.ui.paper.document import pdf

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def attestation_pdf(page: CoopPage, row: Operation) -> bytes:
    """Return the attestation of an operation, ready to be signed by the mandataire."""
    return pdf(TEMPLATE, attestation_data(page, row), page.today)


def attestation_data(page: CoopPage, row: Operation) -> dict[str, object]:
    """Return what the template lays out, every sentence already in French."""
    coop = page.coop
    holders = list(dict.fromkeys(running_mandates(coop, page.today).values_list("holder", flat=True)))
    return {
        "title": f"Attestation sur l’honneur, pièce {row.piece or 'sans numéro'}, {coop.name}",
        "association": f"{coop.association} · {coop.association.name}",
        "coop": " · ".join(filter(None, (coop.name, coop.commune, coop.rne))),
        "year": str(page.year),
        "holder": holders[0] if holders else "",
        "rows": [list(pair) for pair in _facts(page, row) if pair[1]],
        "made": f"Retkoop, le {format_long(page.today)}",
    }


def file_name(row: Operation) -> str:
    """Return the name under which the document is kept: `Attestation-D12.pdf`."""
    piece = "".join(letter for letter in row.piece if letter.isalnum() and letter.isascii())
    return f"Attestation-{piece or row.pk}.pdf"


def _facts(page: CoopPage, row: Operation) -> list[tuple[str, str]]:
    chart = chart_of(page.book)
    return [
        ("Pièce", row.piece),
        ("Date", format_full(row.date)),
        ("Nature", KIND_LABELS[Kind(row.kind)]),
        ("Libellé", row.label),
        ("Tiers", row.tiers),
        ("Montant", format_amount(amount_of(row))),
        ("Moyen", _means(row)),
        ("Comptes", ", ".join(f"{chart.alias(code)} {chart.label(code)}" for code in row.accounts.split())),
    ]


def _means(row: Operation) -> str:
    if row.cheque:
        return f"Chèque n° {row.cheque}"
    return "Compte bancaire" if row.bank else "Espèces" if row.cash else "Régie d’avance"
