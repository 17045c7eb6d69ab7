"""Adhésions of an AD, and the federation’s share."""

from __future__ import annotations

from django.urls import URLPattern, path

from retkoop.memberships.follow_up.views import association, shares

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = [
    path("adhesions/", association.memberships, name="memberships"),
    path("adhesions/suivi.xlsx", association.sheet, name="memberships_sheet"),
    path("adhesions/part-federale/", shares.share, name="membership_share"),
    path("adhesions/part-federale/<str:year>/<int:number>/", shares.share_document, name="share_document"),
]

federation_urls: list[URLPattern] = [
    path("adhesions/", shares.federation_memberships, name="federation_memberships"),
    path("adhesions.<str:suffix>", shares.federation_file, name="federation_memberships_file"),
]

public_urls: list[URLPattern] = []
