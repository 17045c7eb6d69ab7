"""The attestation of adhésion and insurance on paper, with its code and the address where anybody can check it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.domain.attestation_code import written_code
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import MembershipAttestation
from retkoop.memberships.validating.attestations import attested
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.paper.square import square
from retkoop.ui.templates import plural

TEMPLATE: Final = Path(__file__).with_name("attestation.typ")


def attestation_pdf(row: MembershipAttestation, association: DepartmentalAssociation, today: date) -> bytes:
    """Return the attestation as a PDF."""
    return pdf(TEMPLATE, attestation_data(row, association), today)


def attestation_name(row: MembershipAttestation) -> str:
    said = attested(row)
    return f"Attestation-{said.rne}-{said.year}.pdf"


def attestation_data(row: MembershipAttestation, association: DepartmentalAssociation) -> dict[str, object]:
    """Return what the template lays out, every sentence already in French."""
    said, code = attested(row), written_code(row.code)
    year = SchoolYear.parse(said.year)
    path = reverse("check_attestation", kwargs={"code": code})
    host = settings.PUBLIC_URL.partition("://")[2] or settings.PUBLIC_URL
    return {
        "title": f"Attestation d’adhésion {said.year}, {said.coop}",
        "heading": f"Attestation d’adhésion{' et d’assurance' if said.insured else ''}",
        "association": f"{said.association} · {said.association_name}",
        "running": f"Attestation {said.rne} · {said.year}",
        "made": f"Délivrée le {format_long(timezone.localdate(row.issued_at))}",
        "coop": said.coop,
        "place": " · ".join(filter(None, (said.commune, f"RNE {said.rne}"))),
        "adheres": adheres(said.association, said.year, year),
        "facts": facts_told(row),
        "holders": [f"{name}, {rank.lower()}" for name, rank in said.holders],
        "signed": f"Pour l’{said.association}, le {format_long(timezone.localdate(row.issued_at))}",
        "signature": _signature(association, year),
        "code": code,
        "address": f"{host}{reverse('find_attestation')}",
        "link": f"{settings.PUBLIC_URL}{path}",
        "square": square(f"{settings.PUBLIC_URL}{path}"),
    }


def adheres(association: str, name: str, year: SchoolYear) -> str:
    return (
        f"est adhérente de l’{association}, association départementale de l’Office central de la coopération à l’école, pour l’année "
        f"scolaire {name}, du {format_long(year.first_day)} au {format_long(year.last_day)}."
    )


def facts_told(row: MembershipAttestation) -> list[list[str]]:
    """Return the facts of an attestation as people read them."""
    said = attested(row)
    members = f"{plural(said.members, 'coopérateur')}\u202f: {plural(said.pupils, 'élève')}, {plural(said.adults, 'adulte')}"
    return [
        ["Coopérateurs", members],
        ["Assurance", "Souscrite avec l’adhésion" if said.insured else "Non souscrite avec l’adhésion"],
    ]


def _signature(association: DepartmentalAssociation, year: SchoolYear) -> dict[str, object] | None:
    found: tuple[bytes, str] | None = import_string(settings.SIGNATURE)(association, year)
    return {"image": list(found[0]), "format": "png" if found[1] == "image/png" else "jpg"} if found else None
