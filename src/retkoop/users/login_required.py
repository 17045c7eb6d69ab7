"""Nobody sees a page without being logged in, but those that a view calls public (`login_not_required`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

from retkoop.ui.requests import page_of
from retkoop.ui.typed import keep_typed

KEPT: Final = "Votre connexion s’est terminée. Ce que vous aviez saisi est gardé\u202f: connectez-vous pour continuer."


class LoginRequired:
    """Middleware: sends whoever is not logged in to log-in and back, with what was typed kept on the way.

    Django's own knows neither htmx nor what was typed, and looks for the user of public pages too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or request.user.is_authenticated:
            return None
        if keep_typed(request):
            messages.info(request, KEPT)
        response = redirect_to_login(page_of(request))
        return HttpResponseClientRedirect(response.url) if request.headers.get("HX-Request") else response
