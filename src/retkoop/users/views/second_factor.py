"""The second factor (double vérification), offered to the staff of the ADs and of the federation.

A coop's account is shared by colleagues: one phone would lock out all the others.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from retkoop.users import queries, services
from retkoop.users.models import User
from retkoop.users.views.account import person


def _staff(request: HttpRequest) -> User:
    user = person(request)
    if not user.is_staff_of_occe:
        raise Http404
    return user


class StaffOnly:
    """Views of the second factor, absent for whoever is not staff."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 -- Django's
        _staff(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view that it is mixed in
        return response


class Activate(StaffOnly, ActivateTOTPView):
    def get_success_url(self) -> str:
        return reverse("recovery_codes")

    def form_valid(self, form: BaseAuthenticateForm) -> HttpResponse:
        with services.second_factor_change(user=person(self.request), action="account.second_factor_added"):
            response: HttpResponse = super().form_valid(form)
        return response


class Deactivate(StaffOnly, DeactivateTOTPView):
    success_url = reverse_lazy("account")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        with services.second_factor_change(user=person(self.request), action="account.second_factor_removed"):
            response: HttpResponse = super().form_valid(form)
        return response


class NewRecoveryCodes(StaffOnly, GenerateRecoveryCodesView):
    success_url = reverse_lazy("recovery_codes")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        with services.second_factor_change(user=person(self.request), action="account.recovery_codes_made"):
            response: HttpResponse = super().form_valid(form)
        return response


@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes that are left; allauth's own page would write that they were seen."""
    user = _staff(request)
    raise_if_reauthentication_required(request, app="allauth.mfa")
    codes = queries.recovery_codes_of(user)
    if codes is None:
        raise Http404
    return render(request, "mfa/recovery_codes/index.html", {"codes": codes})
