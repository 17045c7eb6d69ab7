"""Adhésions of an AD, and the federation’s share."""

from __future__ import annotations

from django.urls import URLPattern

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = []

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
