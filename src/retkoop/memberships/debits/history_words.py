"""The words of the trail: direct debits."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, day, moment, money, text
from retkoop.domain.chart import Chart
from retkoop.memberships.models import CollectionState
from retkoop.memberships.receipts.history_words import account_end, labelled

ACTIONS: Final[dict[str, str]] = {
    "debit_mandate.signed": "Mandat de prélèvement signé",
    "debit_mandate.ended": "Fin du mandat de prélèvement",
    "collection.prepared": "Remise de prélèvements préparée",
    "collection.changed": "Prélèvement retiré de la remise",
    "collection.sent": "Remise donnée à la banque",
    "collection.called_back": "Fichier de la remise refusé par la banque",
    "collection.settled": "Remise encaissée",
    "collection.cancelled": "Remise annulée",
    "debit.prepared": "Prélèvement préparé",
    "debit.given_up": "Prélèvement abandonné",
    "debit.credited": "Prélèvement encaissé",
    "debit.returned": "Prélèvement revenu",
    "membership.unvalidated": "Validation de l’adhésion retirée",
}


def _creditor(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds
    return f"{value.get('name', '')}, ICS {value.get('ics', '')}"


RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.debitmandate": RecordWords(
        columns={
            "rum": ("RUM", text),
            "iban": ("Compte", account_end),
            "debtor": ("Titulaire", text),
            "signed_by": ("Signé par", text),
            "creditor": ("Créancier", _creditor),
            "ended_at": ("Fini", moment),
            "end_reason": ("Motif", text),
        },
        silent=frozenset({"id", "coop_id", "bic", "signed_at"}),
        name=lambda state: str(state["rum"]),
        in_name=frozenset({"rum"}),
    ),
    "memberships.collection": RecordWords(
        columns={
            "collected_on": ("Échéance", day),
            "count": ("Prélèvements", text),
            "total": ("Total", money),
            "state": ("État", labelled(CollectionState)),
            "sent_at": ("Remise", moment),
            "refused": ("Refusée par la banque", text),
            "edition": ("Version du fichier", text),
        },
        silent=frozenset({"id", "association_id", "start", "number", "message", "creditor", "prepared_at", "revised_at", "version"}),
        name=lambda state: f"remise n° {state['number']}",
    ),
    "memberships.debit": RecordWords(
        columns={"amount": ("Montant", money), "returned_on": ("Revenu le", day), "return_code": ("Code de la banque", text)},
        silent=frozenset({"id", "collection_id", "membership_id", "mandate_id", "payment_id", "first", "end_to_end", "pending"}),
        name=lambda state: str(state["end_to_end"]),
    ),
}
