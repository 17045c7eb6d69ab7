"""How an action on many coops is told: its choice, its button, what it will do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from retkoop.domain.dates import format_date
from retkoop.oversight.bulk.models import BulkAction
from retkoop.ui.templates import plural


def choice_words(choice: Mapping[str, Any]) -> str:
    """Say what was chosen: « Saisie fermée jusqu’au 15 octobre 2026 », « À Karim Haddad », the message; nothing where nothing was."""
    if "blocked" in choice:
        until = f" jusqu’au {format_date(date.fromisoformat(choice['until']))}" if choice["until"] else ""
        reason = f"\u202f: {choice['reason']}" if choice["reason"] else ""
        return f"Saisie {'fermée' if choice['blocked'] else 'ouverte'}{until}{reason}"
    if "user" in choice:
        return f"À {choice['name']}" if choice["user"] else "À personne"
    return f"Message\u202f: «\u00a0{choice['reason']}\u00a0»" if choice.get("reason") else ""


def verb_words(action: BulkAction, choice: Mapping[str, Any]) -> str:
    """Say what is done, before the number of coops: « Valider », « Fermer la saisie de »."""
    match action:
        case BulkAction.ACCEPT:
            return "Valider les comptes de"
        case BulkAction.ENTRY:
            return "Fermer la saisie de" if choice["blocked"] else "Rouvrir la saisie de"
        case BulkAction.JOIN:
            return "Valider l’adhésion de"
        case BulkAction.FOLLOW:
            return "Confier" if choice.get("user", True) else "Ne plus confier"


def foreseen_words(action: BulkAction, choice: Mapping[str, Any], count: int) -> str:
    """Say what will become of so many coops: « 28 seront validées »."""
    match action:
        case BulkAction.ACCEPT | BulkAction.JOIN:
            one, many = "sera validée", "seront validées"
        case BulkAction.ENTRY:
            done = "fermée" if choice["blocked"] else "rouverte"
            one, many = f"sera {done} à la saisie", f"seront {done}s à la saisie"
        case BulkAction.FOLLOW if not choice:
            one, many = "coopérative à confier", "coopératives à confier"
        case BulkAction.FOLLOW if choice["user"]:
            one, many = f"sera confiée à {choice['name']}", f"seront confiées à {choice['name']}"
        case BulkAction.FOLLOW:
            one, many = "ne sera plus suivie", "ne seront plus suivies"
    return plural(count, one, many)


def button_words(action: BulkAction, choice: Mapping[str, Any], count: int) -> str:
    return f"{verb_words(action, choice)} {plural(count, 'coopérative')}"
