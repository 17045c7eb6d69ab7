from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "retkoop.registers"
    verbose_name = "Registres"
