"""Who did what in a coop, and when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.books.history import history_page, moments
from retkoop.books.page import open_page
from retkoop.network.queries import chart_for


@require_safe
def history(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The trail of the coop, all its years together, the latest first."""
    page = open_page(request, rne, year)
    events = history_page(page.coop.chain, request.GET.get("page"))
    told = moments(events.object_list, chart_for(page.coop.association, page.year))
    return render(request, "books/history.html", {"page": page, "here": "history", "events": events, "moments": told})
