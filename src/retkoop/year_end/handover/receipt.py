"""The receipt of a handover: what was handed over, what the book said that day, who signed, or where to sign on paper."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

from retkoop.domain.handover import ANSWER_LABELS, ITEM_LABELS, HandoverAnswer, HandoverFacts, cash_gap, first_day_after
from retkoop.domain.money import format_amount
from retkoop.ui.days import format_long, format_moment
from retkoop.ui.paper.document import pdf
from retkoop.year_end.handover.models import Handover, HandoverWay
from retkoop.year_end.handover.services import facts_of

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def receipt_name(row: Handover) -> str:
    return f"Passation-{row.coop.rne}-{row.day.isoformat()}.pdf"


def receipt_pdf(row: Handover, today: date) -> bytes:
    """Return the receipt as it stands."""
    return pdf(TEMPLATE, receipt_data(row, today), today)


def receipt_data(row: Handover, today: date) -> dict[str, object]:
    """Return what the template lays out."""
    coop, facts = row.coop, facts_of(row)
    heading = "Reçu de passation"
    return {
        "title": f"{heading}, {coop.name}",
        "heading": heading,
        "coop": coop.name,
        "identity": " · ".join(filter(None, (f"RNE {coop.rne}", coop.commune, str(coop.association)))),
        "running": f"{heading} · {coop.name} · {coop.rne}",
        "made": f"Retkoop, le {format_long(today)}",
        "draft": not row.done,
        "intro": (
            f"{row.leaving.holder}, mandataire jusqu’au {format_long(row.day)} compris, passe les comptes de la coopérative à "
            f"{row.incoming_name}, qui les tient à partir du {format_long(first_day_after(row.day))}."
        ),
        "facts": [list(pair) for pair in facts_told(facts)],
        "facts_on": f"D’après {'le compte rendu' if row.book.direct else 'le cahier'} {row.book.year}, le {format_long(row.day)} au soir.",
        "answers": [[label, _answer(row, item.value)] for item, label in ITEM_LABELS.items()],
        "counted": cash_told(row, facts),
        "note": row.note,
        "signatures": [
            _signature("Qui part", row.leaving.holder, row.leaving_signed_at, row.leaving_way),
            _signature("Qui arrive", row.incoming_name, row.incoming_signed_at, row.incoming_way),
        ],
        "on_paper": row.on_paper,
    }


def facts_told(facts: HandoverFacts) -> list[tuple[str, str]]:
    """Return the facts of a handover as people read them."""
    return [
        ("Solde de la banque", format_amount(facts.bank)),
        ("Solde de la caisse", format_amount(facts.cash)),
        ("Régies ouvertes", format_amount(facts.regies)),
        ("Justificatifs manquants", str(facts.missing_vouchers)),
        ("Opérations non pointées", str(facts.unpointed)),
        ("Subventions en cours", str(facts.subsidies)),
    ]


def cash_told(row: Handover, facts: HandoverFacts) -> str:
    """Say what was in the cash box, and how far it is from the book."""
    if row.counted is None:
        return ""
    gap = cash_gap(facts, row.counted)
    told, book = f"Caisse comptée\u202f: {format_amount(row.counted)}", "les totaux" if row.book.direct else "le cahier"
    if not gap:
        return f"{told}, comme {book}."
    return f"{told}, soit {format_amount(abs(gap))} de {'plus' if gap > 0 else 'moins'} que {book}."


def _answer(row: Handover, item: str) -> str:
    said = row.answers.get(item)
    return ANSWER_LABELS[HandoverAnswer(said)] if said else "à dire"


def _signature(title: str, name: str, at: datetime | None, way: str) -> dict[str, object]:
    if at is None:
        told = ""
    elif way == HandoverWay.PAPER:
        told = f"Signé sur papier, scan reçu le {format_moment(at)}"
    else:
        told = f"Signé dans Retkoop le {format_moment(at)}"
    return {"title": title, "name": name, "signed": told}
