"""The words of the trail: the AD's receipts."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices

from retkoop.books.vocabulary import Formatter, RecordWords, day, money, text
from retkoop.domain.chart import Chart
from retkoop.domain.money import format_amount
from retkoop.memberships.ibans import masked_iban
from retkoop.memberships.models import PaymentState, PaymentWay


def labelled(choices: type[TextChoices]) -> Formatter:
    """Return how a column of choices is told: by the label of its value."""
    return lambda value, _: str(choices(value).label)


def account_end(value: str, _: Chart) -> str:
    """Tell an account by its last signs alone."""
    return masked_iban(value)


ACTIONS: Final[dict[str, str]] = {
    "payment.announced": "Paiement de l’adhésion annoncé",
    "payment.withdrawn": "Annonce de paiement reprise",
    "payment.received": "Paiement de l’adhésion reçu",
    "payment.refunded": "Cotisation remboursée",
    "payment.cancelled": "Paiement de l’adhésion annulé",
    "payment.returned": "Paiement de l’adhésion revenu impayé",
    "payment.deposited": "Chèque remis à la banque",
    "payment.taken_out": "Chèque retiré d’un bordereau",
    "payment.matched": "Paiement rapproché du relevé",
    "payment.unmatched": "Rapprochement du paiement défait",
    "cheque_deposit.made": "Bordereau de remise de chèques fait",
    "cheque_deposit.undone": "Bordereau de remise de chèques défait",
    "statement.received": "Relevé de l’association importé",
    "received_line.imported": "Ligne de relevé reçue",
    "received_line.set_aside": "Ligne de relevé mise de côté",
    "received_line.taken_back": "Ligne de relevé reprise",
}

RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.payment": RecordWords(
        columns={
            "way": ("Moyen", labelled(PaymentWay)),
            "amount": ("Montant", money),
            "state": ("État", labelled(PaymentState)),
            "announced_on": ("Annoncé le", day),
            "received_on": ("Reçu le", day),
            "returned_on": ("Revenu le", day),
            "reason": ("Motif", text),
            "cheque": ("Chèque n°", text),
            "payer": ("Tireur", text),
        },
        silent=frozenset({"id", "association_id", "membership_id", "deposit_id", "line_id", "version"}),
        name=lambda kept: f"{PaymentWay(kept['way']).label} de {format_amount(kept['amount'])}",
        in_name=frozenset({"way", "amount"}),
    ),
    "memberships.chequedeposit": RecordWords(
        columns={"number": ("Bordereau n°", text), "deposited_on": ("Remis le", day)},
        silent=frozenset({"id", "association_id"}),
        name=lambda kept: f"Bordereau n°\u00a0{kept['number']}",
        in_name=frozenset({"number"}),
    ),
    "memberships.receivedstatement": RecordWords(
        columns={
            "file_name": ("Fichier", text),
            "account": ("Compte", account_end),
            "format": ("Format", text),
            "opening": ("Ancien solde", money),
            "closing": ("Nouveau solde", money),
        },
        silent=frozenset({"id", "association_id", "sha256", "imported_at"}),
        name=lambda kept: str(kept["file_name"]),
        in_name=frozenset({"file_name"}),
    ),
    "memberships.receivedline": RecordWords(
        columns={
            "date": ("Date", day),
            "amount": ("Montant", money),
            "label": ("Libellé", text),
            "reference": ("Référence", text),
            "kind": ("Type", text),
            "set_aside": ("Mise de côté", text),
        },
        silent=frozenset({"id", "association_id", "statement_id", "account", "rank"}),
        name=lambda kept: str(kept["label"]),
        in_name=frozenset({"label"}),
    ),
}
