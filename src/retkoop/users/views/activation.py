"""The activation of an account: by the initial password and a mailed code, or by a link."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.users import first_login, services
from retkoop.users.forms import ActivationForm
from retkoop.users.mail import hinted
from retkoop.users.models import User
from retkoop.users.views.account import person
from retkoop.users.views.login import send_code

JUST_ACTIVATED = "Ce compte vient d’être activé\u202f: connectez-vous avec le mot de passe qui a été choisi."
OUT_OF_DATE = "Cette activation n’est plus valable. Connectez-vous de nouveau, ou demandez un lien à votre association départementale."


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Choose the account's password, then enter."""
    begun = first_login.current(request)
    if begun is None:
        messages.warning(request, OUT_OF_DATE)
        return redirect("account_login")
    form = ActivationForm(request.POST if request.method == "POST" else None, begun=begun)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, _choose(begun.user, form.cleaned_data["password"]))
        except services.AlreadyActivated:  # a double click, or a colleague who was quicker
            messages.info(request, JUST_ACTIVATED)
            return redirect("account_login")
    context = {"form": form, "begun": begun, "address": hinted(begun.user.email) if begun.user.email else ""}
    return render(request, "users/activation.html", context)


def _choose(user: User, password: str) -> User:
    """Give the account its password: its first one, or a new one where a link said that it was forgotten."""
    if user.activated_at is None:
        activated = services.activate(user=user, password=password)
        for step in settings.AFTER_ACTIVATION:
            import_string(step)(user=activated)
        return activated
    services.change_password(user=user, password=password)
    return user


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    first_login.forget(request)
    response: HttpResponse = perform_login(request, user, redirect_url=settings.LOGIN_REDIRECT_URL)
    return response


@login_not_required
@require_POST
def resend_code(request: HttpRequest) -> HttpResponse:
    send_code(request)
    return redirect("activation")


@login_not_required
@require_safe
def activation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, and go on."""
    first_login.start_by_link(request, token)
    return redirect("activation")


@login_not_required
@sensitive_post_parameters("password", "password1")
@require_POST
def check_password(request: HttpRequest) -> HttpResponse:
    """Say, while a new password is typed, what the rules still ask of it. Nothing is kept."""
    begun = first_login.current(request)
    if begun is None and not request.user.is_authenticated:
        raise Http404
    user = begun.user if begun is not None else person(request)
    typed = request.POST.get("password") or request.POST.get("password1") or ""
    problems: list[str] = []
    try:
        if typed:
            validate_password(typed, user)
    except ValidationError as refusal:
        problems = refusal.messages
    return render(request, "users/_password_said.html", {"typed": typed, "problems": problems})
