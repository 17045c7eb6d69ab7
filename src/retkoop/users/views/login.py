"""Log-in, and what to do when the password is forgotten."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from retkoop.users import first_login, mail, recovery
from retkoop.users.forms import ForgottenPasswordForm, LoginForm
from retkoop.users.tries import TooManyTries

LINK_NOT_SENT = "Le message n’est pas parti. Recommencez dans quelques minutes, ou demandez un lien à votre association départementale."


class Login(LoginView):
    """allauth's log-in, which the initial password of a coop turns into the start of an activation."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's signature
        context: dict[str, Any] = super().get_context_data(**more)
        return {**context, "demonstration": settings.DEMONSTRATION}

    def form_valid(self, form: LoginForm) -> HttpResponse:
        if form.starting is None:
            entered: HttpResponse = super().form_valid(form)
            return entered
        first_login.start(self.request, form.starting)
        send_code(self.request)
        return redirect("activation")

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", code="too_many_tries"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


def send_code(request: HttpRequest) -> None:
    """Send the code that the activation under way needs, and say so; or say why it did not leave."""
    begun = first_login.current(request)
    if begun is None or not begun.needs_code:
        return
    try:
        first_login.send_code(request, begun, get_adapter().get_client_ip(request))
    except TooManyTries as refusal:
        messages.warning(request, refusal.messages[0])
    except mail.NotSent:
        messages.error(request, "Le message n’est pas parti. Demandez un autre code dans quelques minutes.")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link to the account's official address; the answer never tells whether the account exists."""
    form = ForgottenPasswordForm(request.POST if request.method == "POST" else None)
    sent = False
    if settings.CAN_SEND_MAIL and request.method == "POST" and form.is_valid():
        try:
            recovery.send_link(form.cleaned_data["login"], get_adapter().get_client_ip(request))
            sent = True
        except TooManyTries as refusal:
            form.add_error(None, refusal)
        except mail.NotSent:
            form.add_error(None, LINK_NOT_SENT)
    return render(request, "users/password_forgotten.html", {"form": form, "sent": sent, "can_send_mail": settings.CAN_SEND_MAIL})
