"""The model of a spreadsheet: downloaded, sent back, read over, noted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.books.queries import chart_of
from retkoop.books.sheets import LARGEST_WORKBOOK, UnreadableFile, read_sheets
from retkoop.books.writable import Refused
from retkoop.year_end.direct.filling import fill_year
from retkoop.year_end.direct.model import model_of
from retkoop.year_end.direct.page import DirectPage
from retkoop.year_end.direct.reading import Filled, ModelRefused, Sheets, packed, read_model, unpacked
from retkoop.year_end.direct.views.doors import step

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_DAY = 24 * 3600
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
    """Where the model is to be had and sent back; sent to, what it says. Nothing is written."""
    if request.method != "POST":
        return _show(request, shown)
    sent = request.FILES.get("fichier")
    if not isinstance(sent, UploadedFile):
        return _show(request, shown, refusals=[NO_FILE], status=422)
    try:
        sheets = read_sheets(sent.read(LARGEST_WORKBOOK + 1))
        filled = _read(shown, sheets)
    except UnreadableFile as refusal:
        return _show(request, shown, refusals=[str(refusal)], status=422)
    except ModelRefused as refusal:
        return _show(request, shown, refusals=refusal.refusals, status=422)
    chart, token = chart_of(shown.page.book), signing.dumps(packed(sheets), salt=_salt(shown), compress=True)
    return _show(request, shown, filled=filled, sums=_sums(shown, filled), token=token, chart=chart)


@require_POST
@step
def confirm(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """Note what was read over."""
    page = shown.page
    try:
        sheets = unpacked(signing.loads(request.POST.get("lu", ""), salt=_salt(shown), max_age=A_DAY))
        fill_year(access=page.access, book=page.book, filled=_read(shown, sheets))
    except signing.BadSignature:
        return _show(request, shown, refusals=[TOO_OLD], status=422)
    except (ModelRefused, Refused) as refusal:
        return _show(request, shown, refusals=str(refusal).splitlines(), status=422)
    messages.success(request, "Le compte rendu est rempli. Relisez chaque étape\u202f: elle dit ce qui reste.")
    return redirect(page.url("direct"))


def _read(shown: DirectPage, sheets: Sheets) -> Filled:
    return read_model(sheets, shown.page.year, chart_of(shown.page.book))


def _salt(shown: DirectPage) -> str:
    """A file that was read for one book is noted in no other."""
    return f"year_end.direct:{shown.page.book.pk}"


def _sums(shown: DirectPage, filled: Filled) -> object:
    return shown.sums(filled.totals, opening=filled.opening.total, granted=sum(grant.amount for grant in filled.grants))


def _show(request: HttpRequest, shown: DirectPage, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    context = {"page": shown.page, "here": "direct", "step": "direct_sheet", "shown": shown, "filled": None, "refusals": (), **more}
    return render(request, "year_end/direct/sheet.html", context, status=status)
