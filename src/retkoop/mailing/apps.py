from __future__ import annotations

from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "retkoop.mailing"
    verbose_name = "Courrier"
