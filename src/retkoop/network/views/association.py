"""The pages of an AD: its team."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.network import queries, services
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.forms import RoleEndForm, StaffForm
from retkoop.network.models import AD_KINDS, RoleKind
from retkoop.network.people import Opening, end_role_on, let_into_team, told_end
from retkoop.users import links


@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, department: str) -> HttpResponse:
    """Show the team of an AD; a POST adds a person and has the link that activates their account leave."""
    access = open_association(request.user, department, to_administer=request.method == "POST")
    form = StaffForm(request.POST)
    if request.method != "POST":
        return show_staff(request, access)
    if not form.is_valid():
        return show_staff(request, access, form=form)
    facts = form.cleaned_data | {"kind": RoleKind(form.cleaned_data["kind"])}
    try:
        opening = let_into_team(author=access.author, association=access.association, **facts)
    except AlreadySubmitted:
        return redirect("staff", department=department)
    except services.AlreadyThere as refusal:
        form.add_error("username", str(refusal))
        return show_staff(request, access, form=form)
    return show_opening(request, access, opening)


def show_opening(request: HttpRequest, access: AssociationAccess, opening: Opening) -> HttpResponse:
    """Say where the link of somebody of the team has gone, or show it."""
    if opening.token:
        return show_staff(request, access, token=opening.token, whose=opening.user.name)
    messages.success(request, opening.told)
    return redirect("staff", department=access.association.department)


def show_staff(request: HttpRequest, access: AssociationAccess, *, token: str = "", whose: str = "", **refused: Form) -> HttpResponse:
    """Render the team, with a form that was refused (`form ending`); `token` is that of a link just made for somebody, shown this once."""
    context = {
        "access": access,
        "form": StaffForm(),
        "ending": None,
        "roles": queries.staff_of(access.association),
        "kinds": AD_KINDS,
        "can_send_mail": settings.CAN_SEND_MAIL,
        "today": timezone.localdate(),
        "link": request.build_absolute_uri(links.path_of(token)) if token else "",
        "whose": whose,
        **refused,
    }
    return render(request, "network/staff.html", context, status=422 if refused else 200)


@require_POST
def end_role(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Take a role away, at once or after a last day."""
    access = open_association(request.user, department, to_administer=True)
    role = queries.role_of(access.association, key)
    form = RoleEndForm(request.POST, role=role)
    if not form.is_valid():
        return show_staff(request, access, ending=form)
    end_role_on(author=access.author, role=role, last_day=form.cleaned_data["end"])
    messages.success(request, told_end(role))
    return redirect("staff", department=department)
