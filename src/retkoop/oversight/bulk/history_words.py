"""The words of the trail about actions on many coops."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, moment, text, year
from retkoop.domain.chart import Chart
from retkoop.oversight.bulk.models import BulkAction
from retkoop.oversight.bulk.words import choice_words
from retkoop.ui.templates import plural


def _action(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return str(BulkAction(value).label)


def _choice(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return choice_words(value)


def _coops(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "coopérative")


ACTIONS: Final = {
    "bulk.started": "Action groupée lancée",
    "bulk.stopped": "Action groupée arrêtée",
    "bulk.finished": "Action groupée finie",
}

RECORDS: Final = {
    "oversight.bulkrun": RecordWords(
        columns={
            "action": ("Action", _action),
            "start": ("Année", year),
            "choice": ("Choix", _choice),
            "rnes": ("Coopératives", _coops),
            "stopped_at": ("Arrêtée", moment),
            "stop_reason": ("Raison de l’arrêt", text),
            "finished_at": ("Finie", moment),
        },
        silent=frozenset({"id", "association_id", "user_id", "made_by", "made_at"}),
        name=lambda state: str(BulkAction(state["action"]).label),
        in_name=frozenset({"action"}),
    ),
}
