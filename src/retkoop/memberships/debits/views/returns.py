"""What comes back unpaid: a file of the bank looked at first, then taken into account; or one debit by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.memberships.debits.forms import ReturnFileForm, ReturnForm, ReturnsForm, written_returns
from retkoop.memberships.debits.page import open_debits
from retkoop.memberships.debits.queries import collection_of
from retkoop.memberships.debits.return_files import LARGEST, UnreadableReturns, read_returns
from retkoop.memberships.debits.returning import DebitReturn, found_returns, return_debit, take_returns
from retkoop.network.access import AssociationAccess
from retkoop.ui.templates import plural


@require_http_methods(["GET", "HEAD", "POST"])
def returns(request: HttpRequest, department: str) -> HttpResponse:
    """Ask for a file; a POST shows what it says of the AD's debits, and writes nothing."""
    access = open_debits(request, department)
    if request.method != "POST":
        return _show(request, access, ReturnFileForm())
    form = ReturnFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, access, form, status=422)
    try:
        lines = read_returns(form.cleaned_data["file"].read(LARGEST + 1))
    except UnreadableReturns as refusal:
        form.add_error("file", str(refusal))
        return _show(request, access, form, status=422)
    found = found_returns(access.association, lines, timezone.localdate())
    asked = [one.asked for one in found if one.asked]
    taking = ReturnsForm(initial={"returns": written_returns(asked)})
    return _show(request, access, ReturnFileForm(), found=found, taking=taking, new=len(asked), read=True)


@require_POST
def take(request: HttpRequest, department: str) -> HttpResponse:
    """Take what was shown into account."""
    access = open_debits(request, department)
    form = ReturnsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Rechargez la page et donnez de nouveau le fichier.")
        return redirect("debit_returns", department=department)
    try:
        count = take_returns(access=access, returns=form.cleaned_data["returns"], submission=form.cleaned_data["submission"])
        said = f"{plural(count, 'retour')} pris en compte, les coopératives sont prévenues." if count else "Tout était déjà pris en compte."
        messages.success(request, said)
    except AlreadySubmitted:
        messages.success(request, "Ces retours sont pris en compte.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collections", department=department)


@require_POST
def one(request: HttpRequest, department: str, key: int, debit: int) -> HttpResponse:
    """Take one debit that came back into account."""
    access = open_debits(request, department)
    row = collection_of(access.association, key)
    form = ReturnForm(request.POST)
    if not row.debits.filter(pk=debit).exists():
        raise Http404
    if form.is_valid():
        try:
            return_debit(access=access, said=DebitReturn(debit, form.cleaned_data["day"], form.cleaned_data["code"]))
            messages.success(request, "C’est noté\u202f: l’adhésion est de nouveau à payer, la coopérative est prévenue.")
        except Refused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, " ".join(str(words[0]) for words in form.errors.values()))
    return redirect("collection", department=department, key=key)


def _show(request: HttpRequest, access: AssociationAccess, form: ReturnFileForm, status: int = 200, **more: object) -> HttpResponse:
    context = {"access": access, "here": "memberships", "form": form, "found": [], "taking": None, "new": 0, "read": False}
    return render(request, "memberships/debits/returns.html", context | more, status=status)
