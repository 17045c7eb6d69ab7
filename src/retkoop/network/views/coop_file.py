"""The file that an AD keeps of a coop: who holds its mandates, and how its account stands."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.network import queries, services
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.forms import EndForm, MandateForm
from retkoop.network.models import Coop
from retkoop.users import links
from retkoop.users.services import AlreadyActivated, make_activation_link


@require_safe
def coop_file(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    access = open_association(request.user, department)
    return _page(request, access, queries.coop_of(access.association, rne))


def _page(request: HttpRequest, access: AssociationAccess, coop: Coop, form: MandateForm | None = None, token: str = "") -> HttpResponse:
    """Render the file; `token` is that of a link just made, which is shown this once."""
    context = {
        "access": access,
        "coop": coop,
        "account": queries.account_of(coop),
        "mandates": queries.mandates_of(coop),
        "form": form or MandateForm(),
        "today": timezone.localdate(),
        "link": request.build_absolute_uri(links.path_of(token)) if token else "",
    }
    return render(request, "network/coop_file.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK)


@require_POST
def give_mandate(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return _page(request, access, coop, form)
    try:
        mandate = services.give_mandate(author=access.author, coop=coop, **form.cleaned_data)
    except AlreadySubmitted:
        return redirect("coop_file", department=department, rne=rne)
    messages.success(request, f"Le mandat de {mandate.holder} est enregistré.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def end_mandate(request: HttpRequest, department: str, rne: str, key: int) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    mandate = queries.mandate_of(queries.coop_of(access.association, rne), key)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["end"][0]))
    elif form.cleaned_data["end"] < mandate.start:
        messages.error(request, "Le dernier jour vient avant le premier.")
    else:
        services.end_mandate(author=access.author, mandate=mandate, last_day=form.cleaned_data["end"])
        messages.success(request, f"Le mandat de {mandate.holder} a son dernier jour.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def coop_link(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Make a link that activates the account, and show it this once."""
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    try:
        token = make_activation_link(author=access.author, user=queries.account_of(coop))
    except AlreadyActivated:
        messages.warning(request, "Ce compte vient d’être activé\u202f: il n’a plus besoin de lien.")
        return redirect("coop_file", department=department, rne=rne)
    return _page(request, access, coop, token=token)


@require_POST
def reset_account(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Take the account back to its initial state, and show the link that activates it again."""
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    return _page(request, access, coop, token=services.reset_coop_account(author=access.author, coop=coop))
