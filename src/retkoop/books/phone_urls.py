"""The page that a telephone opens with a pass: it names no coop, and needs no log-in."""

from __future__ import annotations

from django.urls import path

from retkoop.books.views import phone

urlpatterns = [path("telephone/<str:token>/", phone.phone, name="phone")]
