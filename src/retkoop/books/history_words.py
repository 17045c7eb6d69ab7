"""The words of the trail in the cahier and below it: documents, coops and their people, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retkoop.archive.models import DocumentKind
from retkoop.books.models import Proof
from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, day, moment, move, text, truth, year
from retkoop.domain.chart import FIXED_LABELS, Chart
from retkoop.domain.entry import Line, moves_and_parts
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import MandateRank, RoleKind
from retkoop.ui.templates import plural

ROLES: Final[Mapping[str, str]] = {
    **dict(RoleKind.choices),
    "system": "l’application",
    "account": "titulaire du compte",
    "stranger": "personne non connectée",
    "verifier": "vérificateur aux comptes",
    "teacher": "enseignant",
}


ON_STATEMENT: Final = "Relevé du"
"""What is said of a tick where the trail tells its statement; else its year is."""


def _split(lines: Any, chart: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    """Write the ventilation that double entry holds: `618 : 184,5 `."""
    _, parts = moves_and_parts(Line(*line) for line in lines)
    return ", ".join(f"{chart.alias(part.account)} : {format_amount(part.amount)}" for part in parts)


def _vouchers(keys: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(keys), "document") if keys else ""


def _proof(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(Proof(value).label)


def _document_kind(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(DocumentKind(value).label)


def _account(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return f"{value} · {FIXED_LABELS.get(value, value)}"


def _rank(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(dict(MandateRank.choices).get(value, value))


def _kind(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return ROLES.get(value, value)


def _yes(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Say what is so; what is not goes without saying."""
    return "oui" if value else ""


_ACTIONS: Final = {
    "operation.recorded": "Opération notée",
    "operation.edited": "Opération modifiée",
    "operation.carried": "Report à nouveau repris de l’année d’avant",
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
    "document.received_again": "Document envoyé de nouveau, gardé une seule fois",
    "document.read": "Document lu par la machine",
    "document.described": "Document décrit",
    "document.removed": "Document supprimé",
    "document.restored": "Document rétabli",
    "document.purged": "Document détruit au bout de dix ans",
    "book.opened": "Année ouverte",
    "book.opening_follows": "Report à nouveau provisoire",
    "book.opening_settled": "Report à nouveau définitif",
    "book.imported": "Fichier importé",
    "book.unimported": "Import annulé",
    "book.account_chosen": "Nature du compte choisie",
    "operation.withdrawn": "Subvention retirée",
    "totals.recorded": "Totaux de l’année notés",
    "totals.changed": "Totaux de l’année modifiés",
    "totals.followed": "Totaux de l’année recalculés",
    "totals.removed": "Totaux de l’année retirés",
    "direct.chosen": "Compte rendu sans cahier choisi",
    "direct.left": "Retour au cahier",
    "carried_item.recorded": "Opération d’avant notée",
    "carried_item.removed": "Opération d’avant retirée",
    "carried_item.restored": "Opération d’avant rétablie",
    "carried_item.pointed": "Opération d’avant pointée",
    "carried_item.unpointed": "Opération d’avant dépointée",
    "coop.created": "Coopérative créée",
    "coop.changed": "Fiche de la coopérative modifiée",
    "coop.renamed": "Coopérative renommée",
    "directory.imported": "Annuaire des écoles repris",
    "coop.closed": "Coopérative fermée",
    "coop.merged": "Coopérative réunie à une autre",
    "mandate.given": "Mandat donné",
    "mandate.ended": "Mandat terminé",
    "role.given": "Droit donné",
    "role.ended": "Droit retiré",
    "account.created": "Compte créé",
    "account.activated": "Compte activé",
    "account.changed": "Nom ou adresse du compte modifiés",
    "account.reset": "Compte réinitialisé",
    "account.closing": "Fermeture du compte prévue",
    "account.link_made": "Lien d’activation créé",
    "account.link_sent": "Lien d’activation envoyé à l’adresse du compte",
    "account.password_changed": "Mot de passe changé",
    "account.sessions_ended": "Autres connexions terminées",
    "account.wrong_try": "Mot de passe refusé",
    "account.second_factor_added": "Code de sécurité ajouté",
    "account.second_factor_removed": "Code de sécurité retiré",
    "account.recovery_codes_made": "Codes de secours créés",
}

_RECORDS: Final = {
    "books.operation": RecordWords(
        columns={
            "date": ("Date", day),
            "piece": ("Pièce", text),
            "label": ("Libellé", text),
            "tiers": ("Tiers", text),
            "cheque": ("Chèque", text),
            "bank": ("Banque", move),
            "cash": ("Caisse", move),
            "regie": ("Régies", move),
            "lines": ("Ventilation", _split),
            "project": ("Projet", text),
            "classe": ("Classe", text),
            "pointed_year": ("Pointée sur un relevé de", year),
            "proof": ("Justificatif", _proof),
            "proof_place": ("Rangé", text),
            "vouchers": ("Documents joints", _vouchers),
        },
        silent=KEYS
        | {
            "batch_id",
            "piece_key",
            "tiers_key",
            "cheque_number",
            "kind",
            "accounts",
            "words",
            "opening",
            "summary",
            "entered_at",
            "entered_by_id",
            "version",
        },
        name=lambda state: f"{state['piece']} {state['label']}",
        in_name=frozenset({"piece", "label"}),
    ),
    "archive.document": RecordWords(
        columns={"kind": ("Nature", _document_kind), "label": ("Intitulé", text), "date": ("Date", day)},
        silent=(KEYS - {"book_id"})
        | {"start", "digest", "source_digest", "file_name", "media_type", "size", "pages", "received_at", "received_by_id", "version"}
        | {"reading", "read", "found_amount", "found_date"},
        name=lambda state: str(state["label"]),
        in_name=frozenset({"label"}),
    ),
    "books.carrieditem": RecordWords(
        columns={
            "date": ("Date", day),
            "piece": ("Pièce", text),
            "label": ("Libellé", text),
            "cheque": ("Chèque", text),
            "bank": ("Banque", move),
            "pointed_year": ("Pointée sur un relevé de", year),
        },
        silent=KEYS,
        name=lambda state: f"{state['piece']} {state['label']}",
        in_name=frozenset({"piece", "label"}),
    ),
    "books.book": RecordWords(
        columns={
            "bank_account": ("Compte", _account),
            "sealed_at": ("Scellée", moment),
            "direct": ("Compte rendu seul", _yes),
            "opening_follows": ("Report à nouveau provisoire", _yes),
        },
        silent=frozenset({"id", "coop_id"})
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
        name=lambda state: str(SchoolYear(state["start"])),
    ),
    "books.importbatch": RecordWords(
        columns={"undone_at": ("Annulé", moment)},
        silent=KEYS | {"file_name", "made_at"},
        name=lambda state: str(state["file_name"]),
    ),
    "network.coop": RecordWords(
        columns={
            "rne": ("RNE", text),
            "name": ("École", text),
            "commune": ("Commune", text),
            "email": ("Adresse", text),
            "circonscription": ("Circonscription", text),
            "change_reason": ("Raison du changement", text),
            "closed_on": ("Fermée le", day),
            "end_reason": ("Motif", text),
        },
        silent=frozenset({"id", "association_id", "merged_into_id"}),
        name=lambda state: str(state["name"]),
        in_name=frozenset({"name"}),
    ),
    "network.directoryimport": RecordWords(
        columns={"file_name": ("Fichier", text), "made_at": ("Repris", moment)},
        silent=frozenset({"id", "association_id", "sha256", "counts", "refusals"}),
        name=lambda state: str(state["file_name"]),
        in_name=frozenset({"file_name"}),
    ),
    "network.mandate": RecordWords(
        columns={"holder": ("Mandataire", text), "rank": ("Rang", _rank), "start": ("Début", day), "end": ("Fin", day)},
        silent=frozenset({"id", "coop_id"}),
        name=lambda state: str(state["holder"]),
        in_name=frozenset({"holder"}),
    ),
    "network.role": RecordWords(
        columns={"kind": ("Droit", _kind), "start": ("Début", day), "end": ("Fin", day)},
        silent=frozenset({"id", "user_id", "coop_id", "association_id"}),
    ),
    "users.user": RecordWords(
        columns={
            "username": ("Identifiant", text),
            "name": ("Nom", text),
            "email": ("Adresse", text),
            "is_active": ("Ouvert", truth),
            "activated_at": ("Activé", moment),
            "closes_at": ("Se ferme", moment),
        },
        silent=frozenset({"id", "family", "own_words", "initial_spent", "created_at"}),
        name=lambda state: str(state["name"]),
        in_name=frozenset({"name"}),
    ),
}

WORDS: Final = Vocabulary(_ACTIONS, _RECORDS)
