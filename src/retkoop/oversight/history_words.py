"""The words of the trail over many coops: who follows one, the views that people keep."""

from __future__ import annotations

from typing import Final

from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, text
from retkoop.oversight.bulk.history_words import ACTIONS as BULK_ACTIONS
from retkoop.oversight.bulk.history_words import RECORDS as BULK_RECORDS
from retkoop.oversight.national.history_words import ACTIONS as NATIONAL_ACTIONS
from retkoop.oversight.national.history_words import RECORDS as NATIONAL_RECORDS
from retkoop.oversight.reminders.history_words import ACTIONS as REMINDER_ACTIONS
from retkoop.oversight.reminders.history_words import RECORDS as REMINDER_RECORDS

_ACTIONS: Final = {
    "follow.begun": "Coopérative suivie",
    "follow.passed": "Coopérative suivie par une autre personne",
    "follow.ended": "Coopérative qui n’est plus suivie",
    "view.kept": "Vue enregistrée",
    "view.renamed": "Vue renommée",
    "view.deleted": "Vue supprimée",
}

_RECORDS: Final = {
    "oversight.follow": RecordWords(columns={}, silent=(KEYS | {"user_id"}) - {"book_id"}),
    "oversight.savedview": RecordWords(
        columns={"name": ("Nom", text), "query": ("Filtres", text)},
        silent=frozenset({"id", "association_id", "user_id"}),
        name=lambda state: str(state["name"]),
        in_name=frozenset({"name"}),
    ),
}

WORDS: Final = Vocabulary(
    _ACTIONS | BULK_ACTIONS | REMINDER_ACTIONS | NATIONAL_ACTIONS,
    _RECORDS | BULK_RECORDS | REMINDER_RECORDS | NATIONAL_RECORDS,
)
