"""The cheques that an AD takes to its bank: those that wait, the bordereaux."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.memberships.access import MONEY, money_access
from retkoop.memberships.receipts import depositing, queries
from retkoop.memberships.receipts.forms import DepositForm
from retkoop.memberships.receipts.services import WrongDay
from retkoop.memberships.receipts.slip import slip_name, slip_pdf
from retkoop.network.access import AssociationAccess, open_association

HERE: Final = "memberships"


@require_http_methods(["GET", "HEAD", "POST"])
def deposits(request: HttpRequest, department: str) -> HttpResponse:
    """Show the cheques that wait and the bordereaux; a POST makes one of the cheques that are ticked."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    waiting = queries.cheques_to_deposit(access.association)
    initial = {"day": timezone.localdate(), "submission": uuid.uuid4()}
    form = DepositForm(request.POST if request.method == "POST" else None, waiting=waiting, initial=initial)
    if form.is_valid() and (number := _deposited(request, access, form)):
        return redirect("cheque_deposit", department=department, number=number)
    context = {
        "access": access,
        "here": HERE,
        "form": form,
        "waiting": waiting,
        "deposits": queries.page_of(queries.deposits_of(access.association), request.GET.get("page")),
        "may_act": access.role in MONEY,
    }
    return render(request, "memberships/receipts/deposits.html", context, status=422 if form.is_bound else 200)


def _deposited(request: HttpRequest, access: AssociationAccess, form: DepositForm) -> int | None:
    """Make the bordereau that a form asks for, and return its number; what stands in the way is said in the form."""
    given = form.cleaned_data
    try:
        made = depositing.deposit_cheques(access=access, keys=given["cheques"], day=given["day"], submission=given["submission"])
    except AlreadySubmitted as done:
        return queries.deposit_number(access.association, int(done.subject.rpartition(":")[2]))
    except Refused as refusal:
        form.add_error("day" if isinstance(refusal, WrongDay) else None, str(refusal))
        return None
    messages.success(request, f"Le bordereau n°\u00a0{made.number} est fait\u202f: imprimez-le, signez-le, joignez-le aux chèques.")
    return made.number


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, department: str, number: int) -> HttpResponse:
    """Show a bordereau; a POST takes it back."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    row = queries.deposit_of(access.association, number)
    if request.method == "POST":
        try:
            depositing.undo_deposit(access=access, number=number)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("cheque_deposit", department=department, number=number)
        messages.success(request, f"Le bordereau n°\u00a0{number} est défait\u202f: ses chèques attendent de nouveau.")
        return redirect("cheque_deposits", department=department)
    context = {"access": access, "here": HERE, "deposit": row, "cheques": queries.cheques_of(row), "may_act": access.role in MONEY}
    return render(request, "memberships/receipts/deposit.html", context)


@require_safe
def slip(request: HttpRequest, department: str, number: int) -> HttpResponse:
    """Return a bordereau to print."""
    access = open_association(request.user, department)
    row = queries.deposit_of(access.association, number)
    content = slip_pdf(row, queries.cheques_of(row), access.association, timezone.localdate())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slip_name(access.association, row)}"'
    return response
