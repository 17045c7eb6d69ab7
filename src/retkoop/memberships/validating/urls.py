"""Validation, attestations and their public page."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from retkoop.memberships.validating.views import association, coop, public

coop_urls = [
    path("adhesion/attestation/", coop.proof, name="membership_proof"),
    path("adhesion/attestation/pdf/", coop.attestation, name="membership_attestation"),
    path("adhesion/cahier/", coop.book, name="book_membership"),
    path("adhesion/ici/", coop.here, name="membership_here"),
]

_COOP = r"^adhesions/(?P<rne>\d{7}[A-Z])/"
"""A RNE has its own shape: the other pages of adhésions stand beside it."""

association_urls = [
    re_path(f"{_COOP}$", association.membership, name="membership_of_coop"),
    re_path(f"{_COOP}valider/$", association.validate, name="validate_membership"),
    re_path(f"{_COOP}depart/$", association.leave, name="leave_membership"),
    re_path(f"{_COOP}attestation/$", association.attestation, name="attestation_of_coop"),
]

federation_urls: list[URLPattern] = []

public_urls = [
    path("attestation/", public.find, name="find_attestation"),
    path("attestation/<str:code>/", public.check, name="check_attestation"),
]
