from __future__ import annotations

from django.urls import path

from retkoop.upkeep import views

urlpatterns = [path("sante/", views.health, name="health")]
