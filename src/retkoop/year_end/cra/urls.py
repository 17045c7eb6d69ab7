"""The CRA as the coop fills it in (`coop_urls`)."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.cra.views import coop

coop_urls = [
    path("activites/", coop.cra, name="cra"),
    path("activites/<int:number>/", coop.step, name="cra_step"),
    path("activites/pdf/", coop.paper, name="cra_pdf"),
]
