"""The adhésions of an AD, followed through a year: a page, and a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from retkoop.books.tables import XLSX
from retkoop.memberships.follow_up.drawing import drawn_adhesions
from retkoop.memberships.follow_up.exporting import workbook_of
from retkoop.memberships.follow_up.page import FollowUpPage, year_asked
from retkoop.memberships.follow_up.selection import FollowUpSelection
from retkoop.network.access import open_association
from retkoop.ui.fragments import wants_fragment


def _opened(request: HttpRequest, department: str) -> FollowUpPage:
    access, today = open_association(request.user, department), timezone.localdate()
    whole = request.GET.get("suite") == "oui"
    return FollowUpPage(access, year_asked(request.GET.get("annee"), today), today, FollowUpSelection.of(request.GET), whole)


@require_safe
def memberships(request: HttpRequest, department: str) -> HttpResponse:
    """Show the adhésions of an AD that the address asks for; `suite=oui` shows all, or those that follow."""
    page = _opened(request, department)
    rest = page.whole and wants_fragment(request)
    if rest:
        page.whole = False
    context = {"access": page.access, "here": "memberships", "page": page, "drawn": drawn_adhesions}
    return render(request, f"memberships/follow_up/{'_rest' if rest else 'memberships'}.html", context)


@require_safe
def sheet(request: HttpRequest, department: str) -> HttpResponse:
    """Return what the page shows as a workbook."""
    page = _opened(request, department)
    response = HttpResponse(workbook_of(page), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="adhesions-{department}-{page.year}.xlsx"'
    return response
