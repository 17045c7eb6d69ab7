"""The federation's share before an AD, which declares it, and before the federation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.tables import CSV, XLSX, csv_of, xlsx_of
from retkoop.books.writable import Refused
from retkoop.memberships.access import MONEY, money_access
from retkoop.memberships.follow_up import services
from retkoop.memberships.follow_up.forms import ShareForm, SharePricesForm
from retkoop.memberships.follow_up.national import NationalMemberships, national_rows
from retkoop.memberships.follow_up.page import year_asked
from retkoop.memberships.follow_up.share_paper import share_name, share_pdf
from retkoop.memberships.follow_up.shares import ShareOfAssociation, share_declaration
from retkoop.network.access import AssociationAccess, open_association, open_federation


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, department: str) -> HttpResponse:
    """Show the federation's share of an AD; a POST declares it as it was read."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    page = ShareOfAssociation(access.association, year_asked(request.GET.get("annee"), timezone.localdate()))
    if request.method == "POST":
        _declare(request, access, page)
        return redirect(f"{reverse('membership_share', kwargs={'department': department})}?annee={page.year}")
    context = {"access": access, "here": "memberships", "share": page, "may_act": access.role in MONEY}
    return render(request, "memberships/follow_up/share.html", {**context, "form": ShareForm(initial={"seen": page.amount})})


def _declare(request: HttpRequest, access: AssociationAccess, page: ShareOfAssociation) -> None:
    form, said = ShareForm(request.POST), "La part fédérale est déclarée\u202f: la Fédération la voit."
    if not form.is_valid():
        messages.error(request, "Rechargez la page, puis déclarez de nouveau.")
        return
    try:
        services.declare_share(access=access, year=page.year, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except AlreadySubmitted:
        messages.success(request, said)
    else:
        messages.success(request, said)


@require_safe
def share_document(request: HttpRequest, department: str, year: str, number: int) -> HttpResponse:
    """Return a declaration of the share as it was made."""
    access, today = open_association(request.user, department), timezone.localdate()
    row = share_declaration(access.association, year_asked(year, today), number)
    response = HttpResponse(share_pdf(row, today), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{share_name(row)}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def federation_memberships(request: HttpRequest) -> HttpResponse:
    """Show every AD's adhésions and share; a POST sets what the federation asks."""
    author, today = open_federation(request.user), timezone.localdate()
    page = NationalMemberships(year_asked(request.GET.get("annee"), today))
    form = SharePricesForm(request.POST) if request.method == "POST" else SharePricesForm(initial=_written(page))
    if form.is_valid():
        services.set_shares(author=author, year=page.year, prices=form.cleaned_data)
        messages.success(request, f"Les parts fédérales sont enregistrées à partir de {page.year}.")
        return redirect(f"{reverse('federation_memberships')}?annee={page.year}")
    context = {"national": page, "form": form, "current": year_asked(None, today)}
    return render(request, "memberships/follow_up/federation.html", context, status=422 if form.is_bound else 200)


def _written(page: NationalMemberships) -> dict[str, str]:
    return {key: f"{cents // 100},{cents % 100:02d}" for key, cents in page.prices[page.year].items()}


@require_safe
def federation_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """Return the ADs of a year as a file."""
    open_federation(request.user)
    page = NationalMemberships(year_asked(request.GET.get("annee"), timezone.localdate()))
    if suffix == "xlsx":
        response = HttpResponse(xlsx_of([(f"Adhésions {page.year}", national_rows(page))]), content_type=XLSX)
    elif suffix == "csv":
        response = HttpResponse(csv_of(national_rows(page)), content_type=CSV)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="adhesions-{page.year}.{suffix}"'
    return response
