"""The handovers of a coop's year: planned, filled in, signed by both, given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.reception import ACCEPTED, limits_for, received
from retkoop.archive.storage import NoRoom
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.network.models import RoleKind
from retkoop.network.services import AlreadyThere
from retkoop.year_end.closing.forms import said_of
from retkoop.year_end.handover import services
from retkoop.year_end.handover.forms import AnswersForm, PlanForm, ScanForm, SignForm
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.page import HandoverBoard, ShownHandover
from retkoop.year_end.handover.queries import handover_in
from retkoop.year_end.handover.receipt import receipt_name, receipt_pdf


@require_http_methods(["GET", "HEAD", "POST"])
def handovers(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show the handovers of a year; a POST begins one."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method != "POST":
        return _show(request, page)
    form = _plan_form(page, request.POST)
    if not form.is_valid():
        return _show(request, page, status=422, plan=form)
    try:
        services.plan_handover(access=page.access, book=page.book, plan=form.plan, submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        return redirect(page.url("handovers"))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, page, status=422, plan=form)
    messages.success(request, "La passation est commencée. Faites le tour de la liste ensemble, puis signez.")
    return redirect(page.url("handovers"))


def _plan_form(page: CoopPage, data: Any = None) -> PlanForm:  # noqa: ANN401 -- what was sent
    board = HandoverBoard(page)
    initial = {"day": page.today if page.today in page.year else page.year.last_day}
    return PlanForm(
        data, mandates=board.leavers if data is None else board.mandates, roles=board.own_accounts, year=page.year, initial=initial
    )


@require_POST
def fill(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Keep what was answered so far."""
    page, row = _opened(request, rne, year, key)
    form = AnswersForm(request.POST, row=row)
    if not form.is_valid():
        return _show(request, page, status=422, answers={row.pk: form})
    try:
        kept = services.fill_handover(access=page.access, book=page.book, key=key, version=form.cleaned_data["version"], filled=form.filled)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, page, status=422, answers={row.pk: form})
    missing = ShownHandover(kept).missing
    messages.success(request, "C’est noté." if missing else "C’est noté. La liste est complète\u202f: vous pouvez signer tous les deux.")
    return redirect(page.url("handovers"))


@require_POST
def sign(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One of the two signs: the coop's people alone can."""
    page, row = _opened(request, rne, year, key, own=True)
    form = SignForm(request.POST, prefix=f"signer-{row.pk}")
    if not form.is_valid():
        messages.error(request, said_of(form))
        return redirect(page.url("handovers"))
    given = form.cleaned_data
    return _do(request, page, lambda: _signed(services.sign_handover(access=page.access, book=page.book, key=key, **given)))


def _signed(row: Handover) -> str:
    if row.done:
        return f"La passation est signée des deux côtés. Bienvenue à {row.incoming_name}, et merci à {row.leaving.holder}\u202f!"
    return "La signature est enregistrée. Il manque encore l’autre."


@require_POST
def sign_on_paper(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Keep the scan of a receipt that was signed on paper."""
    page, row = _opened(request, rne, year, key, own=True)
    form = ScanForm(request.POST, request.FILES, unsigned=ShownHandover(row).unsigned)
    if not form.is_valid():
        messages.error(request, said_of(form))
        return redirect(page.url("handovers"))
    upload, verb = form.cleaned_data["fichiers"], services.sign_handover_on_paper
    try:
        with received(upload, limits_for(page.coop, page.year)) as clean:
            given = {"sides": form.cleaned_data["sides"], "cleaned": clean, "file_name": upload.name}
            return _do(request, page, lambda: _signed(verb(access=page.access, book=page.book, key=key, **given)))
    except (RefusedFile, NoRoom) as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("handovers"))


@require_POST
def take_back(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take the first signature back."""
    page, _ = _opened(request, rne, year, key)
    verb = services.take_back_handover
    return _do(request, page, lambda: verb(access=page.access, book=page.book, key=key), "La passation peut être corrigée.")


@require_POST
def cancel(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Give a handover up."""
    page, _ = _opened(request, rne, year, key)
    verb = services.cancel_handover
    return _do(request, page, lambda: verb(access=page.access, book=page.book, key=key), "La passation est annulée.")


@require_safe
def receipt(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """The receipt as it stands, to keep or to sign on paper."""
    page = open_page(request, rne, year)
    row = handover_in(page.book, key)
    disposition = f'attachment; filename="{receipt_name(row)}"'
    return HttpResponse(receipt_pdf(row, page.today), content_type="application/pdf", headers={"Content-Disposition": disposition})


def _opened(request: HttpRequest, rne: str, year: str, key: int, *, own: bool = False) -> tuple[CoopPage, Handover]:
    """Return a handover for whoever may write; `own`: for the coop's people alone. Raises Http404."""
    page = open_page(request, rne, year, to_write=True)
    if own and page.access.role is not RoleKind.COOP:
        raise Http404
    return page, handover_in(page.book, key)


def _do(request: HttpRequest, page: CoopPage, verb: Callable[[], object], said: str = "") -> HttpResponse:
    """Do a verb and say what it did, or why it did not."""
    try:
        done = verb()
        messages.success(request, said or str(done))
    except (Refused, AlreadyThere) as refusal:
        messages.error(request, str(refusal))
    return redirect(page.url("handovers"))


def _show(request: HttpRequest, page: CoopPage, status: int = 200, **sent: Any) -> HttpResponse:  # noqa: ANN401 -- the forms that were sent
    board = HandoverBoard(page)
    answers = sent.pop("answers", {})
    running = [
        {
            "shown": shown,
            "answers": answers.get(shown.row.pk) or AnswersForm(row=shown.row),
            "signing": [
                (name, SignForm(prefix=f"signer-{shown.row.pk}", initial={"side": side}, auto_id=f"id_{side}_%s"))
                for side, name in shown.unsigned
            ],
            "scan": ScanForm(unsigned=shown.unsigned, auto_id=f"id_scan_{shown.row.pk}_%s"),
        }
        for shown in board.running
    ]
    context = {"page": page, "here": "handovers", "board": board, "running": running, "accepted": ACCEPTED, "plan": _plan_form(page)}
    return render(request, "year_end/handover/handovers.html", context | sent, status=status)
