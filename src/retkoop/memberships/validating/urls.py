"""Validation, attestations and their public page."""

from __future__ import annotations

from django.urls import URLPattern

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = []

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
