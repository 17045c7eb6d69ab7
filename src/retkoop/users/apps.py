from __future__ import annotations

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "retkoop.users"
    verbose_name = "Personnes"
