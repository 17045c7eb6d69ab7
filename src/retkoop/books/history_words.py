"""The words of the trail: its actions, its records and their columns, as teachers call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from retkoop.archive.models import DocumentKind
from retkoop.books.models import Proof
from retkoop.domain.chart import FIXED_LABELS, Chart
from retkoop.domain.entry import Line, moves_and_parts
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import MandateRank, RoleKind
from retkoop.ui.days import format_full, format_moment
from retkoop.ui.templates import plural, signed

Formatter = Callable[[Any, Chart], str]

ROLES: Final[Mapping[str, str]] = {
    **dict(RoleKind.choices),
    "system": "l’application",
    "account": "titulaire du compte",
    "stranger": "personne non connectée",
}

DISPOSALS: Final = {"sold": "Vendu", "given": "Donné", "stolen": "Volé", "broken": "Cassé", "scrapped": "Mis au rebut"}
MEETINGS: Final = {"cooperative": "Conseil de coopérative", "teachers": "Conseil des maîtres", "assembly": "Assemblée"}
"""The words of the registers, which stand above this room; their tests hold the two together."""

ACTIONS: Final = {
    "operation.recorded": "Opération notée",
    "operation.edited": "Opération modifiée",
    "operation.deleted": "Opération supprimée",
    "operation.restored": "Opération rétablie",
    "operation.imported": "Opération importée",
    "operation.unimported": "Opération importée, retirée",
    "operation.pointed": "Opération pointée",
    "operation.unpointed": "Opération dépointée",
    "operation.cheque_read": "Numéro de chèque relu",
    "operation.proven": "Justificatif joint",
    "operation.on_paper": "Justificatif sur papier",
    "operation.voucher_lost": "Justificatif déclaré perdu",
    "operation.voucher_purged": "Justificatif détruit au bout de dix ans",
    "operation.unproven": "Justificatif retiré",
    "document.received": "Document reçu",
    "document.described": "Document décrit",
    "document.removed": "Document supprimé",
    "document.restored": "Document rétabli",
    "document.purged": "Document détruit au bout de dix ans",
    "book.opened": "Année ouverte",
    "book.imported": "Fichier importé",
    "book.unimported": "Import annulé",
    "book.account_chosen": "Nature du compte choisie",
    "carried_item.recorded": "Opération d’avant notée",
    "carried_item.removed": "Opération d’avant retirée",
    "carried_item.restored": "Opération d’avant rétablie",
    "carried_item.pointed": "Opération d’avant pointée",
    "carried_item.unpointed": "Opération d’avant dépointée",
    "statement.recorded": "Relevé noté",
    "statement.edited": "Relevé modifié",
    "statement.removed": "Relevé supprimé",
    "statement.closed": "Relevé clos",
    "statement.reopened": "Relevé rouvert",
    "cash_count.recorded": "Caisse comptée",
    "cash_count.removed": "Comptage supprimé",
    "cash_count.restored": "Comptage rétabli",
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
    "coop.created": "Coopérative créée",
    "mandate.given": "Mandat donné",
    "mandate.ended": "Mandat terminé",
    "role.given": "Droit donné",
    "role.ended": "Droit retiré",
    "account.created": "Compte créé",
    "account.activated": "Compte activé",
    "account.reset": "Compte réinitialisé",
    "account.link_made": "Lien d’activation créé",
    "account.password_changed": "Mot de passe changé",
    "account.sessions_ended": "Autres connexions terminées",
    "account.wrong_try": "Mot de passe refusé",
    "account.second_factor_added": "Code de sécurité ajouté",
    "account.second_factor_removed": "Code de sécurité retiré",
    "account.recovery_codes_made": "Codes de secours créés",
}


def _text(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return str(value)


def _money(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_amount(value)


def _move(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write what moved with its sign; what did not move is not told."""
    return f"{signed(value)} €" if value else ""


def _day(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_full(date.fromisoformat(value))


def _moment(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_moment(datetime.fromisoformat(value))


def _year(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(SchoolYear(value))


def _truth(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return "oui" if value else "non"


def _split(lines: Any, chart: Chart) -> str:  # noqa: ANN401 -- idem
    """Write the ventilation that double entry holds: `618 : 184,5 `."""
    _, parts = moves_and_parts(Line(*line) for line in lines)
    return ", ".join(f"{chart.alias(part.account)} : {format_amount(part.amount)}" for part in parts)


def _vouchers(keys: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(keys), "document") if keys else ""


def _proof(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(Proof(value).label)


def _document_kind(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(DocumentKind(value).label)


def _disposal(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return DISPOSALS[value]


def _meeting(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return MEETINGS[value]


def _joined(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return "oui" if value else ""


def _operations(keys: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(keys), "opération") if keys else ""


def _names(names: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return ", ".join(names)


def _spent(pairs: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write what a subsidy paid, in all."""
    return f"{format_amount(sum(amount for _, amount in pairs))} en {plural(len(pairs), 'opération')}" if pairs else ""


def _quantities(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write notes and coins, the largest first: `2 × 50,0 `."""
    ranked = sorted(value.items(), key=lambda pair: -int(pair[0]))
    return ", ".join(f"{quantity} × {format_amount(int(worth))}" for worth, quantity in ranked)


def _account(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return f"{value} · {FIXED_LABELS.get(value, value)}"


def _rank(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(dict(MandateRank.choices).get(value, value))


def _kind(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return ROLES.get(value, value)


def _numbered(number: str) -> str:
    return f"n° {number} " if number else ""


FIELDS: Final[Mapping[str, Mapping[str, tuple[str, Formatter]]]] = {
    "books.operation": {
        "date": ("Date", _day),
        "piece": ("Pièce", _text),
        "label": ("Libellé", _text),
        "tiers": ("Tiers", _text),
        "cheque": ("Chèque", _text),
        "bank": ("Banque", _move),
        "cash": ("Caisse", _move),
        "regie": ("Régies", _move),
        "lines": ("Ventilation", _split),
        "project": ("Projet", _text),
        "classe": ("Classe", _text),
        "pointed_year": ("Pointée sur un relevé de", _year),
        "proof": ("Justificatif", _proof),
        "proof_place": ("Rangé", _text),
        "vouchers": ("Documents joints", _vouchers),
    },
    "archive.document": {"kind": ("Nature", _document_kind), "label": ("Intitulé", _text), "date": ("Date", _day)},
    "books.carrieditem": {
        "date": ("Date", _day),
        "piece": ("Pièce", _text),
        "label": ("Libellé", _text),
        "cheque": ("Chèque", _text),
        "bank": ("Banque", _move),
        "pointed_year": ("Pointée sur un relevé de", _year),
    },
    "books.book": {"bank_account": ("Compte", _account), "sealed_at": ("Scellée", _moment)},
    "books.importbatch": {"undone_at": ("Annulé", _moment)},
    "banking.bankstatement": {
        "number": ("Numéro", _text),
        "date": ("Date", _day),
        "account_balance": ("Solde", _money),
        "closed_at": ("Clos", _moment),
    },
    "banking.cashcountrecord": {"day": ("Jour", _day), "counted": ("Total", _money), "quantities": ("Billets et pièces", _quantities)},
    "registers.inventoryitem": {
        "label": ("Bien", _text),
        "bought_on": ("Acheté le", _day),
        "value": ("Valeur", _money),
        "place": ("Où il est", _text),
        "photo_id": ("Photo", _joined),
        "disposed_on": ("Sorti le", _day),
        "disposal": ("Sortie", _disposal),
        "note": ("Remarque", _text),
    },
    "registers.subsidy": {
        "body": ("Organisme", _text),
        "purpose": ("Objet", _text),
        "amount": ("Montant", _money),
        "notified_on": ("Notifiée le", _day),
        "justify_before": ("À justifier au plus tard le", _day),
        "justified_on": ("Justifiée le", _day),
        "notification_id": ("Notification", _joined),
        "spendings": ("Dépensé", _spent),
    },
    "registers.deliberation": {
        "date": ("Date", _day),
        "kind": ("Réunion", _meeting),
        "people": ("Présents", _text),
        "decisions": ("Décisions", _text),
        "minutes_id": ("Compte rendu", _joined),
        "operations": ("Opérations", _operations),
        "projects": ("Projets", _names),
    },
    "network.coop": {"rne": ("RNE", _text), "name": ("École", _text), "commune": ("Commune", _text), "email": ("Adresse", _text)},
    "network.mandate": {"holder": ("Mandataire", _text), "rank": ("Rang", _rank), "start": ("Début", _day), "end": ("Fin", _day)},
    "network.role": {"kind": ("Droit", _kind), "start": ("Début", _day), "end": ("Fin", _day)},
    "users.user": {
        "username": ("Identifiant", _text),
        "name": ("Nom", _text),
        "email": ("Adresse", _text),
        "is_active": ("Ouvert", _truth),
        "activated_at": ("Activé", _moment),
    },
}

NAMES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "books.operation": lambda state: f"{state['piece']} {state['label']}",
    "books.carrieditem": lambda state: f"{state['piece']} {state['label']}",
    "archive.document": lambda state: str(state["label"]),
    "books.book": lambda state: str(SchoolYear(state["start"])),
    "books.importbatch": lambda state: str(state["file_name"]),
    "banking.bankstatement": lambda state: f"{_numbered(state['number'])}du {format_full(date.fromisoformat(state['date']))}",
    "banking.cashcountrecord": lambda state: format_full(date.fromisoformat(state["day"])),
    "registers.inventoryitem": lambda state: str(state["label"]),
    "registers.subsidy": lambda state: f"{state['body']} {state['purpose']}",
    "registers.deliberation": lambda state: f"{MEETINGS[state['kind']]} {format_full(date.fromisoformat(state['date']))}",
    "network.coop": lambda state: str(state["name"]),
    "network.mandate": lambda state: str(state["holder"]),
    "users.user": lambda state: str(state["name"]),
}

IN_NAMES: Final = frozenset(
    {
        ("books.operation", "piece"),
        ("books.operation", "label"),
        ("archive.document", "label"),
        ("books.carrieditem", "piece"),
        ("books.carrieditem", "label"),
        ("banking.bankstatement", "number"),
        ("banking.bankstatement", "date"),
        ("banking.cashcountrecord", "day"),
        ("registers.inventoryitem", "label"),
        ("registers.subsidy", "body"),
        ("registers.subsidy", "purpose"),
        ("registers.deliberation", "kind"),
        ("registers.deliberation", "date"),
        ("network.coop", "name"),
        ("network.mandate", "holder"),
        ("users.user", "name"),
    }
)
"""Columns that the name of a record says already: of one that comes or goes, they are not told twice."""

_KEYS: Final = frozenset({"id", "coop_id", "book_id"})
SILENT: Final[Mapping[str, frozenset[str]]] = {
    "books.operation": _KEYS
    | {
        "batch_id",
        "piece_key",
        "tiers_key",
        "cheque_number",
        "kind",
        "accounts",
        "words",
        "opening",
        "entered_at",
        "entered_by_id",
        "version",
    },
    "books.carrieditem": _KEYS,
    "archive.document": (_KEYS - {"book_id"})
    | {"start", "digest", "source_digest", "file_name", "media_type", "size", "pages", "received_at", "received_by_id", "version"},
    "books.book": frozenset({"id", "coop_id"})
    | {
        "start",
        "statement_date",
        "statement_balance",
        "closed_statement_date",
        "closed_statement_at",
        "count_day",
        "count_total",
        "statement_document",
    },
    "books.importbatch": _KEYS | {"file_name", "made_at"},
    "banking.bankstatement": _KEYS | {"version"},
    "banking.cashcountrecord": _KEYS | {"made_at"},
    "registers.inventoryitem": (_KEYS - {"book_id"}) | {"operation_id", "version"},
    "registers.subsidy": _KEYS | {"operation_id", "version"},
    "registers.deliberation": _KEYS | {"version"},
    "network.coop": frozenset({"id", "association_id"}),
    "network.mandate": frozenset({"id", "coop_id"}),
    "network.role": frozenset({"id", "user_id", "coop_id", "association_id"}),
    "users.user": frozenset({"id", "family", "own_words", "initial_spent", "created_at"}),
}
"""Columns that follow from others, or that only the machine reads."""
