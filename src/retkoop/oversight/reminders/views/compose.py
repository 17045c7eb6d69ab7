"""A relance is written: seen before it leaves, sent now or planned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.oversight.reminders import services
from retkoop.oversight.reminders.forms import ReminderForm
from retkoop.oversight.reminders.page import Composing, day_in, kind_named, open_reminders
from retkoop.oversight.reminders.queries import campaign_of

SEND, PREVIEW = "envoyer", "apercu"
FREE = "message"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, department: str) -> HttpResponse:
    """Write a relance of a kind (`sujet`), to all that it concerns or to the coops named by `rne`; `action` says what to do."""
    access = open_reminders(request, department)
    given = request.POST if request.method == "POST" else request.GET
    kind, chosen = kind_named(given.get("sujet", FREE)), tuple(dict.fromkeys(given.getlist("rne")))
    bound = request.POST.get("action") in {SEND, PREVIEW}
    if request.method == "POST" and not bound and not chosen:
        messages.error(request, "Cochez d’abord les coopératives à relancer.")
        return redirect("association", department=department)
    day = day_in(request.GET.get("le", ""))
    form = ReminderForm(request.POST) if bound else ReminderForm.proposed(kind, {"planned_on": day} if day else {})
    page = Composing(access, kind, form, chosen)
    if bound and form.is_valid() and request.POST["action"] == SEND:
        return _send(request, page)
    return _show(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Change a planned relance that has not left."""
    access = open_reminders(request, department)
    row = campaign_of(access.association, key)
    if row.started_at is not None:
        return redirect("campaign", department=department, key=key)
    kept = {name: getattr(row, name) for name in ("text", "deadline", "audience", "planned_on")} | {"subject": row.headline}
    form = ReminderForm(request.POST) if request.method == "POST" else ReminderForm(initial=kept)
    page = Composing(access, row.about, form, tuple(row.chosen), row)
    if request.method == "POST" and form.is_valid() and request.POST.get("action") == SEND:
        return _send(request, page)
    return _show(request, page)


def _send(request: HttpRequest, page: Composing) -> HttpResponse:
    """Send, plan or change a relance; what stands in the way is said in the form."""
    access, given, department = page.access, page.form.cleaned_data, page.access.association.department
    try:
        if page.planned is not None:
            services.change_campaign(access=access, key=page.planned.pk, plan=page.plan, day=given["planned_on"])
        elif given["planned_on"]:
            services.plan_campaign(access=access, plan=page.plan, day=given["planned_on"], submission=given["submission"])
        else:
            row = services.start_campaign(access=access, plan=page.plan, submission=given["submission"])
            return redirect("campaign", department=department, key=row.pk)
    except AlreadySubmitted as done:
        return redirect("campaign", department=department, key=done.subject.rpartition(":")[2])
    except Refused as refusal:
        page.form.add_error(None, str(refusal))
        return _show(request, page)
    messages.success(request, "La relance est programmée. Elle partira d’elle-même ce jour-là.")
    return redirect("reminder_calendar", department=department)


def _show(request: HttpRequest, page: Composing) -> HttpResponse:
    page.propose_deadline()
    context = {"access": page.access, "here": "reminders", "composing": page, "form": page.form}
    return render(request, "oversight/reminders/compose.html", context, status=422 if page.form.errors else 200)
