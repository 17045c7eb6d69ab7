from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class UiConfig(AppConfig):
    name = "retkoop.ui"
    verbose_name = "Interface"

    def ready(self) -> None:
        from retkoop.ui.typed import forget_others  # noqa: PLC0415 -- settings are read by then

        user_logged_in.connect(forget_others, dispatch_uid="retkoop.ui.typed")
