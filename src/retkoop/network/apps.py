from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NetworkConfig(AppConfig):
    name = "retkoop.network"
    verbose_name = "Réseau"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self)


def _install(using: str = "default", **_: object) -> None:
    """A migrated database knows the 101 associations, through the same verb as any other write."""
    from retkoop.network.services import install_associations  # noqa: PLC0415 -- models are not loaded before ready()

    if using == "default":
        install_associations()
