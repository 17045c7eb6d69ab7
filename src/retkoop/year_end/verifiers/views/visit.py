"""The pages of a vérificateur, opened by the token in their address: no account, and nothing but that year.

A token that opens nothing more, or never did, is answered by one closed page: which of both, it does not tell.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.models import Document
from retkoop.archive.views import file_answer, page_answer
from retkoop.books.findings import findings_on
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.users.mail import hinted
from retkoop.users.tries import TooManyTries
from retkoop.year_end.crf_document import crf_pdf, file_name
from retkoop.year_end.verifiers import codes, signing
from retkoop.year_end.verifiers.codes import WrongCode
from retkoop.year_end.verifiers.forms import SigningForm
from retkoop.year_end.verifiers.mails import can_write_to
from retkoop.year_end.verifiers.signing import Filled
from retkoop.year_end.verifiers.visit import Visit, visit_of

P = ParamSpec("P")


def visited(view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page by its token: whoever has signed is thanked, whoever has nothing to see here is told no more than that."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = visit_of(token)
        if visit is None:
            return render(request, "year_end/verifiers/closed.html", status=404)
        if visit.signed:
            return render(request, "year_end/verifiers/thanks.html", {"visit": visit})
        return view(request, visit, *args, **kwargs)

    return opened


@require_safe
@visited
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What there is to look at, and what remains to be done."""
    return _show(request, "visit", visit)


@require_safe
@visited
def crf(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The CRF on paper."""
    content = crf_pdf(visit.book, visit.books, visit.standing, findings_on(visit.book, visit.today), visit.today)
    disposition = f'attachment; filename="{file_name(visit.verifier.book)}"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_safe
@visited
def operation(request: HttpRequest, visit: Visit, key: int) -> HttpResponse:
    """One operation with its vouchers."""
    row = visit.looked.operation(key)
    if row is None:
        raise Http404
    return _show(request, "operation", visit, row=row, vouchers=visit.vouchers(row))


@require_safe
@visited
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Find any other operation, to ask for it."""
    typed = request.GET.get("q", "").strip().replace("\x00", "")[:200]
    rows, more = visit.looked.found(typed) if typed else ([], False)
    return _show(request, "search", visit, searched=typed, rows=rows, more=more)


@require_POST
@visited
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask to see one more operation, and see it."""
    key = read_key(request.POST.get("operation", ""))
    if key is None:
        raise Http404
    try:
        signing.ask_for(verifier=visit.verifier, operation=key)
    except Refused as refusal:
        return _show(request, "search", visit, status=422, searched="", rows=[], more=False, refusal=str(refusal))
    return redirect(visit.url("operation", key=key))


@require_safe
@visited
def document_file(request: HttpRequest, visit: Visit, key: int) -> HttpResponseBase:
    """A document that may be looked at, to be kept."""
    return file_answer(request, _document(visit, key))


@require_safe
@visited
def document_page(request: HttpRequest, visit: Visit, key: int, number: int) -> HttpResponse:
    """A page of a document as a picture."""
    return page_answer(request, _document(visit, key), number)


def _document(visit: Visit, key: int) -> Document:
    document = visit.looked.document(key)
    if document is None:
        raise Http404
    return document


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def sign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The grid, a comment, reserves, and the code that signs."""
    if request.method != "POST":
        start = {**codes.draft_of(visit.verifier), "seen": visit.seen}
        return _show_form(request, visit, SigningForm(grid=visit.grid, initial=start))
    form = SigningForm(request.POST, grid=visit.grid, whole="envoyer" not in request.POST)
    if not form.is_valid():
        return _show_form(request, visit, form, status=422)
    try:
        return _send_code(visit, form) if "envoyer" in request.POST else _sign(visit, form)
    except WrongCode as refusal:
        form.add_error("code", str(refusal))
    except TooManyTries as refusal:
        form.add_error("code", refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return _show_form(request, visit, form, status=422)


def _send_code(visit: Visit, form: SigningForm) -> HttpResponse:
    """Send a code, and lead to where it is typed."""
    codes.keep_draft(visit.verifier, form.draft)
    sent = signing.send_code(verifier=visit.verifier, draft=form.draft, seen=form.cleaned_data["seen"])
    return redirect(f"{visit.url('sign')}{'' if sent else '?garde=1'}#id_code")


def _sign(visit: Visit, form: SigningForm) -> HttpResponse:
    given = form.cleaned_data
    codes.keep_draft(visit.verifier, form.draft)
    filled = Filled(form.answers, given["grid"], given["comment"], given["reserves"])
    signing.sign_as_verifier(verifier=visit.verifier, token=visit.token, filled=filled, code=given["code"], seen=given["seen"])
    return redirect(visit.url("verifier"))


def _show_form(request: HttpRequest, visit: Visit, form: SigningForm, status: int = 200) -> HttpResponse:
    waits = codes.waits_for_code(visit.verifier)
    told = {"has_mail": can_write_to(visit.verifier), "hinted": hinted(visit.verifier.email), "waits": waits}
    kept = "garde" in request.GET and not form.is_bound
    return _show(request, "sign", visit, status=status, form=form, kept=kept, **told)


def _show(request: HttpRequest, name: str, visit: Visit, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    return render(request, f"year_end/verifiers/{name}.html", {"visit": visit, "page": visit, **more}, status=status)
