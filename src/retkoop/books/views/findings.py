"""Everything that is to be mended in a year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.books.page import open_page
from retkoop.books.to_mend import ToMend


@require_safe
def findings(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The findings of the day by severity, and what is right."""
    page = open_page(request, rne, year)
    return render(request, "books/findings.html", {"page": page, "here": "findings", "mending": ToMend(page, request.GET.get("page"))})
