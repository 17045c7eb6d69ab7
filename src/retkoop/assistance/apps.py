from __future__ import annotations

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "retkoop.assistance"
    verbose_name = "Aide"
