"""The pages of a coop that stand before any of its years."""

from __future__ import annotations

from django.urls import path

from retkoop.books.views import years

urlpatterns = [
    path("annee/", years.change_year, name="change_year"),
    path("annees/", years.open_year, name="open_year"),
]
