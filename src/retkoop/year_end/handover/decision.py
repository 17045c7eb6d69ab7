"""The letter by which an AD tells that it has closed a coop, or merged it into another: on paper, under its signature."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from retkoop.domain.coop_end import readable_until
from retkoop.network.models import Coop
from retkoop.network.signature import signature_image
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def decision_name(coop: Coop) -> str:
    return f"Fin-{coop.rne}.pdf"


def decision_pdf(coop: Coop, closed_on: date, today: date) -> bytes:
    """Return the letter about a coop that was closed on a day."""
    return pdf(TEMPLATE, decision_data(coop, closed_on, today), today)


def decision_data(coop: Coop, closed_on: date, today: date) -> dict[str, object]:
    """Return what the template lays out, every sentence in French."""
    association, heir = coop.association, coop.merged_into
    heading = "Réunion de deux coopératives" if heir else "Fermeture d’une coopérative"
    told = (
        f"Elle est réunie à «\u00a0{heir.name}\u00a0» ({heir.rne})\u202f: ce qu’elle possédait y est noté."
        if heir
        else "Ce qu’elle possédait revient à l’association, personne morale dont elle était une section."
    )
    return {
        "title": f"{heading}, {coop.name}",
        "heading": heading,
        "association": f"{association} · {association.name}",
        "school": coop.name,
        "place": " · ".join(filter(None, (f"RNE {coop.rne}", coop.commune))),
        "running": str(association),
        "made": f"Retkoop, le {format_long(today)}",
        "lines": [
            f"L’association départementale a fermé la coopérative scolaire «\u00a0{coop.name}\u00a0» le {format_long(closed_on)}.",
            f"Motif\u202f: {coop.end_reason}",
            told,
            f"Ses comptes ne changent plus. Ils se lisent jusqu’au {format_long(readable_until(closed_on))}.",
        ],
        "signature": signature_image(association, today),
    }
