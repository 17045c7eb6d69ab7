"""Help as an AD sees it: what waits for an answer, answers kept ready, what its coops ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.assistance import queries
from retkoop.assistance.statistics import statistics_of
from retkoop.assistance.views.kept_answers import Desk, asked_year, change, list_and_add, take_away
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import open_association


@require_safe
def threads(request: HttpRequest, department: str) -> HttpResponse:
    """List the questions of an AD's coops, the one that has waited longest first; `vue` filters, `q` searches."""
    access = open_association(request.user, department)
    view, searched = request.GET.get("vue", "a-repondre"), request.GET.get("q", "").strip()
    view = view if view in queries.VIEWS else "a-repondre"
    found = queries.threads_before(access.association, access.user, view, searched, request.GET.get("page"))
    context = {
        "access": access,
        "here": "help",
        "threads": found,
        "view": view,
        "views": queries.VIEWS,
        "counts": queries.counts_before(access.association),
        "searched": searched,
        "query": urlencode({"vue": view, **({"q": searched} if searched else {})}),
    }
    return render(request, "assistance/threads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, department: str) -> HttpResponse:
    """Show the answers that an AD keeps ready, with the federation's; a POST keeps one more."""
    return list_and_add(request, _desk(request, department))


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Change an answer that the AD keeps ready."""
    return change(request, _desk(request, department), key)


@require_POST
def remove(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Remove an answer that the AD keeps ready."""
    return take_away(request, _desk(request, department), key)


@require_safe
def statistics(request: HttpRequest, department: str) -> HttpResponse:
    """What the coops of an AD ask, in numbers."""
    access = open_association(request.user, department)
    year = asked_year(request, SchoolYear.containing(timezone.localdate()))
    context = {"access": access, "here": "help", "frame": "network/frame.html", "told": statistics_of(access.association, year)}
    return render(request, "assistance/statistics.html", context)


def _desk(request: HttpRequest, department: str) -> Desk:
    access = open_association(request.user, department)
    return Desk(access.author, access)
