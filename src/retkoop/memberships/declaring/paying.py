"""What a coop says of the payment that it has just made: the cheque that it sends, the transfer that its bank makes."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.memberships.declaring.forms import ChequeForm, TransferForm
from retkoop.memberships.declaring.page import MembershipBoard
from retkoop.memberships.declaring.services import UNDECLARED
from retkoop.memberships.declaring.views import show_membership
from retkoop.memberships.receipts.services import BeyondOwed, announce_cheque, announce_transfer, withdraw_announcement


@require_POST
def cheque(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Note the cheque that the coop sends."""
    page = open_page(request, rne, year, to_write=True)
    said = "C’est noté\u202f: l’association départementale attend ce chèque."
    return _announced(request, page, ChequeForm(request.POST), announce_cheque, said)


@require_POST
def transfer(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Note the transfer that the coop has asked its bank for."""
    page = open_page(request, rne, year, to_write=True)
    said = "C’est noté\u202f: l’association départementale attend ce virement."
    return _announced(request, page, TransferForm(request.POST), announce_transfer, said)


@require_POST
def withdraw(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take back a payment that the coop has announced by mistake."""
    page = open_page(request, rne, year, to_write=True)
    try:
        withdraw_announcement(access=page.access, key=key)
        messages.success(request, "C’est repris\u202f: l’association départementale n’attend plus ce paiement.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(page.url("membership"))


def _announced(request: HttpRequest, page: CoopPage, form: TransferForm, verb: Callable[..., object], said: str) -> HttpResponse:
    membership = MembershipBoard(page).membership
    if membership is None:
        messages.error(request, UNDECLARED)
        return redirect(page.url("membership"))
    if not form.is_valid():
        return _refused(request, page, form)
    try:
        verb(access=page.access, membership=membership, **form.cleaned_data)
        messages.success(request, said)
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        form.add_error("amount" if isinstance(refusal, BeyondOwed) else None, str(refusal))
        return _refused(request, page, form)
    return redirect(page.url("membership"))


def _refused(request: HttpRequest, page: CoopPage, form: TransferForm) -> HttpResponse:
    """Show what was typed again, with what is wrong; an adhésion that takes no payment any more says so over its page."""
    board = MembershipBoard(page)
    if not board.announces:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(page.url("membership"))
    return show_membership(request, board, form)
