"""The page of the registers: the three of them, and what each still lacks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.books.page import open_page
from retkoop.registers.deliberations import deliberations_of
from retkoop.registers.inventory import Inventory
from retkoop.registers.subsidies import Table


@require_safe
def registers(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Where the inventory, the table of subsidies and the deliberations of the year stand."""
    page = open_page(request, rne, year)
    context = {"page": page, "inventory": Inventory(page), "table": Table(page), "deliberations": deliberations_of(page.book)}
    return render(request, "registers/registers.html", {**context, "here": "registers"})
