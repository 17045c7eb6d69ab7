"""The words of the trail: what the AD validates and proves, what goes into the cahier."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, moment, text, truth
from retkoop.domain.attestation_code import written_code
from retkoop.domain.chart import Chart
from retkoop.domain.money import format_amount
from retkoop.ui.templates import plural


def _attested(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return plural(value["pupils"] + value["adults"], "coopérateur")


def _code(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return written_code(value)


def _parts(value: Any, chart: Chart) -> str:  # noqa: ANN401 -- idem
    return ", ".join(f"{chart.alias(account)}\u202f: {format_amount(amount)}" for account, amount in value.items())


ACTIONS: Final[dict[str, str]] = {
    "membership.validated": "Adhésion validée par l’association",
    "membership.left": "Adhésion notée non renouvelée",
    "membership.stays": "Adhésion de nouveau attendue",
    "attestation.issued": "Attestation d’adhésion délivrée",
    "attestation.revoked": "Attestation d’adhésion retirée",
    "booking.made": "Paiement de l’adhésion inscrit dans le cahier",
    "booking.found": "Paiement de l’adhésion reconnu dans le cahier",
}

RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.membershipattestation": RecordWords(
        columns={
            "code": ("Code", _code),
            "facts": ("Coopérateurs", _attested),
            "revoked_at": ("Retirée", moment),
            "revoked_reason": ("Pourquoi", text),
        },
        silent=frozenset({"id", "membership_id", "declaration_id", "issued_at"}),
        name=lambda state: f"Attestation {state['facts']['year']}",
    ),
    "memberships.bookedpayment": RecordWords(
        columns={"reversal": ("Paiement revenu", truth), "found": ("Déjà noté", truth), "parts": ("Ventilation", _parts)},
        silent=frozenset({"id", "coop_id", "payment_id", "operation_id"}),
    ),
}
