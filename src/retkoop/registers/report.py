"""The report of a subsidy to whoever gave it, as a PDF to sign: what was given, for what, and each expense that it paid.

Loi 2000-321, art. 10: a subsidy for a given expense obliges to tell its use.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retkoop.books.page import CoopPage
from retkoop.domain.money import Cents, format_amount, format_number
from retkoop.network.queries import running_mandates
from retkoop.registers.models import Subsidy
from retkoop.registers.subsidies import Charge, Spendings, operation_of_subsidy
from retkoop.ui.days import format_full, format_long
from retkoop.ui.paper.document import pdf

TEMPLATE: Final = Path(__file__).with_suffix(".typ")
DRAFT: Final = "Projet\u202f: aucune dépense n’est encore notée. Notez ce que la subvention a payé avant d’envoyer ce compte rendu."


def report_pdf(page: CoopPage, subsidy: Subsidy) -> bytes:
    """Return the report of a subsidy (with what it paid)."""
    return pdf(TEMPLATE, report_data(page, subsidy), page.today)


def file_name(page: CoopPage, subsidy: Subsidy) -> str:
    """Return the name under which the document is kept: `Compte-rendu-subvention-0910000A-12.pdf`."""
    return f"Compte-rendu-subvention-{page.coop.rne}-{subsidy.pk}.pdf"


def report_data(page: CoopPage, subsidy: Subsidy) -> dict[str, object]:
    """Return what the template lays out, every sentence already in French."""
    coop = page.coop
    told = Spendings(page.book, subsidy, sent=())
    holders = list(dict.fromkeys(running_mandates(coop, page.today).values_list("holder", flat=True)))
    return {
        "title": f"Compte rendu d’emploi d’une subvention, {subsidy.body}, {coop.name}",
        "association": f"{coop.association} · {coop.association.name}",
        "coop": " · ".join(filter(None, (coop.name, coop.commune, coop.rne))),
        "holder": holders[0] if holders else "",
        "facts": [list(pair) for pair in _facts(page, subsidy) if pair[1]],
        "rows": [_row(charge) for charge in told.paid],
        "draft": "" if told.paid else DRAFT,
        "spent": format_number(told.spent),
        "left": _left(told.left),
        "beyond": _beyond(told),
        "made": f"Retkoop, le {format_long(page.today)}",
    }


def _facts(page: CoopPage, subsidy: Subsidy) -> list[tuple[str, str]]:
    received = operation_of_subsidy(subsidy)
    return [
        ("Organisme", subsidy.body),
        ("Objet", subsidy.purpose),
        ("Montant", format_amount(subsidy.amount)),
        ("Notifiée le", format_full(subsidy.notified_on) if subsidy.notified_on else ""),
        ("Reçue le", f"{format_full(received.date)}, pièce {received.piece or 'sans numéro'}" if received else ""),
        ("Exercice", f"{page.year}, du 1er septembre au 31 août"),
    ]


def _row(charge: Charge) -> tuple[str, str, str, str, str]:
    day = format_full(charge.date) if charge.date else ""
    return charge.piece, day, charge.label or "Opération supprimée", charge.tiers, format_number(charge.paid)


def _beyond(told: Spendings) -> str:
    if not told.beyond:
        return ""
    received = f"n’a reçu que {format_amount(told.received)} de cette subvention" if told.received else "n’a rien reçu de cette subvention"
    return f"La coopérative {received}\u202f: {format_amount(told.beyond)} de ces dépenses n’ont pas pu être payés par elle."


def _left(left: Cents) -> str:
    if left:
        return f"Il reste {format_amount(left)} à dépenser."
    return "La subvention est entièrement dépensée."
