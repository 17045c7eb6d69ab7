"""People of a coop and of the federation: who opens what, since when, and how they are let in or out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.network import people
from retkoop.network import people_queries as queries
from retkoop.network.access import open_association, open_federation
from retkoop.network.forms import FederationStaffForm, KeeperForm, OtherRoleForm, RoleEndForm
from retkoop.network.models import RoleKind
from retkoop.network.queries import coop_of, role_of
from retkoop.network.services import AlreadyThere, end_role
from retkoop.network.views.association import show_opening
from retkoop.network.views.coop_file import show_file
from retkoop.users import links


@require_POST
def give_access(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Let a person keep the books of a coop with an account of their own; its link leaves by mail, or is shown."""
    access = open_association(request.user, department, to_administer=True)
    coop = coop_of(access.association, rne)
    form = KeeperForm(request.POST)
    if not form.is_valid():
        return show_file(request, access, coop, keeper=form)
    try:
        opening = people.let_in(author=access.author, coop=coop, email=form.cleaned_data["address"], name=form.cleaned_data["keeper"])
    except AlreadyThere as refusal:
        form.add_error("address", str(refusal))
        return show_file(request, access, coop, keeper=form)
    if opening.token:
        return show_file(request, access, coop, token=opening.token, whose=opening.user.name)
    messages.success(request, f"{opening.user.name} ouvre désormais cette coopérative. {opening.told}".strip())
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def end_access(request: HttpRequest, department: str, rne: str, key: int) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    role = queries.person_of(coop_of(access.association, rne), key)
    end_role(author=access.author, role=role)
    messages.success(request, f"{role.user.name} n’ouvre plus cette coopérative.")
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def access_link(request: HttpRequest, department: str, rne: str, key: int) -> HttpResponse:
    """Take a person's account back to its initial state where it was activated, and have the link that opens it leave."""
    access = open_association(request.user, department, to_administer=True)
    coop = coop_of(access.association, rne)
    role = queries.person_of(coop, key)
    try:
        opening = people.link_again(author=access.author, role=role, association=access.association)
    except people.OfOthersToo as refusal:
        messages.error(request, str(refusal))
        return redirect("coop_file", department=department, rne=rne)
    if opening.token:
        return show_file(request, access, coop, token=opening.token, whose=role.user.name)
    messages.success(request, opening.told)
    return redirect("coop_file", department=department, rne=rne)


@require_POST
def staff_link(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Idem for somebody of an AD."""
    access = open_association(request.user, department, to_administer=True)
    role = role_of(access.association, key)
    try:
        opening = people.link_again(author=access.author, role=role, association=access.association)
    except people.OfOthersToo as refusal:
        messages.error(request, str(refusal))
        return redirect("staff", department=department)
    return show_opening(request, access, opening)


@require_POST
def other_role(request: HttpRequest, department: str, key: int) -> HttpResponse:
    access = open_association(request.user, department, to_administer=True)
    role, form = role_of(access.association, key), OtherRoleForm(request.POST)
    if form.is_valid():
        kind = RoleKind(form.cleaned_data["kind"])
        try:
            people.name_another_role(author=access.author, role=role, kind=kind)
        except AlreadyThere as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, f"{role.user.name} est aussi {kind.label.lower()}.")
    return redirect("staff", department=department)


@require_http_methods(["GET", "HEAD", "POST"])
def federation_staff(request: HttpRequest) -> HttpResponse:
    """Show the federation's own people; a POST adds one, or names the first administrateur of an AD, and has their link leave."""
    author = open_federation(request.user)
    if request.method != "POST":
        return _federation(request)
    form = FederationStaffForm(request.POST, without=queries.associations_without_administrateur())
    if not form.is_valid():
        return _federation(request, form=form)
    try:
        opening = people.let_into_team(author=author, **form.facts)
    except AlreadySubmitted:
        return redirect("federation_staff")
    except AlreadyThere as refusal:
        form.add_error("username", str(refusal))
        return _federation(request, form=form)
    return _opening(request, opening)


def _opening(request: HttpRequest, opening: people.Opening) -> HttpResponse:
    if opening.token:
        return _federation(request, token=opening.token, whose=opening.user.name)
    messages.success(request, opening.told)
    return redirect("federation_staff")


def _federation(request: HttpRequest, *, token: str = "", whose: str = "", **refused: Form) -> HttpResponse:
    without = queries.associations_without_administrateur()
    context = {
        "form": FederationStaffForm(without=without),
        "ending": None,
        "roles": queries.federation_staff(),
        "without": without,
        "can_send_mail": settings.CAN_SEND_MAIL,
        "me": request.user,
        "link": request.build_absolute_uri(links.path_of(token)) if token else "",
        "whose": whose,
        **refused,
    }
    return render(request, "network/federation_staff.html", context, status=422 if refused else 200)


@require_POST
def end_federation_role(request: HttpRequest, key: int) -> HttpResponse:
    author = open_federation(request.user)
    role = queries.federation_role(key)
    form = RoleEndForm(request.POST, role=role)
    if not form.is_valid():
        return _federation(request, ending=form)
    people.end_role_on(author=author, role=role, last_day=form.cleaned_data["end"])
    messages.success(request, people.told_end(role))
    return redirect("federation_staff")


@require_POST
def federation_link(request: HttpRequest, key: int) -> HttpResponse:
    author = open_federation(request.user)
    return _opening(request, people.link_again(author=author, role=queries.federation_role(key)))
