"""Handovers as the coop sees them (`coop_urls`); mandates and the end of a coop, as its AD does."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.handover.views import association, coop

coop_urls = [
    path("passation/", coop.handovers, name="handovers"),
    path("passation/<int:key>/", coop.fill, name="fill_handover"),
    path("passation/<int:key>/signer/", coop.sign, name="sign_handover"),
    path("passation/<int:key>/papier/", coop.sign_on_paper, name="handover_on_paper"),
    path("passation/<int:key>/reprendre/", coop.take_back, name="take_back_handover"),
    path("passation/<int:key>/annuler/", coop.cancel, name="cancel_handover"),
    path("passation/<int:key>/recu/", coop.receipt, name="handover_receipt"),
]

association_urls = [
    path("mandats/", association.mandates, name="mandates_due"),
    path("coops/<str:rne>/fin/", association.end_of_coop, name="end_of_coop"),
    path("coops/<str:rne>/fin/lettre/", association.decision, name="end_letter"),
]
