"""The words of the trail in help from afar: questions, answers, answers kept ready."""

from __future__ import annotations

from typing import Any, Final

from retkoop.assistance.models import Theme
from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, joined, moment, text
from retkoop.domain.chart import Chart


def _theme(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds
    return str(Theme(value).label)


_ACTIONS: Final = {
    "help.opened": "Aide demandée",
    "help.written": "Message écrit",
    "help.closed": "Demande d’aide réglée",
    "help.reopened": "Demande d’aide rouverte",
    "help.answer_kept": "Réponse type enregistrée",
    "help.answer_changed": "Réponse type modifiée",
    "help.answer_removed": "Réponse type supprimée",
}

_RECORDS: Final = {
    "assistance.thread": RecordWords(
        columns={"topic": ("Objet", text), "theme": ("Thème", _theme), "message": ("Contrôle", text), "closed_at": ("Réglée", moment)},
        silent=KEYS | {"path", "title", "place", "operation", "code", "opened_by_id", "opener", "opened_at"},
        name=lambda state: str(state["topic"]),
        in_name=frozenset({"topic"}),
    ),
    "assistance.message": RecordWords(
        columns={"text": ("Message", text), "document_id": ("Document joint", joined)},
        silent=KEYS | {"thread_id", "author_id", "name", "role", "from_afar", "at"},
    ),
    "assistance.cannedanswer": RecordWords(
        columns={"title": ("Titre", text), "text": ("Réponse", text)},
        silent=frozenset({"id", "association_id"}),
        name=lambda state: str(state["title"]),
        in_name=frozenset({"title"}),
    ),
}

WORDS: Final = Vocabulary(_ACTIONS, _RECORDS)
