"""The words of the trail about what the federation publishes and announces."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, day, moment, text, year
from retkoop.domain.chart import Chart
from retkoop.oversight.national.models import Readers


def _readers(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds
    return str(Readers(value).label)


ACTIONS: Final = {
    "publication.made": "Données ouvertes publiées",
    "publication.withdrawn": "Données ouvertes retirées",
    "publication.restored": "Données ouvertes publiées de nouveau, les mêmes",
    "announcement.made": "Annonce publiée",
    "announcement.changed": "Annonce modifiée",
    "announcement.withdrawn": "Annonce retirée",
}

RECORDS: Final = {
    "oversight.publication": RecordWords(
        columns={"start": ("Année", year), "figures_of": ("Chiffres du", moment), "withdrawn_at": ("Retirée", moment)},
        silent=frozenset({"id", "made_at", "made_by", "digest"}),
        name=lambda state: f"{state['start']}-{int(str(state['start'])) + 1}",
        in_name=frozenset({"start"}),
    ),
    "oversight.announcement": RecordWords(
        columns={
            "title": ("Titre", text),
            "text": ("Texte", text),
            "readers": ("Pour", _readers),
            "first_day": ("Du", day),
            "last_day": ("Au", day),
        },
        silent=frozenset({"id", "version"}),
        name=lambda state: str(state["title"]),
        in_name=frozenset({"title"}),
    ),
}
