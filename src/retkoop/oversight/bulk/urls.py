from __future__ import annotations

from django.urls import path

from retkoop.oversight.bulk import views

urlpatterns = [
    path("lot/<str:action>/", views.preview, name="bulk_preview"),
    path("lots/", views.runs, name="bulk_runs"),
    path("lots/<int:key>/", views.run, name="bulk_run"),
    path("lots/<int:key>/arreter/", views.stop, name="stop_bulk"),
    path("lots/<int:key>/rapport.xlsx", views.sheet, name="bulk_sheet"),
]
