"""The notices that the leaflet promises (feuillet de l’OCCE 91, été 2022)."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/cahier/", views.notice_of_a_cahier, name="notice_of_a_cahier"),
    path("notices/tableur/", views.notice_of_a_spreadsheet, name="notice_of_a_spreadsheet"),
]
