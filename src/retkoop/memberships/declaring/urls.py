"""The adhésion of a coop, on its own pages."""

from __future__ import annotations

from django.urls import URLPattern

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = []

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
