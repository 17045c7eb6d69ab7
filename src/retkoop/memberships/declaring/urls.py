"""The adhésion of a coop, on its own pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from retkoop.memberships.declaring import paying, views

coop_urls: list[URLPattern] = [
    path("adhesion/", views.membership, name="membership"),
    path("adhesion/effectifs/", views.fill, name="membership_form"),
    path("adhesion/effectifs/montant/", views.amount, name="membership_amount"),
    path("adhesion/engagement/", views.engagement, name="membership_engagement"),
    path("adhesion/declarer/", views.declare_it, name="declare_membership"),
    path("adhesion/payer/cheque/", paying.cheque, name="announce_membership_cheque"),
    path("adhesion/payer/virement/", paying.transfer, name="announce_membership_transfer"),
    path("adhesion/payer/<int:key>/annuler/", paying.withdraw, name="withdraw_membership_payment"),
    path("adhesion/appel/", views.fee_call, name="fee_call"),
]

association_urls: list[URLPattern] = []

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
