from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "retkoop.oversight"
    verbose_name = "Suivi"
