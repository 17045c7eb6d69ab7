from __future__ import annotations

from django.apps import AppConfig


class YearEndConfig(AppConfig):
    name = "retkoop.year_end"
    verbose_name = "Fin d’année"
