"""The adhésion of a coop: where it stands, its effectifs, the engagement of its mandataires, the declaration, the appel de cotisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.domain.money import format_amount
from retkoop.domain.tariff_change import tariff_changes, tariff_mark
from retkoop.memberships.declaring.call import call_name, call_pdf
from retkoop.memberships.declaring.forms import AcceptForm, ChequeForm, DeclareForm, MembershipForm, Shown, TransferForm
from retkoop.memberships.declaring.page import MembershipBoard, members_told
from retkoop.memberships.declaring.services import (
    ChangedTariff,
    OverTaken,
    WrongCount,
    accept_engagement,
    correct,
    declare,
    save_draft,
)
from retkoop.memberships.pricing.text import passages_of
from retkoop.network.models import RoleKind


@require_safe
def membership(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show where the adhésion stands, what to do next, how to pay."""
    return show_membership(request, MembershipBoard(open_page(request, rne, year)))


def show_membership(request: HttpRequest, board: MembershipBoard, refused: TransferForm | None = None) -> HttpResponse:
    """Show an adhésion; `refused`: the payment that could not be announced, as it was typed."""
    left = {"amount": board.left}
    context = {
        "page": board.page,
        "here": "membership",
        "board": board,
        "form": DeclareForm(initial={"version": board.version, "tariff": tariff_mark(board.tariff)}),
        "cheque": refused if isinstance(refused, ChequeForm) else ChequeForm(initial=left),
        "transfer": TransferForm(initial=left) if refused is None or isinstance(refused, ChequeForm) else refused,
    }
    return render(request, "memberships/declaring/membership.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show the form of effectifs; a POST keeps it, or corrects what was declared."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    board = MembershipBoard(page)
    if request.method != "POST" or request.POST.keys() & {"add", "remove"}:
        return _show_form(request, page, board, _form(request, board))
    form = _form(request, board)
    if not form.is_valid():
        return _show_form(request, page, board, form, status=422)
    try:
        _keep(request, board, form)
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        now = MembershipBoard(page)
        _tell(form, now, refusal)
        return _show_form(request, page, now, form, status=422)
    return redirect(page.url("membership"))


def _tell(form: MembershipForm, now: MembershipBoard, refusal: Refused) -> None:
    """Say in a form what stands in its way; what changed under it is taken up, so that it can be sent again once that was read."""
    if isinstance(refusal, WrongCount):
        form.tell(refusal)
        return
    told = str(refusal)
    if isinstance(refusal, OverTaken):
        told += f" Il y a maintenant {members_told(now.proposed[0])}. Enregistrez de nouveau pour mettre les vôtres à la place."
    form.add_error(None, told)
    if isinstance(refusal, (OverTaken, ChangedTariff)):
        form.renew(Shown(now.proposed[0], now.version))


def _form(request: HttpRequest, board: MembershipBoard, *, judged: bool = False) -> MembershipForm:
    """Return the form, as it was sent where it was; a button of its rows only moves them, unless it is `judged` all the same."""
    shown, _ = board.proposed
    return MembershipForm(
        request.POST if request.method == "POST" else None,
        tariff=board.tariff,
        shown=Shown(shown, board.version, board.latest is not None, board.only_class if request.method != "POST" else None),
        moved=not judged and bool(request.POST.keys() & {"add", "remove"}),
    )


def _keep(request: HttpRequest, board: MembershipBoard, form: MembershipForm) -> None:
    given = form.cleaned_data
    told: dict[str, Any] = {"access": board.page.access, "year": board.page.year, "declared": form.declared}
    told |= {"confirmed": given["confirmed"], "submission": given["submission"]}
    if board.latest is None:
        save_draft(**told, version=given["version"])
        messages.success(request, "Vos effectifs sont enregistrés.")
        if changes := tariff_changes(given["tariff_read"] or tariff_mark(board.tariff), board.tariff):
            messages.warning(request, str(ChangedTariff(changes)))
        return
    made = correct(**told, number=given["version"], reason=given["reason"], tariff=given["tariff_read"])
    gap = made.total - board.latest.total
    after = {True: f" Il y a {format_amount(gap)} de plus à payer.", False: f" Il y a {format_amount(-gap)} de moins à payer."}
    messages.success(request, "Vos effectifs sont corrigés." + (after[gap > 0] if gap else " Le montant reste le même."))


def _show_form(request: HttpRequest, page: CoopPage, board: MembershipBoard, form: MembershipForm, status: int = 200) -> HttpResponse:
    shown, former = board.proposed
    read = _form(request, board, judged=True) if form.rows.moved else form
    bill = board.bill_of(read.declared if read.is_bound else shown)
    context = {"page": page, "here": "membership", "board": board, "form": form, "former": former, "bill": bill}
    return render(request, "memberships/declaring/form.html", context, status=status)


@require_POST
def amount(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Say what the effectifs typed so far would cost. Nothing is written."""
    page = open_page(request, rne, year, to_write=True)
    board = MembershipBoard(page)
    bill = board.bill_of(_form(request, board, judged=True).declared)
    return render(request, "memberships/declaring/_bill.html", {"page": page, "bill": bill, "board": board})


@require_http_methods(["GET", "HEAD", "POST"])
def engagement(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show the engagement, to be read to its end; a POST accepts it: the coop's people alone can."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    board = MembershipBoard(page)
    if request.method != "POST":
        return _show_engagement(request, board)
    if page.access.role is not RoleKind.COOP:
        raise Http404
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _show_engagement(request, board, form, status=422)
    try:
        accept_engagement(access=page.access, year=page.year, **form.cleaned_data)
    except AlreadySubmitted:
        return redirect(page.url("membership"))
    except OverTaken as refusal:
        messages.warning(request, str(refusal))
        return redirect(page.url("membership_engagement"))
    except Refused as refusal:
        form.add_error("holder", str(refusal))
        return _show_engagement(request, board, form, status=422)
    messages.success(request, "Merci\u202f: votre acceptation est enregistrée, avec sa date et la version du texte.")
    return redirect(page.url("membership"))


def _show_engagement(request: HttpRequest, board: MembershipBoard, form: AcceptForm | None = None, status: int = 200) -> HttpResponse:
    text = board.engagement.text
    initial = {"text": text.pk if text else 0}
    context = {
        "page": board.page,
        "here": "membership",
        "board": board,
        "passages": passages_of(text.text) if text else [],
        "form": form or AcceptForm(initial=initial),
    }
    return render(request, "memberships/declaring/engagement.html", context, status=status)


@require_POST
def declare_it(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Declare what was filled in: the coop's people alone can."""
    page = open_page(request, rne, year, to_write=True)
    if page.access.role is not RoleKind.COOP:
        raise Http404
    form = DeclareForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Rechargez la page.")
        return redirect(page.url("membership"))
    try:
        row = declare(access=page.access, year=page.year, **form.cleaned_data)
    except AlreadySubmitted:
        return redirect(page.url("membership"))
    except WrongCount as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("membership_form"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("membership"))
    messages.success(request, f"L’adhésion est déclarée, merci\u202f! Il reste à payer {format_amount(row.total)}.")
    return redirect(page.url("membership"))


@require_safe
def fee_call(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The appel de cotisation, from the declaration on."""
    page = open_page(request, rne, year)
    board = MembershipBoard(page)
    if board.latest is None:
        raise Http404
    disposition = f'attachment; filename="{call_name(page)}"'
    return HttpResponse(call_pdf(board), content_type="application/pdf", headers={"Content-Disposition": disposition})
