from __future__ import annotations

from django.apps import AppConfig


class BooksConfig(AppConfig):
    name = "retkoop.books"
    verbose_name = "Cahier"
