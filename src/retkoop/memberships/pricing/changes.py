"""All that an AD, or the federation, has asked for adhésions: who set it, when, from which year on. Read from the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from retkoop.audit.models import AuditEvent
from retkoop.domain.fees import BASIS_LABELS, Basis
from retkoop.domain.money import format_amount
from retkoop.domain.receipt_journal import RECEIPT_ACCOUNTS
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.ibans import masked_iban
from retkoop.memberships.models import PaymentWay
from retkoop.memberships.pricing.forms import INSURANCE_LABELS
from retkoop.network.models import DepartmentalAssociation, Setting
from retkoop.network.queries import NATIONAL

MOST: Final = 30


@dataclass(frozen=True, slots=True)
class PricingChange:
    """One change of what is asked: when, by whom, of what, from which year on, to what; `national`: the federation's."""

    at: datetime
    by: str
    label: str
    year: SchoolYear
    national: bool
    written: str


def changes_of(association: DepartmentalAssociation | None) -> list[PricingChange]:
    """Return the latest changes of what stands for an AD (or for all), the latest first, in two queries."""
    asked = Setting.objects.filter(Q(association=association) | Q(association=None), name__in=_WORDS)
    rows = {row.subject: row for row in asked}
    events = AuditEvent.objects.filter(subject__in=list(rows)).order_by("-at", "-sequence")[:MOST]
    return [_change(event, rows[event.subject]) for event in events]


def _change(event: AuditEvent, row: Setting) -> PricingChange:
    label, write = _WORDS[row.name]
    written = _written(event.after["value"], write) if event.after else "effacé"
    return PricingChange(event.at, event.actor_name, label, SchoolYear(row.from_year), row.association_id is None, written)


def _written(value: Any, write: Callable[[Any], str]) -> str:  # noqa: ANN401 -- what JSON holds
    return "la valeur nationale" if value == NATIONAL else write(value) or "rien"


def _extras(rows: list[Mapping[str, Any]]) -> str:
    return ", ".join(f"{row['label']} ({_price(row)})" for row in rows)


def _price(row: Mapping[str, Any]) -> str:
    basis = Basis(row["basis"])
    return BASIS_LABELS[basis] if basis is Basis.FREE else f"{format_amount(row['price'])} {BASIS_LABELS[basis]}"


def _creditor(told: Mapping[str, str]) -> str:
    account = masked_iban(told["iban"]) if told.get("iban") else ""
    ics = f"ICS {told['ics']}" if told.get("ics") else ""
    return ", ".join(filter(None, (told.get("name", ""), account, ics, told.get("order", ""), " ".join(told.get("address", "").split()))))


def _accounts(told: Mapping[str, str]) -> str:
    return ", ".join(f"{RECEIPT_ACCOUNTS[key][1]} {code}" for key, code in told.items() if key in RECEIPT_ACCOUNTS)


_WORDS: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = {
    "insurance_rule": ("Assurance de la coopérative", lambda value: INSURANCE_LABELS[value].lower()),
    "payment_ways": ("Comment payer", lambda value: ", ".join(PaymentWay(way).label.lower() for way in value)),
    "book_on_validation": ("Noter le paiement dans le cahier à la validation", lambda value: "oui" if value else "non"),
    "extra_fees": ("Lignes en plus", _extras),
    "creditor": ("Compte et adresse de l’association", _creditor),
    "receipt_accounts": ("Comptes du journal des encaissements", _accounts),
}
