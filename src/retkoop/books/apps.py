from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BooksConfig(AppConfig):
    name = "retkoop.books"
    verbose_name = "Cahier"

    def ready(self) -> None:
        post_migrate.connect(_follow_the_rules, sender=self)


def _follow_the_rules(using: str = "default", **_: object) -> None:
    """Once a database is migrated, what is kept in it follows the rules of this version."""
    from retkoop.books.upgrade import follow_the_rules  # noqa: PLC0415 -- models are not loaded before ready()

    if using == "default":
        follow_the_rules()
