"""The page of the registers: the three of them, and what each still lacks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.books.page import open_page
from retkoop.registers.overview import overview_of


@require_safe
def registers(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Where the inventory, the table of subsidies and the deliberations of the year stand."""
    page = open_page(request, rne, year)
    return render(request, "registers/registers.html", {"page": page, "here": "registers", "overview": overview_of(page.book)})
