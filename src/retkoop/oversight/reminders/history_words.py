"""The words of the trail about relances."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, day, moment, text, truth, year
from retkoop.domain.chart import Chart
from retkoop.domain.reminders import KIND
from retkoop.oversight.reminders.models import Audience, Way
from retkoop.ui.templates import plural


def _kind(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return KIND[value].label


def _audience(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return ", ".join(str(Audience(one).label) for one in value)


def _coops(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "coopérative") if value else ""


def _way(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(Way(value).label)


ACTIONS: Final = {
    "campaign.started": "Relance envoyée",
    "campaign.planned": "Relance programmée",
    "campaign.changed": "Relance programmée modifiée",
    "campaign.switched_off": "Relance suspendue",
    "campaign.switched_on": "Relance reprise",
    "campaign.stopped": "Envoi de la relance arrêté",
    "campaign.finished": "Envoi de la relance fini",
    "reminder.sent": "Coopérative relancée",
    "reminder.printed": "Coopérative relancée par courrier",
    "reminder.left_out": "Coopérative laissée de côté",
}

RECORDS: Final = {
    "oversight.campaign": RecordWords(
        columns={
            "kind": ("À propos de", _kind),
            "headline": ("Objet du courriel", text),
            "text": ("Texte", text),
            "deadline": ("Date limite", day),
            "audience": ("À qui", _audience),
            "chosen": ("Choisies", _coops),
            "planned_on": ("Prévue le", day),
            "switched_off": ("Suspendue", truth),
            "start": ("Année", year),
            "rnes": ("Coopératives", _coops),
            "stopped_at": ("Arrêtée", moment),
            "finished_at": ("Finie", moment),
        },
        silent=frozenset({"id", "association_id", "made_by", "made_at", "started_at"}),
        name=lambda state: KIND[state["kind"]].label,
        in_name=frozenset({"kind"}),
    ),
    "oversight.reminder": RecordWords(
        columns={"way": ("Par", _way), "address": ("Adresse", text), "reason": ("Laissée de côté", text)},
        silent=frozenset({"id", "campaign_id", "coop_id", "made_at"}),
        name=lambda state: str(state["address"] or ("courrier" if state.get("way") == Way.POST else "sans adresse")),
        in_name=frozenset({"address"}),
    ),
}
