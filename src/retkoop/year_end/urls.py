from __future__ import annotations

from django.urls import path

from retkoop.year_end import views

urlpatterns = [
    path("bilan/", views.balance_sheet, name="balance_sheet"),
    path("balance/", views.trial_balance, name="trial_balance"),
    path("grand-livre/", views.general_ledger, name="general_ledger"),
    path("journal/", views.journal, name="journal"),
    path("crf/", views.crf, name="crf"),
    path("crf/pdf/", views.crf_pdf, name="crf_pdf"),
    path("documents/dossier/", views.dossier, name="dossier"),
]
