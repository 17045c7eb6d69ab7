"""Help as the federation sees it: the answers that it keeps ready for all ADs, what coops ask in the country."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.assistance.statistics import statistics_of
from retkoop.assistance.views.kept_answers import Desk, asked_year, change, list_and_add, take_away
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import open_federation


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    """Show the answers that the federation keeps ready for all ADs; a POST keeps one more."""
    return list_and_add(request, Desk(open_federation(request.user)))


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Change an answer of the federation."""
    return change(request, Desk(open_federation(request.user)), key)


@require_POST
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Remove an answer of the federation."""
    return take_away(request, Desk(open_federation(request.user)), key)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """What coops ask in the country, in numbers."""
    open_federation(request.user)
    year = asked_year(request, SchoolYear.containing(timezone.localdate()))
    context = {"access": None, "here": "help", "frame": "network/federation_frame.html", "told": statistics_of(None, year)}
    return render(request, "assistance/statistics.html", context)
