"""The mandate of a coop: signed, read again, ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.memberships.debits import mandates
from retkoop.memberships.debits.forms import DebitMandateForm
from retkoop.memberships.debits.mandate_paper import mandate_name, mandate_pdf
from retkoop.memberships.debits.page import MandatePage
from retkoop.memberships.debits.queries import mandate_in
from retkoop.network.models import RoleKind


@require_http_methods(["GET", "HEAD", "POST"])
def debit_mandate(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show the mandate of a coop; a POST signs one."""
    page = _opened(request, rne, year)
    if request.method != "POST":
        return _show(request, page)
    form = MandatePage(page).form(request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        row = mandates.sign_debit_mandate(access=page.access, year=page.year, facts=form.facts, submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        return redirect(page.url("debit_mandate"))
    except Refused as refusal:
        form.add_error("account" if isinstance(refusal, mandates.WrongAccount) else None, str(refusal))
        return _show(request, page, form, status=422)
    messages.success(request, f"Le mandat {row.rum} est signé. Une confirmation part à l’adresse de l’école.")
    return redirect(page.url("debit_mandate"))


@require_POST
def end(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """End a mandate."""
    page = _opened(request, rne, year)
    try:
        mandates.end_debit_mandate(access=page.access, year=page.year, key=key)
        messages.success(request, "Le mandat a pris fin\u202f: plus rien ne sera prélevé avec lui.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(page.url("debit_mandate"))


@require_safe
def paper(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """The mandate as it was signed."""
    page = open_page(request, rne, year)
    row = mandate_in(page.coop, key)
    headers = {"Content-Disposition": f'attachment; filename="{mandate_name(row)}"'}
    return HttpResponse(mandate_pdf(row, page.today), content_type="application/pdf", headers=headers)


def _opened(request: HttpRequest, rne: str, year: str) -> CoopPage:
    """Return the page of a coop; to write, for its own people alone. Raises Http404."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST" and page.access.role is not RoleKind.COOP:
        raise Http404
    return page


def _show(request: HttpRequest, page: CoopPage, form: DebitMandateForm | None = None, status: int = 200) -> HttpResponse:
    shown = MandatePage(page)
    context = {"page": page, "here": "membership", "shown": shown, "form": form or shown.form()}
    return render(request, "memberships/debits/mandate.html", context, status=status)
