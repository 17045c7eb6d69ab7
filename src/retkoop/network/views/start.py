"""Where people land."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from retkoop.network import queries
from retkoop.network.models import Role
from retkoop.users.models import User


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the only place that a person may open, or show the list of them."""
    roles = queries.roles_today(request.user) if isinstance(request.user, User) else []
    places = [(role, _place(role)) for role in roles]
    if len(places) == 1:
        return redirect(places[0][1])
    return render(request, "network/start.html", {"places": places})


def _place(role: Role) -> str:
    if role.coop:
        return reverse("change_year", kwargs={"rne": role.coop.rne})
    if role.association:
        return reverse("association", kwargs={"department": role.association.department})
    return reverse("federation")
