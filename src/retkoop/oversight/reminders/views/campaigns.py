"""The relances of an AD: what it may remind of, what it has sent and what became of it, the year."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.books.writable import Refused
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.models import AD_KINDS
from retkoop.oversight.reminders import queries, services
from retkoop.oversight.reminders.page import open_reminders

HERE = "reminders"


@require_safe
def reminders(request: HttpRequest, department: str) -> HttpResponse:
    """Show how many coops each kind concerns, and the campaigns that have left."""
    access = open_reminders(request, department)
    context = {
        "access": access,
        "here": HERE,
        "concerned": queries.concerned(access.association),
        "campaigns": queries.campaigns_of(access.association, request.GET.get("page")),
        "can_send_mail": settings.CAN_SEND_MAIL,
        "may_send": access.role in AD_KINDS,
    }
    return render(request, "oversight/reminders/reminders.html", context)


@require_safe
def campaign(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show a campaign: how far it is, who got it, who answered, who was left out and why."""
    access = open_reminders(request, department)
    row = queries.campaign_of(access.association, key)
    if row.started_at is None:
        return redirect("reminder_calendar", department=department)
    seen = request.GET.get("voir", "")
    context = {
        "access": access,
        "here": HERE,
        "campaign": row,
        "tallies": queries.tallies(row),
        "seen": seen if seen in queries.FATES else "",
        "reminders": queries.reminders_of(row, seen, request.GET.get("page")),
        "may_send": access.role in AD_KINDS,
    }
    return render(request, "oversight/reminders/campaign.html", context)


@require_POST
def stop(request: HttpRequest, department: str, key: int) -> HttpResponse:
    access = open_reminders(request, department)
    queries.campaign_of(access.association, key)
    try:
        services.stop_campaign(access=access, key=key)
        messages.success(request, "L’envoi est arrêté. Ce qui est déjà parti ne se reprend pas.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("campaign", department=department, key=key)


@require_safe
def calendar(request: HttpRequest, department: str) -> HttpResponse:
    """Show the relances of a school year, month by month."""
    access = open_reminders(request, department)
    today = timezone.localdate()
    try:
        year = SchoolYear.parse(request.GET["annee"]) if "annee" in request.GET else SchoolYear.containing(today)
    except InvalidSchoolYear:
        raise Http404 from None
    context = {
        "access": access,
        "here": HERE,
        "year": year,
        "months": queries.calendar_of(access.association, year),
        "may_send": access.role in AD_KINDS,
    }
    return render(request, "oversight/reminders/calendar.html", context)


@require_POST
def switch(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Suspend a planned campaign (`off`), or let it leave again."""
    access = open_reminders(request, department)
    queries.campaign_of(access.association, key)
    try:
        row = services.switch_campaign(access=access, key=key, off=request.POST.get("off") == "oui")
        messages.success(request, "La relance est suspendue." if row.switched_off else "La relance partira le jour prévu.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("reminder_calendar", department=department)
