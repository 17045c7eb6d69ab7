"""The file that an AD keeps of a coop: who holds its mandates, and how its account stands."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.domain.elision import of
from retkoop.mailing.queries import letters_about
from retkoop.network import queries, services
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.directory_queries import TOLD, circonscriptions_of, school_of
from retkoop.network.forms import CoopFactsForm, EndForm, KeeperForm, MandateForm
from retkoop.network.models import Coop
from retkoop.network.people_queries import people_of
from retkoop.users import links
from retkoop.users.services import AlreadyActivated, make_activation_link


@require_safe
def coop_file(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    access = open_association(request.user, department)
    return show_file(request, access, queries.coop_of(access.association, rne))


def show_file(
    request: HttpRequest, access: AssociationAccess, coop: Coop, *, token: str = "", whose: str = "la coopérative", **refused: Form
) -> HttpResponse:
    """Render the file, with a form that was refused (`form facts keeper ending`); `token` is that of a link just made, shown this once."""
    context = {
        **_known(access, coop),
        "form": MandateForm(),
        "facts": CoopFactsForm(initial={name: getattr(coop, name) for name in TOLD}),
        "keeper": KeeperForm(),
        "ending": None,
        "today": timezone.localdate(),
        "link": request.build_absolute_uri(links.path_of(token)) if token else "",
        "whose": whose,
        **refused,
    }
    return render(request, "network/coop_file.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK)


def _known(access: AssociationAccess, coop: Coop) -> dict[str, object]:
    return {
        "access": access,
        "coop": coop,
        "account": queries.account_of(coop),
        "mandates": queries.mandates_of(coop),
        "letters": letters_about(coop.chain, 8),
        "people": people_of(coop),
        "told": school_of(coop),
        "can_send_mail": settings.CAN_SEND_MAIL,
        "circonscriptions": circonscriptions_of(access.association) if access.can_administer else [],
    }


@require_POST
def change_coop(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Keep what the AD says of a coop; a new name asks for its reason."""
    access = open_association(request.user, department, to_administer=True)
    coop, form = queries.coop_of(access.association, rne), CoopFactsForm(request.POST)
    if not form.is_valid():
        return show_file(request, access, coop, facts=form)
    changes = {name: form.cleaned_data[name] for name in TOLD}
    try:
        changed = services.change_coop(author=access.author, coop=coop, changes=changes, reason=form.cleaned_data["reason"])
    except services.ReasonMissing as refusal:
        form.add_error("reason", str(refusal))
        return show_file(request, access, coop, facts=form)
    messages.success(request, "La fiche est enregistrée." if changed else "Rien n’a changé.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def follow_directory(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Take what the directory says for what the AD says, of one thing (`champ`)."""
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    field = request.POST.get("champ")
    taken = {one.field: one.theirs for one in school_of(coop).differences if one.field == field}
    if taken and services.change_coop(author=access.author, coop=coop, changes=taken, reason="Repris de l’annuaire du ministère"):
        messages.success(request, f"{TOLD[str(field)]}\u202f: c’est désormais celui de l’annuaire.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def give_mandate(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return show_file(request, access, coop, form=form)
    try:
        mandate = services.give_mandate(author=access.author, coop=coop, **form.cleaned_data)
    except AlreadySubmitted:
        return redirect("coop_file", department=department, rne=rne)
    messages.success(request, f"Le mandat {of(mandate.holder)} est enregistré.")
    for other in queries.held_beside(mandate):
        messages.warning(request, f"Le mandat {of(other)} court toujours\u202f: donnez-lui un dernier jour s’il s’agit d’un remplacement.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def end_mandate(request: HttpRequest, department: str, rne: str, key: int) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    mandate = queries.mandate_of(queries.coop_of(access.association, rne), key)
    form = EndForm(request.POST, mandate=mandate)
    if not form.is_valid():
        return show_file(request, access, mandate.coop, ending=form)
    services.end_mandate(author=access.author, mandate=mandate, last_day=form.cleaned_data["end"])
    messages.success(request, f"Le mandat {of(mandate.holder)} a son dernier jour.")
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
    return show_file(request, access, coop, token=token)


@require_POST
def reset_account(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Take the account back to its initial state, and show the link that activates it again."""
    access = open_association(request.user, department, to_administer=True)
    coop = queries.coop_of(access.association, rne)
    return show_file(request, access, coop, token=services.reset_coop_account(author=access.author, coop=coop))
