from __future__ import annotations

from django.urls import path

from retkoop.ui import assets, views

app_name = "ui"
urlpatterns = [
    path("ui/<str:version>/<str:name>", assets.asset, name="asset"),
    path("composants/", views.components, name="components"),
]
