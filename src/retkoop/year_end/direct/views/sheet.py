"""The model of a spreadsheet, or the AD's own workbook: downloaded, sent back, read over, noted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.books.queries import chart_of
from retkoop.books.sheets import UnreadableFile
from retkoop.books.writable import Refused
from retkoop.users.tries import TooManyTries
from retkoop.year_end.direct.filling import fill_year
from retkoop.year_end.direct.model import model_of
from retkoop.year_end.direct.page import DirectPage
from retkoop.year_end.direct.reading import Filled, ModelRefused
from retkoop.year_end.direct.received import read_over, receive_model, receive_workbook, workbook_of
from retkoop.year_end.direct.views.doors import step

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = "Choisissez d’abord le fichier rempli."
TOO_OLD = "Ce fichier a été lu il y a trop longtemps\u202f: renvoyez-le."


@require_safe
@step
def model(_: HttpRequest, shown: DirectPage) -> HttpResponse:
    """The empty model of the year."""
    page = shown.page
    disposition = f'attachment; filename="compte-rendu-{page.coop.rne}-{page.year}.xlsx"'
    content = model_of(page.year, chart_of(page.book), page.coop.name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
@step
def sheet(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """Where the model is to be had and sent back (`fichier`), or the workbook of the AD (`classeur`); what it says. Nothing is written."""
    if request.method != "POST":
        return _show(request, shown)
    receive = receive_workbook if "classeur" in request.FILES else receive_model
    sent = request.FILES.get("classeur", request.FILES.get("fichier"))
    if not isinstance(sent, UploadedFile):
        return _show(request, shown, refusals=[NO_FILE], status=422)
    try:
        received = receive(shown.page.book, sent.open())
    except UnreadableFile as refusal:
        return _show(request, shown, refusals=[str(refusal)], status=422)
    except TooManyTries as refusal:
        return _show(request, shown, refusals=refusal.messages, status=422)
    except ModelRefused as refusal:
        return _show(request, shown, refusals=refusal.refusals, status=422)
    return _show(request, shown, filled=received.filled, sums=_sums(shown, received.filled), token=received.token)


@require_POST
@step
def confirm(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """Note what was read over."""
    page = shown.page
    try:
        fill_year(access=page.access, book=page.book, filled=read_over(page.book, request.POST.get("lu", "")))
    except signing.BadSignature:
        return _show(request, shown, refusals=[TOO_OLD], status=422)
    except (ModelRefused, Refused) as refusal:
        return _show(request, shown, refusals=str(refusal).splitlines(), status=422)
    messages.success(request, "Le compte rendu est rempli. Relisez chaque étape\u202f: elle dit ce qui reste.")
    return redirect(page.url("direct"))


def _sums(shown: DirectPage, filled: Filled) -> object:
    granted = sum(grant.amount for grant in filled.grants) if filled.says_grants else None
    return shown.sums(filled.totals, opening=filled.opening.total, granted=granted)


def _show(request: HttpRequest, shown: DirectPage, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    book = shown.page.book
    given = {"page": shown.page, "here": "direct", "step": "direct_sheet", "shown": shown, "filled": None, "refusals": (), **more}
    context = {**given, "workbook": workbook_of(book), "chart": chart_of(book)}
    return render(request, "year_end/direct/sheet.html", context, status=status)
