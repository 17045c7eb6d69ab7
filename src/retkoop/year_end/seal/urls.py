"""The page that verifies a seal, for anybody: an auditor has no account here."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.seal import views

public_urls = [path("sceau/", views.verify_seal, name="verify_seal")]
