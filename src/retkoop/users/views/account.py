"""My account: password, open sessions."""

from __future__ import annotations

from allauth.account.views import PasswordChangeView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.users import queries, services
from retkoop.users.models import User


class ChangePassword(PasswordChangeView):
    success_url = reverse_lazy("account")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "users/account.html", {"user": request.user, "second_factor": queries.has_second_factor(person(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where the account is open, and end what is open elsewhere."""
    here = request.session.session_key
    if request.method == "POST":
        services.end_other_sessions(user=person(request), session_kept=here)
        messages.success(request, "Les autres connexions sont terminées.")
        return redirect("sessions")
    return render(request, "users/sessions.html", {"sessions": queries.open_sessions(person(request), here)})


def person(request: HttpRequest) -> User:
    """Return who is logged in; `LoginRequired` has let nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError(request.user)
    return request.user
