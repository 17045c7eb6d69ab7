from __future__ import annotations

from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "retkoop.banking"
    verbose_name = "Banque et caisse"
