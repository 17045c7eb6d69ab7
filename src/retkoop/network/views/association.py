"""The pages of an AD: its team."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.network import queries, services
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.forms import RoleEndForm, StaffForm
from retkoop.network.models import AD_KINDS, RoleKind
from retkoop.network.people import Opening, end_role_on, give_link, told_end
from retkoop.users import links


@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, department: str) -> HttpResponse:
    """Show the team of an AD; a POST adds a person and has the link that activates their account leave."""
    access = open_association(request.user, department, to_administer=request.method == "POST")
    form = StaffForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return show_staff(request, access, form)
    facts = form.cleaned_data | {"kind": RoleKind(form.cleaned_data["kind"])}
    try:
        user = services.create_staff(author=access.author, association=access.association, **facts)
    except AlreadySubmitted:
        return redirect("staff", department=department)
    except services.AlreadyThere as refusal:
        form.add_error("username", str(refusal))
        return show_staff(request, access, form)
    return show_opening(request, access, give_link(author=access.author, user=user, chain=access.association.chain))


def show_opening(request: HttpRequest, access: AssociationAccess, opening: Opening) -> HttpResponse:
    """Say where the link of somebody of the team has gone, or show it."""
    if opening.token:
        return show_staff(request, access, token=opening.token, whose=opening.user.name)
    messages.success(request, opening.told)
    return redirect("staff", department=access.association.department)


def show_staff(
    request: HttpRequest, access: AssociationAccess, form: StaffForm | None = None, token: str = "", whose: str = ""
) -> HttpResponse:
    """Render the team; `token` is that of a link just made for somebody (`whose`), which is shown this once."""
    context = {
        "access": access,
        "form": form or StaffForm(),
        "roles": queries.staff_of(access.association),
        "kinds": AD_KINDS,
        "can_send_mail": settings.CAN_SEND_MAIL,
        "today": timezone.localdate(),
        "link": request.build_absolute_uri(links.path_of(token)) if token else "",
        "whose": whose,
    }
    return render(request, "network/staff.html", context)


@require_POST
def end_role(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Take a role away, at once or after a last day."""
    access = open_association(request.user, department, to_administer=True)
    role, form = queries.role_of(access.association, key), RoleEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["end"][0]))
    else:
        end_role_on(author=access.author, role=role, last_day=form.cleaned_data["end"])
        messages.success(request, told_end(role))
    return redirect("staff", department=department)
