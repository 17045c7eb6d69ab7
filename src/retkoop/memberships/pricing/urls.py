"""What an AD asks for an adhésion; the federation, for its own."""

from __future__ import annotations

from django.urls import URLPattern

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = []

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
