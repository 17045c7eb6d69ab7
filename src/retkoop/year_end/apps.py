from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class YearEndConfig(AppConfig):
    name = "retkoop.year_end"
    verbose_name = "Fin d’année"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self)


def _install(using: str = "default", **_: object) -> None:
    """A migrated database, new or old, has a first version of each questionnaire, through the same verb as any other write."""
    from retkoop.year_end.cra.questionnaires import install_questionnaires  # noqa: PLC0415 -- models are not loaded before ready()
    from retkoop.year_end.models import QuestionnaireVersion  # noqa: PLC0415 -- idem

    if using == "default" and QuestionnaireVersion._meta.db_table in connections[using].introspection.table_names():
        install_questionnaires()
