"""The letters on paper of a relance: to whom no mail gets, prepared once, printed as often as the printer wants."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.books.writable import Refused
from retkoop.network.models import AD_KINDS
from retkoop.oversight.reminders import paper
from retkoop.oversight.reminders.page import open_reminders
from retkoop.oversight.reminders.queries import campaign_of
from retkoop.ui.templates import plural


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show to whom a letter on paper would go, and those that were prepared; a POST prepares them."""
    access = open_reminders(request, department)
    row = campaign_of(access.association, key)
    if row.started_at is None:
        return redirect("reminder_calendar", department=department)
    if request.method == "POST":
        try:
            count = paper.prepare_letters(access=access, key=row.pk)
            said = plural(count, "courrier est prêt", "courriers sont prêts")
            messages.success(request, f"{said}\u202f: téléchargez, imprimez, postez.")
        except Refused as refusal:
            messages.info(request, str(refusal))
        return redirect("campaign_letters", department=department, key=key)
    context = {
        "access": access,
        "here": "reminders",
        "campaign": row,
        "pile": paper.Pile(row),
        "batches": paper.batches_of(row),
        "may_send": access.role in AD_KINDS,
    }
    return render(request, "oversight/reminders/letters.html", context)


@require_safe
def document(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Return the letters that were prepared together, the latest ones, or those whose first one is named (`lot`)."""
    access = open_reminders(request, department)
    row = campaign_of(access.association, key)
    batches = paper.batches_of(row)
    wanted = request.GET.get("lot", str(batches[0][0].pk) if batches else "")
    batch = next((batch for batch in batches if str(batch[0].pk) == wanted), None)
    if batch is None:
        return redirect("campaign_letters", department=department, key=key)
    answer = HttpResponse(paper.printed(access.association, batch), content_type="application/pdf")
    day = timezone.localdate(batch[0].made_at)
    answer["Content-Disposition"] = f'attachment; filename="Relance-{department}-{day.isoformat()}.pdf"'
    return answer
