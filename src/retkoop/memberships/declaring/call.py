"""The appel de cotisation of a coop: what was declared, what it costs, how to pay it, who has engaged themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retkoop.books.page import CoopPage
from retkoop.domain.money import format_amount, format_number
from retkoop.memberships.declaring.page import MembershipBoard
from retkoop.memberships.models import Declaration, EngagementAcceptance, PaymentWay
from retkoop.memberships.pricing.text import passages_of
from retkoop.memberships.values import declared_of
from retkoop.ui.days import format_long, format_moment
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def call_name(page: CoopPage) -> str:
    """Return the name under which the document is kept: `Appel-de-cotisation-0910000A-2026-2027.pdf`."""
    return f"Appel-de-cotisation-{page.coop.rne}-{page.year}.pdf"


def call_pdf(board: MembershipBoard) -> bytes:
    """Return the appel de cotisation of what was declared last."""
    return pdf(TEMPLATE, call_data(board), board.page.today)


def call_data(board: MembershipBoard) -> dict[str, object]:
    """Return what the template lays out, every sentence already in French."""
    page, coop, row = board.page, board.page.coop, board.made[0]
    heading = f"Appel de cotisation {page.year}"
    return {
        "title": f"{heading}, {coop.name}",
        "heading": heading,
        "coop": coop.name,
        "identity": " · ".join(filter(None, (f"RNE {coop.rne}", coop.commune))),
        "association": f"{coop.association} · {coop.association.name}",
        "running": f"{heading} · {coop.name} · {coop.rne}",
        "made": f"Retkoop, le {format_long(page.today)}",
        "declared": _declared(row),
        "lines": [[line.label, str(line.quantity), format_number(line.price), format_number(line.amount)] for line in board.bill.lines],
        "total": format_number(row.total),
        "classes": [[one.level.value, one.name, str(one.pupils), str(one.adults)] for one in declared_of(row).classes],
        "left": _left(board),
        "ways": _ways(board),
        "square": board.square if PaymentWay.TRANSFER in board.ways else None,
        "accepted": [_accepted(one) for one in board.acceptances],
        "passages": _passages(board),
    }


def _declared(row: Declaration) -> str:
    told = f"{plural(len(row.classes), 'classe')}, {plural(row.pupils, 'élève')} et {plural(row.adults, 'adulte')}"
    at = format_moment(row.declared_at) if row.declared_at else ""
    corrected = f" Correction n°\u00a0{row.number - 1}\u202f: {row.reason}" if row.number > 1 else ""
    return f"{told}, déclarés le {at} par {row.declared_by}.{corrected}"


def _left(board: MembershipBoard) -> dict[str, str]:
    facts = board.facts
    if facts.owed > 0:
        paid = f"{format_amount(facts.received)} déjà reçus. " if facts.received else ""
        left = f"Reste à payer\u202f: {format_amount(facts.owed)}, au plus tard le {format_long(board.due_on)}."
        return {"state": "todo", "text": paid + left}
    if facts.owed < 0:
        return {"state": "good", "text": f"Payé. L’association départementale doit {format_amount(-facts.owed)} à la coopérative."}
    return {"state": "good", "text": "Payé, merci."}


def _ways(board: MembershipBoard) -> list[dict[str, object]]:
    """Return how what is left may be paid; nothing where nothing is."""
    if board.facts.owed <= 0:
        return []
    creditor, told = board.creditor, []
    if PaymentWay.TRANSFER in board.ways:
        rows = [("Bénéficiaire", creditor.name), ("IBAN", board.iban), ("BIC", creditor.bic), ("Motif, tel quel", board.reference)]
        told.append(("Par virement", rows))
    if PaymentWay.CHEQUE in board.ways:
        address = ", ".join(creditor.address.splitlines())
        rows = [("À l’ordre de", creditor.order), ("Au dos", f"{board.page.coop.rne} {board.page.year}"), ("À envoyer à", address)]
        told.append(("Par chèque", rows))
    if PaymentWay.DEBIT in board.ways:
        told.append(("Par prélèvement", [("Mandat", "À signer dans Retkoop, page Adhésion")]))
    return [{"title": title, "rows": [list(row) for row in rows if row[1]]} for title, rows in told]


def _accepted(one: EngagementAcceptance) -> str:
    return f"{one.holder}, le {format_moment(one.accepted_at)}, version {one.text.number}"


def _passages(board: MembershipBoard) -> list[dict[str, str]]:
    """Return the text that was accepted last."""
    accepted = board.acceptances
    return [one.as_json() for one in passages_of(accepted[-1].text.text)] if accepted else []
