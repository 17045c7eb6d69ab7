"""A declaration of the federation's share on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from retkoop.domain.federation_share import told_share
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import ShareDeclaration
from retkoop.ui.days import format_long, format_moment
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural, whole

TEMPLATE: Final = Path(__file__).with_suffix(".typ")


def share_name(row: ShareDeclaration) -> str:
    return f"Part-federale-{row.association.department}-{SchoolYear(row.start)}-{row.number}.pdf"


def share_pdf(row: ShareDeclaration, today: date) -> bytes:
    """Return a declaration as it was made."""
    return pdf(TEMPLATE, share_data(row, today), today)


def share_data(row: ShareDeclaration, today: date) -> dict[str, object]:
    """Return what the template lays out."""
    year, association = SchoolYear(row.start), row.association
    heading = f"Part fédérale des adhésions {year}"
    rows = [[one.label, whole(one.quantity), format_amount(one.price), format_amount(one.amount)] for one in told_share(row.facts)]
    return {
        "title": f"{heading}, {association}",
        "heading": heading,
        "association": f"{association} · {association.name}",
        "running": f"{heading} · {association}",
        "made": f"Retkoop, le {format_long(today)}",
        "intro": (
            f"Déclaration n°\u00a0{row.number}, faite par {row.declared_by} le {format_moment(row.declared_at)}, "
            f"sur {plural(row.facts['coops'], 'adhésion validée', 'adhésions validées')}."
        ),
        "rows": rows,
        "total": format_amount(row.amount),
    }
