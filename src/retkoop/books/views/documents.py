"""The documents of a year: received, found again, described, taken away and brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from retkoop.archive.models import DocumentKind
from retkoop.archive.queries import document_of
from retkoop.books import vouchers
from retkoop.books.documents import OneDocument, Shelves, joined_operation
from retkoop.books.page import CoopPage, open_page
from retkoop.books.receiving import receive_files, told_before
from retkoop.books.views.vouchers import one_by_one, tell
from retkoop.books.voucher_forms import ASK_DATE, DescriptionForm, SendingForm
from retkoop.books.vouchers import DescribedMeanwhile
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.ui.requests import HtmxRequest


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HtmxRequest, rne: str, year: str) -> HttpResponse:
    """The shelves of a year, or files that come to them."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST":
        return _receive(request, page)
    shelves = Shelves(page, request.GET, SendingForm(year=page.year))
    context = {
        "page": page,
        "here": "documents",
        "shelves": shelves,
        "removed": read_key(request.GET.get("retire", "")),
        "returns": vouchers.can_come_back(page.book, page.today),
        "joined": joined_operation(page.book, request.GET),
    }
    return render(request, "books/documents.html", context)


def _receive(request: HtmxRequest, page: CoopPage) -> HttpResponse:
    """Keep the files; a bank statement whose date is not said is asked for it on its own page."""
    form = SendingForm(request.POST, year=page.year)
    day = form.cleaned_data.get("date")
    files = request.FILES.getlist("fichiers")
    before = told_before(page.book, request.POST.get("avant", ""))
    outcome = before + receive_files(access=page.access, book=page.book, files=files, kind=form.said_kind, day=day)
    if one_by_one(request):
        return JsonResponse(outcome.as_json())
    tell(request, outcome)
    undated = next((one for one in outcome.kept if one.kind == DocumentKind.STATEMENT and one.date is None), None)
    if undated is None:
        for said in form.errors.get("date", ()):
            messages.warning(request, f"La date n’a pas été gardée. {said}")
        return redirect(page.url("documents"))
    messages.warning(request, ASK_DATE)
    address = page.url("document", key=undated.pk)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One document: seen, described, tied to operations."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = OneDocument(page, document_of(page.coop, page.year, key), request.GET.get("q", "").strip().replace("\x00", ""))
    if request.method != "POST":
        return _show(request, shown)
    form = DescriptionForm(request.POST, document=shown.document)
    if not form.is_valid():
        return _show(request, shown, status=422, form=form)
    given = form.cleaned_data
    said: dict[str, Any] = {"kind": DocumentKind(given["kind"]), "label": given["label"], "day": given["date"]}
    try:
        vouchers.describe(access=page.access, book=page.book, document=key, version=given["version"], **said)
    except DescribedMeanwhile as meanwhile:
        return _conflict(request, shown, meanwhile)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, shown, status=422, form=form)
    messages.success(request, "C’est enregistré.")
    return redirect(page.url("document", key=key))


def _conflict(request: HttpRequest, shown: OneDocument, meanwhile: DescribedMeanwhile) -> HttpResponse:
    """Show what the document says now over what was typed, ready to be saved over it."""
    if meanwhile.current is None:
        messages.error(request, vouchers.NO_DOCUMENT)
        return redirect(shown.page.url("documents"))
    typed = request.POST.copy()
    typed["version"] = str(meanwhile.current.version)
    form = DescriptionForm(typed, document=meanwhile.current)
    return _show(request, OneDocument(shown.page, meanwhile.current), status=409, form=form, meanwhile=meanwhile.current)


def _show(request: HttpRequest, shown: OneDocument, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    more.setdefault("form", DescriptionForm(document=shown.document))
    more.setdefault("returns", vouchers.can_come_back(shown.page.book, shown.page.today))
    context = {"page": shown.page, "here": "documents", "shown": shown, "document": shown.document, "meanwhile": None, **more}
    return render(request, "books/document.html", context, status=status)


@require_POST
def remove(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take a document away; the page offers to bring it back."""
    page = open_page(request, rne, year, to_write=True)
    try:
        vouchers.remove_document(access=page.access, book=page.book, document=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        gone = str(refusal) == vouchers.NO_DOCUMENT
        return redirect(page.url("documents") if gone else page.url("document", key=key))
    return redirect(f"{page.url('documents')}?retire={key}")


@require_POST
def restore(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a removed document back."""
    page = open_page(request, rne, year, to_write=True)
    try:
        vouchers.restore_document(access=page.access, book=page.book, document=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("documents"))
    messages.success(request, "Le document est rétabli.")
    return redirect(page.url("document", key=key))
