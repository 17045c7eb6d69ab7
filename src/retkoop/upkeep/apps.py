from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "retkoop.upkeep"
    verbose_name = "Entretien"
