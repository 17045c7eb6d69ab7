"""Where allauth asks the house: how tries are counted, what a log-in leaves behind, what is said, how a password is saved."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from retkoop.users import devices, services
from retkoop.users.models import User
from retkoop.users.sessions import SessionStore
from retkoop.users.tries import begin, login_counters, succeed

WRONG: Final = "Identifiant ou mot de passe incorrect. Respectez les majuscules et les minuscules, sans espaces."
SAID: Final = {
    "account/messages/logged_out.txt": "Vous êtes déconnecté.",
    "account/messages/password_changed.txt": "Votre mot de passe est changé. Les autres connexions à ce compte sont terminées.",
    "mfa/messages/totp_activated.txt": "La double vérification est active.",
    "mfa/messages/totp_deactivated.txt": "La double vérification est arrêtée.",
    "mfa/messages/recovery_codes_generated.txt": "Voici de nouveaux codes de secours\u202f: gardez-les en lieu sûr.",
}
"""What a page says after allauth has done something; what is not here goes without saying."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon.",
        "cannot_generate_recovery_codes": "Mettez d’abord en place la double vérification.",
    }


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "incorrect_password": "Ce n’est pas le mot de passe de ce compte.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:  # noqa: ANN401 -- allauth's signature
        """Judge a try once it is counted. Raises TooManyTries."""
        username = str(credentials["username"])
        counters = login_counters(username, self.get_client_ip(request), devices.device_of(request, username))
        rows = begin(counters)
        user = authenticate(request, username=username, password=credentials["password"])
        if user is None:
            services.tell_wrong_try(username=username)
            return None
        succeed(counters, rows)
        return user

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:  # noqa: ANN401 -- idem
        response: HttpResponse = super().post_login(request, user, **hooks)
        devices.remember(request, response, user.username)
        SessionStore.clear_expired()
        return response

    def set_password(self, user: User, password: str) -> None:
        services.change_password(user=user, password=password, session_kept=self.request.session.session_key)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Ask for the password alone: a second factor was asked for at log-in."""
        return (
            [{"id": "reauthenticate", "description": "Mot de passe", "url": reverse("account_reauthenticate")}]
            if user.is_authenticated
            else []
        )

    def add_message(  # noqa: PLR0913, PLR0917 -- allauth's signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002 -- idem
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)
