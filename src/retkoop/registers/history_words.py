"""The words of the trail in the registers: goods, subsidies, deliberations."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, day, joined, money, text
from retkoop.domain.chart import Chart
from retkoop.domain.money import format_amount
from retkoop.registers.models import Disposal, Meeting
from retkoop.ui.days import format_full
from retkoop.ui.templates import plural


def _disposal(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return str(Disposal(value).label)


def _meeting(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(Meeting(value).label)


def _operations(keys: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(keys), "opération") if keys else ""


def _names(names: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return ", ".join(names)


def _spent(pairs: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write what a subsidy paid, in all."""
    return f"{format_amount(sum(amount for _, amount in pairs))} en {plural(len(pairs), 'opération')}" if pairs else ""


_ACTIONS: Final = {
    "item.recorded": "Bien porté à l’inventaire",
    "item.edited": "Bien modifié",
    "item.removed": "Bien retiré de l’inventaire",
    "item.restored": "Bien rétabli",
    "subsidy.recorded": "Subvention portée au tableau",
    "subsidy.edited": "Subvention modifiée",
    "subsidy.spent": "Dépenses d’une subvention",
    "subsidy.removed": "Subvention retirée du tableau",
    "subsidy.restored": "Subvention rétablie",
    "deliberation.recorded": "Délibération notée",
    "deliberation.edited": "Délibération modifiée",
    "deliberation.removed": "Délibération supprimée",
    "deliberation.restored": "Délibération rétablie",
}

_RECORDS: Final = {
    "registers.inventoryitem": RecordWords(
        columns={
            "label": ("Bien", text),
            "bought_on": ("Acheté le", day),
            "value": ("Valeur", money),
            "place": ("Où il est", text),
            "photo_id": ("Photo", joined),
            "disposed_on": ("Sorti le", day),
            "disposal": ("Sortie", _disposal),
            "note": ("Remarque", text),
        },
        silent=(KEYS - {"book_id"}) | {"operation_id", "version"},
        name=lambda state: str(state["label"]),
        in_name=frozenset({"label"}),
    ),
    "registers.subsidy": RecordWords(
        columns={
            "body": ("Organisme", text),
            "purpose": ("Objet", text),
            "amount": ("Montant", money),
            "notified_on": ("Notifiée le", day),
            "justify_before": ("À justifier au plus tard le", day),
            "justified_on": ("Justifiée le", day),
            "notification_id": ("Notification", joined),
            "spendings": ("Dépensé", _spent),
        },
        silent=KEYS | {"operation_id", "version"},
        name=lambda state: f"{state['body']} {state['purpose']}",
        in_name=frozenset({"body", "purpose"}),
    ),
    "registers.deliberation": RecordWords(
        columns={
            "date": ("Date", day),
            "kind": ("Réunion", _meeting),
            "people": ("Présents", text),
            "decisions": ("Décisions", text),
            "minutes_id": ("Compte rendu", joined),
            "operations": ("Opérations", _operations),
            "projects": ("Projets", _names),
        },
        silent=KEYS | {"version"},
        name=lambda state: f"{Meeting(state['kind']).label} {format_full(date.fromisoformat(state['date']))}",
        in_name=frozenset({"kind", "date"}),
    ),
}

WORDS: Final = Vocabulary(_ACTIONS, _RECORDS)
