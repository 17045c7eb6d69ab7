"""The first page of a coop's year."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from retkoop.books.home import FIRST, account_charts, first_steps, headline, meaning, money_chart, operations_told
from retkoop.books.page import open_page
from retkoop.books.queries import days_of
from retkoop.books.years import book_on, year_to_open
from retkoop.network.queries import chart_for


@require_safe
def home(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Where the year stands, and what to do next."""
    page = open_page(request, rne, year)
    context = {
        "page": page,
        "here": "home",
        "headline": headline(page),
        "lamps": [(lamp, address, meaning(lamp, can_write=page.can_write, direct=page.book.direct)) for lamp, address in page.lamps],
        "first": page.findings.gravest[:FIRST],
        "steps": first_steps(page),
        "told": None if page.book.direct else operations_told(page.standing),
        "curve": money_chart(page.book, days_of(page.book), page.today),
        "bars": account_charts(page.standing, chart_for(page.coop.association, page.year)),
        "words": [word for name in settings.HOME_WORDS for word in import_string(name)(page.books, page.today)],
        "visits": import_string(settings.HOME_VISITS)(page.access),
        "current": book_on(page.books, page.today),
        "to_open": year_to_open(page.books, page.today) if page.access.can_write else None,
    }
    return render(request, "books/home.html", context)
