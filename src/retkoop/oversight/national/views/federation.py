"""The federation's first page, the totals of the country, what is in force."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from retkoop.books.tables import CSV, XLSX, csv_of, xlsx_of
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import open_federation
from retkoop.network.queries import upkeep_remarks
from retkoop.oversight.board.page import year_asked
from retkoop.oversight.national.exporting import SUFFIXES, account_lines, association_lines
from retkoop.oversight.national.in_force import in_force
from retkoop.oversight.national.page import NationalPage
from retkoop.oversight.national.summing import ask_for_figures
from retkoop.oversight.national.totals import AccountPage, TotalsPage, chart_of


@require_safe
def federation(request: HttpRequest) -> HttpResponse:
    """Show all the ADs: where their coops are, their money, of when these figures are."""
    open_federation(request.user)
    page = NationalPage.of(request.GET, timezone.localdate())
    return render(request, "oversight/national/federation.html", {"national": page, "upkeep": upkeep_remarks()})


@require_POST
def recount(request: HttpRequest) -> HttpResponse:
    """Have the figures made again now."""
    open_federation(request.user)
    ask_for_figures()
    asked = request.POST.get("retour", "")
    safe = asked.startswith("/federation/") and url_has_allowed_host_and_scheme(asked, None)
    return HttpResponseRedirect(asked if safe else reverse("federation"))


def _totals(request: HttpRequest) -> TotalsPage:
    open_federation(request.user)
    return TotalsPage(year_asked(request.GET.get("annee"), timezone.localdate()))


@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """Show what the country's coops spent, received and own in a year, by account."""
    return render(request, "oversight/national/totals.html", {"totals": _totals(request)})


@require_safe
def totals_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return the totals of a year as a file: by account, and by AD in a second sheet; in CSV by AD where `detail=ad` asks for it."""
    page = _totals(request)
    if suffix not in SUFFIXES:
        raise Http404
    by_account, by_association = account_lines(page), association_lines(page.year, page.chart)
    if suffix == "xlsx":
        response = HttpResponse(xlsx_of([("Par compte", by_account), ("Par association", by_association)]), content_type=XLSX)
    else:
        response = HttpResponse(csv_of(by_association if request.GET.get("detail") == "ad" else by_account), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="totaux-{page.year}.{suffix}"'
    return response


@require_safe
def account_totals(request: HttpRequest, account: str) -> HttpResponse:
    """Show one account, AD by AD."""
    open_federation(request.user)
    page = AccountPage(account, year_asked(request.GET.get("annee"), timezone.localdate()))
    if page.label == account:
        raise Http404
    return render(request, "oversight/national/account.html", {"account": page})


@require_safe
def versions_in_force(request: HttpRequest) -> HttpResponse:
    """Show which chart, questionnaire and grid are in force in the years around this one."""
    open_federation(request.user)
    current = SchoolYear.containing(timezone.localdate())
    context = {"years": in_force(current), "current": current, "chart": chart_of(current)}
    return render(request, "oversight/national/in_force.html", context)
