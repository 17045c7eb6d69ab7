"""What documents hold; their pages have the frame of a coop and stand in `books`."""

from __future__ import annotations

from django.urls import path

from retkoop.archive import views

urlpatterns = [
    path("documents/<int:key>/fichier/", views.file, name="document_file"),
    path("documents/<int:key>/page/<int:number>/", views.page, name="document_page"),
]
