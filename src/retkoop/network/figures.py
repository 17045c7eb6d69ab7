"""The figures that an AD may set for a school year: what each is, how far it may go, and the national default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from retkoop.domain.closing import VerifierRule
from retkoop.domain.deadline import DUE_DAYS
from retkoop.domain.money import format_amount
from retkoop.domain.rules import Rules

_RULES: Final = Rules()
_VERIFIERS: Final = VerifierRule()


class Unit(StrEnum):
    """What a figure counts; euros are kept in cents."""

    EUROS = "€"
    DAYS = "jours"
    DEPOSITS = "dépôts"
    MEGABYTES = "Mo"
    PAGES = "pages"
    PEOPLE = "personnes"


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole number from `low` to `high`, in its unit (cents where it is in euros)."""

    group: str
    name: str
    label: str
    help: str
    unit: Unit
    low: int
    high: int
    default: int

    def written(self, value: int) -> str:
        """Write a value as people read it: `150,00 €`, `60 jours`, `1 page`."""
        if self.unit is Unit.EUROS:
            return format_amount(value)
        unit = self.unit.removesuffix("s") if value < 2 else self.unit
        return f"{value}\u00a0{unit}"


def _rule(name: str, label: str, words: str, unit: Unit, bounds: tuple[int, int]) -> Figure:
    group = "Alertes du cahier"
    return Figure(group, name, label, words, unit, *bounds, default=getattr(_RULES, name))


_MOST: Final = 10_000_00
RULE_NAMES: Final = frozenset(field.name for field in fields(Rules))


def _price(name: str, label: str, words: str, default: int) -> Figure:
    return Figure("Tarifs de l’adhésion", name, label, words, Unit.EUROS, 0, 1_000_00, default)


def _debit(name: str, label: str, words: str, bounds: tuple[int, int], default: int) -> Figure:
    return Figure("Prélèvements", name, label, words, Unit.DAYS, *bounds, default=default)


FIGURES: Final[tuple[Figure, ...]] = (
    _rule(
        "cash_payment_ceiling",
        "Paiement en espèces",
        "Au-delà, une alerte. La loi s’arrête à 1\u202f000\u202f€.",
        Unit.EUROS,
        (1_00, 1_000_00),
    ),
    _rule("cash_ceiling", "Espèces en caisse", "Au-delà, la caisse est à déposer à la banque.", Unit.EUROS, (1_00, _MOST)),
    _rule("regie_ceiling", "Avance d’une régie", "Au-delà, une alerte.", Unit.EUROS, (1_00, _MOST)),
    _rule("durable_threshold", "Bien durable", "Au-delà, un achat devrait être au compte 680.", Unit.EUROS, (1_00, _MOST)),
    _rule("free_deposits", "Dépôts d’espèces sans frais", "Ce que la banque accepte dans l’année.", Unit.DEPOSITS, (1, 366)),
    _rule("unpointed_days", "Chèque non pointé", "Au bout de ce délai, une alerte.", Unit.DAYS, (1, 366)),
    _rule("silent_days", "Cahier sans opération", "Au bout de ce délai, un conseil.", Unit.DAYS, (1, 366)),
    Figure("Documents", "document_megabytes", "Poids d’un document", "Un fichier plus lourd est refusé.", Unit.MEGABYTES, 5, 100, 20),
    Figure("Documents", "document_pages", "Pages d’un document", "Un fichier plus long est refusé.", Unit.PAGES, 1, 200, 30),
    Figure(
        "Vérificateurs", "verifier_count", "Vérificateurs", "Ils signent les comptes de l’année.", Unit.PEOPLE, 2, 6, _VERIFIERS.verifiers
    ),
    Figure("Vérificateurs", "verifier_parents", "Dont parents d’élèves", "Au moins.", Unit.PEOPLE, 1, 6, _VERIFIERS.parents),
    Figure("Vérificateurs", "verifier_teachers", "Dont enseignants", "Au moins.", Unit.PEOPLE, 0, 6, _VERIFIERS.teachers),
    Figure(
        "Vérificateurs",
        "verifier_others",
        "Dont autres adultes",
        "Au moins. Des personnes extérieures à l’école.",
        Unit.PEOPLE,
        0,
        6,
        _VERIFIERS.others,
    ),
    Figure(
        "Fin d’année",
        "crf_due_days",
        "Date d’envoi des comptes",
        "Comptée à partir du 31 août\u202f: 30 pour le 30 septembre, 45 pour le 15 octobre.",
        Unit.DAYS,
        1,
        120,
        DUE_DAYS,
    ),
    Figure(
        "Fin d’année",
        "membership_due_days",
        "Date limite d’adhésion",
        "Comptée à partir du 31 août\u202f: 60 pour le 30 octobre, 91 pour le 30 novembre.",
        Unit.DAYS,
        1,
        300,
        91,
    ),
    _price("member_price", "Cotisation par coopérateur", "Élèves et adultes, affiliation à l’OCCE comprise.", 2_05),
    _price("insurance_price", "Assurance par coopérateur", "Celle de la coopérative, payée avec la cotisation.", 25),
    _price("magazine_price", "Abonnement à Animation & Éducation", "Pour une année. Zéro\u202f: il n’est pas proposé.", 0),
    _debit(
        "debit_notice_days",
        "Prévenir avant un prélèvement",
        "La coopérative reçoit un courriel avant. Le délai de droit commun est de 14 jours.",
        (1, 30),
        14,
    ),
    _debit(
        "debit_lead_days",
        "Remettre un prélèvement à la banque",
        "Jours ouvrés bancaires avant l’échéance\u202f: voyez votre convention.",
        (1, 14),
        5,
    ),
    Figure(
        "Relances",
        "reminder_days",
        "Entre deux relances",
        "Jamais deux fois à la même adresse pour la même chose avant ce délai.",
        Unit.DAYS,
        1,
        120,
        14,
    ),
)

OTHERS: Final[Mapping[str, object]] = {
    "initial_password": True,
    "initial_password_until": "",
    "reminder_sender": "",
    "reminder_reply": "",
    "signature": "",
    "chart": {},
    "insurance_rule": "proposed",
    "extra_fees": [],
    "creditor": {},
    "payment_ways": ["cheque", "transfer", "debit"],
    "book_on_validation": True,
    "receipt_accounts": {},
    "federation_shares": {"member": 1_10, "insurance": 25, "magazine": 0},
}
"""What may be set besides figures and words, with what stands where nobody has: a day as ISO text, an image as its SHA-256.

Of adhésions (`memberships.pricing`): the rule of insurance, extra lines as rows, the account to pay (name, iban, bic, ics), the ways
to pay, whether validation books the payment, the accounts of the journal of receipts, the federation's shares in cents (its own to set).
"""

DEFAULTS: Final[Mapping[str, object]] = {
    **{field.name: list(value) for field in fields(Rules) if isinstance(value := getattr(_RULES, field.name), tuple)},
    **{figure.name: figure.default for figure in FIGURES},
    **OTHERS,
}
"""All that may be set, with what stands where neither the federation nor an AD has."""
