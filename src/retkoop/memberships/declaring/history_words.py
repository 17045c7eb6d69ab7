"""The words of the trail: what coops declare, and what mandataires accept."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, day, moment, money, text, truth
from retkoop.domain.chart import Chart
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.templates import plural

ACTIONS: Final[dict[str, str]] = {
    "membership.begun": "Adhésion commencée",
    "declaration.begun": "Effectifs notés",
    "declaration.changed": "Effectifs modifiés",
    "declaration.made": "Adhésion déclarée",
    "declaration.corrected": "Effectifs corrigés",
    "engagement.accepted": "Engagement du mandataire accepté",
}


def _classes(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return plural(len(value), "classe")


def _lines(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "ligne") if value else ""


def _validated(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return f"déclaration n° {value}" if value else ""


def _gift(value: Any, chart: Chart) -> str:  # noqa: ANN401 -- idem
    return money(value, chart) if value else ""


RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.membership": RecordWords(
        columns={
            "reference": ("Référence de virement", text),
            "validated": ("Validée", _validated),
            "validated_at": ("Validée le", moment),
            "validated_by": ("Validée par", text),
            "left_on": ("Non renouvelée le", day),
            "left_reason": ("Motif", text),
        },
        silent=frozenset({"id", "coop_id", "start", "version"}),
        name=lambda state: f"Adhésion {SchoolYear(state['start'])}",
    ),
    "memberships.declaration": RecordWords(
        columns={
            "classes": ("Classes", _classes),
            "pupils": ("Élèves", text),
            "adults": ("Adultes", text),
            "magazines": ("Abonnements", text),
            "contribution": ("Participation volontaire", _gift),
            "insured": ("Assurance", truth),
            "total": ("Total", _gift),
            "lines": ("Appel de cotisation", _lines),
            "reason": ("Pourquoi", text),
        },
        silent=frozenset({"id", "membership_id", "number", "extras", "declared_at", "declared_by", "version"}),
        name=lambda state: f"déclaration n° {state['number']}",
    ),
    "memberships.engagementacceptance": RecordWords(
        columns={"holder": ("Mandataire", text), "accepted_at": ("Accepté le", moment)},
        silent=frozenset({"id", "membership_id", "text_id", "mandate_id", "accepted_by"}),
        name=lambda state: str(state["holder"]),
        in_name=frozenset({"holder"}),
    ),
}
