"""Coops that nobody has opened yet: their letters on paper, their mails."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.activations import Waiting, letter_of, waiting_coops, write_letters, write_mails
from retkoop.network.queries import initial_password_of
from retkoop.ui.templates import plural

MOST = 1_000


@require_safe
def activations(request: HttpRequest, department: str) -> HttpResponse:
    """List the coops that wait, of one circonscription where one is named, with what a letter will say."""
    access = open_association(request.user, department)
    today, everyone = timezone.localdate(), waiting_coops(access.association)
    chosen = request.GET.get("circonscription", "")
    waiting = [one for one in everyone if not chosen or one.coop.circonscription == chosen]
    ruled = initial_password_of(access.association, today)
    context = {
        "access": access,
        "waiting": waiting,
        "everyone": len(everyone),
        "chosen": chosen,
        "circonscriptions": list(dict.fromkeys(one.coop.circonscription for one in everyone if one.coop.circonscription)),
        "ruled": ruled,
        "by_rule": ruled.works_on(today),
        "letter": letter_of(waiting[0], ruled, today) if waiting else None,
        "without": [one for one in waiting if not one.coop.email],
        "leaving": sum(1 for one in waiting if one.coop.email and not one.just_written) if settings.CAN_SEND_MAIL else 0,
        "can_mail": settings.CAN_SEND_MAIL,
    }
    return render(request, "network/activations.html", context)


def _chosen(request: HttpRequest, access: AssociationAccess) -> list[Waiting]:
    """Return the coops that were ticked, else those of the circonscription in sight, else all."""
    given = request.POST.get("circonscription", "")
    return waiting_coops(access.association, circonscription=given, rnes=request.POST.getlist("rne")[:MOST])


@require_POST
def letters(request: HttpRequest, department: str) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    waiting = _chosen(request, access)
    if not waiting:
        messages.info(request, "Aucune coopérative n’attend d’être activée.")
        return redirect("activations", department=department)
    content = write_letters(author=access.author, association=access.association, waiting=waiting)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="Activations-{department}-{timezone.localdate().isoformat()}.pdf"'
    return answer


@require_POST
def mails(request: HttpRequest, department: str) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    waiting = _chosen(request, access)
    sent = write_mails(author=access.author, waiting=waiting)
    silent = sum(1 for one in waiting if not one.coop.email)
    left = f" {plural(silent, 'coopérative')} sans adresse\u202f: imprimez {'leur' if silent > 1 else 'sa'} lettre." if silent else ""
    messages.success(request, f"{plural(sent, 'courriel part', 'courriels partent')}.{left}")
    return redirect("activations", department=department)
