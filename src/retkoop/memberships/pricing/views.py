"""The pages of what an AD, or the federation, asks for adhésions: prices and ways to pay, the versions of the engagement."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.books.writable import Refused
from retkoop.memberships.pricing import services
from retkoop.memberships.pricing.forms import OWN, SHARED, EngagementForm, PricingForm, VersionForm
from retkoop.memberships.pricing.page import PricingPage, open_pricing
from retkoop.memberships.pricing.queries import engagement_text
from retkoop.memberships.pricing.text import passages_of


@require_http_methods(["GET", "HEAD", "POST"])
def pricing(request: HttpRequest, department: str | None = None) -> HttpResponse:
    """Show what is asked in a year; a POST sets it."""
    page = open_pricing(request, department)
    if request.method != "POST":
        return _show(request, page, _form(request, page))
    if not page.may_write:
        raise Http404
    form = _form(request, page)
    if request.POST.keys() & {"add", "remove"}:
        return _show(request, page, form)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        services.ask(author=page.author, association=page.association, year=page.year, values=form.values, seen=form.cleaned_data["seen"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.to("pricing"))
    messages.success(request, "C’est enregistré. Les adhésions déjà déclarées gardent leurs montants.")
    return redirect(page.to("pricing"))


def _form(request: HttpRequest, page: PricingPage) -> PricingForm:
    return PricingForm(
        request.POST if request.method == "POST" else None,
        values={name: page.given.value(name) for name in SHARED + OWN},
        chart=page.chart,
        own=page.access is not None,
        moved=bool(request.POST.keys() & {"add", "remove"}),
    )


def _show(request: HttpRequest, page: PricingPage, form: PricingForm, status: int = 200) -> HttpResponse:
    context = {"page": page, "access": page.access, "form": form}
    return render(request, "memberships/pricing/pricing.html", context, status=status)


@require_POST
def new_engagement(request: HttpRequest, department: str | None = None) -> HttpResponse:
    """Begin a version of the engagement, or go on with the draft that is there."""
    page = open_pricing(request, department)
    row = services.draft_engagement(author=page.author, association=page.association)
    return redirect(page.to("engagement_text", key=row.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def engagement(request: HttpRequest, key: int, department: str | None = None) -> HttpResponse:
    """Show a version of the engagement; a POST changes a draft."""
    page = open_pricing(request, department)
    row = engagement_text(page.association, key)
    form = EngagementForm(request.POST if request.method == "POST" else None, initial={"version": row.version, "text": row.text})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_engagement(author=page.author, association=page.association, key=key, **form.cleaned_data)
            messages.success(request, "Le brouillon est enregistré. Relisez-le ci-dessous, comme vos mandataires le verront.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(page.to("engagement_text", key=key))
    context = {"page": page, "access": page.access, "row": row, "form": form, "passages": passages_of(row.text)}
    return render(request, "memberships/pricing/engagement.html", context, status=422 if form.is_bound else 200)


@require_POST
def publish(request: HttpRequest, key: int, department: str | None = None) -> HttpResponse:
    """Publish a draft of the engagement."""
    page = open_pricing(request, department)
    engagement_text(page.association, key)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Rechargez la page.")
        return redirect(page.to("engagement_text", key=key))
    try:
        services.publish_engagement(author=page.author, association=page.association, key=key, version=form.cleaned_data["version"])
        messages.success(request, "L’engagement est publié\u202f: les adhésions déclarées dès maintenant acceptent ce texte.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(page.to("engagement_text", key=key))


@require_POST
def delete(request: HttpRequest, key: int, department: str | None = None) -> HttpResponse:
    """Throw a draft of the engagement away."""
    page = open_pricing(request, department)
    row = engagement_text(page.association, key)
    try:
        services.delete_engagement(author=page.author, association=page.association, key=key, version=row.version)
        messages.success(request, "Le brouillon est supprimé.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(page.to("pricing"))
