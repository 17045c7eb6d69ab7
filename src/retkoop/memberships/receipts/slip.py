"""The bordereau of a cheque deposit on paper: the list, the total, the account, where to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import ChequeDeposit, Payment
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def slip_name(association: DepartmentalAssociation, deposit: ChequeDeposit) -> str:
    return f"Remise-{association.department}-{deposit.number}.pdf"


def slip_pdf(deposit: ChequeDeposit, cheques: Sequence[Payment], association: DepartmentalAssociation, today: date) -> bytes:
    """Return a bordereau to print."""
    return pdf(TEMPLATE, slip_data(deposit, cheques, association, today), today)


def slip_data(deposit: ChequeDeposit, cheques: Sequence[Payment], association: DepartmentalAssociation, today: date) -> dict[str, object]:
    """Return what the template lays out. The account is written whole: the bank reads it."""
    heading = f"Remise de chèques n°\u00a0{deposit.number}"
    account: dict[str, Any] = given_settings(association, SchoolYear.containing(deposit.deposited_on)).value("creditor")
    total = format_amount(sum(one.amount for one in cheques))
    return {
        "title": f"{heading}, {association}",
        "heading": heading,
        "association": f"{association} · {association.name}",
        "running": f"{heading} · {association}",
        "made": f"Retkoop, le {format_long(today)}",
        "intro": f"{plural(len(cheques), 'chèque')}, {total} en tout, remis le {format_long(deposit.deposited_on)}.",
        "facts": [
            ["Titulaire du compte", account.get("name") or str(association)],
            ["Compte à créditer (IBAN)", _by_fours(str(account.get("iban") or "")) or "à compléter"],
            ["Nombre de chèques", str(len(cheques))],
            ["Total", total],
        ],
        "cheques": [
            [str(place), one.cheque, one.payer or one.membership.coop.name, one.membership.coop.rne, format_amount(one.amount)]
            for place, one in enumerate(cheques, start=1)
        ],
        "total": total,
    }


def _by_fours(text: str) -> str:
    compact = text.replace(" ", "")
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))
