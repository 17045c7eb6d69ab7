"""What an AD asks for an adhésion; the federation, for its own."""

from __future__ import annotations

from django.urls import URLPattern, path

from retkoop.memberships.pricing import views

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = [
    path("adhesions/tarifs/", views.pricing, name="membership_pricing"),
    path("adhesions/tarifs/engagement/", views.new_engagement, name="membership_new_engagement"),
    path("adhesions/tarifs/engagement/<int:key>/", views.engagement, name="membership_engagement_text"),
    path("adhesions/tarifs/engagement/<int:key>/publier/", views.publish, name="membership_publish_engagement"),
    path("adhesions/tarifs/engagement/<int:key>/supprimer/", views.delete, name="membership_delete_engagement"),
]

federation_urls: list[URLPattern] = [
    path("adhesions/tarifs/", views.pricing, name="federation_pricing"),
    path("adhesions/tarifs/engagement/", views.new_engagement, name="federation_new_engagement"),
    path("adhesions/tarifs/engagement/<int:key>/", views.engagement, name="federation_engagement_text"),
    path("adhesions/tarifs/engagement/<int:key>/publier/", views.publish, name="federation_publish_engagement"),
    path("adhesions/tarifs/engagement/<int:key>/supprimer/", views.delete, name="federation_delete_engagement"),
]

public_urls: list[URLPattern] = []
