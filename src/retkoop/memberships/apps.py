from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class MembershipsConfig(AppConfig):
    name = "retkoop.memberships"
    verbose_name = "Adhésions"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self)


def _install(using: str = "default", **_: object) -> None:
    """A migrated database, new or old, has a first engagement of the federation, through the same verb as any other write."""
    from retkoop.memberships.models import EngagementText  # noqa: PLC0415 -- models are not loaded before ready()
    from retkoop.memberships.pricing.services import install_engagement  # noqa: PLC0415 -- idem

    if using == "default" and EngagementText._meta.db_table in connections[using].introspection.table_names():
        install_engagement()
