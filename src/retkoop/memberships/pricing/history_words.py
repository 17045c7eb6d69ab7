"""The words of the trail: what the AD asks."""

from __future__ import annotations

from typing import Final

from retkoop.books.vocabulary import RecordWords, moment, text

ACTIONS: Final[dict[str, str]] = {
    "engagement.drafted": "Engagement du mandataire\u202f: version commencée",
    "engagement.changed": "Engagement du mandataire\u202f: brouillon modifié",
    "engagement.published": "Engagement du mandataire publié",
    "engagement.deleted": "Engagement du mandataire\u202f: brouillon supprimé",
}

RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.engagementtext": RecordWords(
        columns={"text": ("Texte", text), "published_at": ("Publié le", moment)},
        silent=frozenset({"id", "association_id", "number", "version"}),
        name=lambda state: f"version {state['number']}",
    ),
}
