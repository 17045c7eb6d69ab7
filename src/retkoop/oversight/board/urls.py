from __future__ import annotations

from django.urls import path

from retkoop.oversight.board import views

association_urls = [
    path("", views.board, name="association"),
    path("tableau.xlsx", views.sheet, name="board_sheet"),
    path("circonscriptions/", views.circonscriptions, name="circonscriptions"),
    path("vues/", views.keep_view, name="keep_view"),
    path("vues/<int:key>/", views.rename_view, name="rename_view"),
    path("vues/<int:key>/supprimer/", views.delete_view, name="delete_view"),
    path("coops/<str:rne>/suivi/", views.follow, name="follow_coop"),
]
