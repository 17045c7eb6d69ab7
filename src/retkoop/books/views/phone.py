"""A voucher photographed with a telephone: the square on the computer, and the page that it opens on the telephone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.archive.reception import ACCEPTED
from retkoop.books import phone as passes
from retkoop.books.page import open_page
from retkoop.books.queries import operation_of
from retkoop.books.receiving import NOTHING_SENT, receive_files, told_before
from retkoop.books.views.vouchers import one_by_one
from retkoop.books.writable import why_closed
from retkoop.ui.keys import read_key

STOP_ASKING = 286
"""What htmx takes as « do not ask again »."""


@require_safe
def invite(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show the square that opens the telephone's page, and what has come from it."""
    page = open_page(request, rne, year, to_write=True)
    if page.closed:
        messages.error(request, page.closed)
        return redirect(page.url("documents"))
    key = read_key(request.GET.get("operation", ""))
    row = operation_of(page.book, key) if key else None
    path = reverse("phone", kwargs={"token": passes.pass_for(page, row.pk if row else None)})
    address = _reachable(request.build_absolute_uri(path), path)
    context = {
        "page": page,
        "here": "documents",
        "operation": row,
        "address": address,
        "square": passes.square(address),
        "alone": urlsplit(address).hostname in passes.LOCAL,
        "since": int(timezone.now().timestamp()),
        "minutes": passes.MINUTES,
        "arrived": [],
        "shown": passes.shown([]),
    }
    return render(request, "books/documents_phone.html", context)


def _reachable(address: str, path: str) -> str:
    """Return the address that a telephone can reach: the one in use, unless it names this very computer and another is set."""
    alone = urlsplit(address).hostname in passes.LOCAL and urlsplit(settings.PUBLIC_URL).hostname not in passes.LOCAL
    return f"{settings.PUBLIC_URL}{path}" if alone else address


@require_safe
def arrived(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What has come since the square was shown; asked every few seconds, as long as the square is good.

    Where nothing has changed since what the page shows (`vus`), it is left alone, and the focus in it.
    """
    page = open_page(request, rne, year, to_write=True)
    since = passes.read_moment(request.GET.get("depuis", ""))
    found = passes.arrived(page, since) if since else None
    if found is not None and passes.shown(found) == request.GET.get("vus"):
        return HttpResponse(status=204)
    context = {"page": page, "arrived": found, "shown": passes.shown(found or [])}
    return render(request, "books/_arrived.html", context, status=200 if since else STOP_ASKING)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """The telephone's page: pictures and PDF files go to the book that the pass names."""
    try:
        opened = passes.opened(token)
    except passes.Expired:
        return render(request, "books/phone_closed.html", status=410)
    except Http404:
        return render(request, "books/phone_closed.html", status=404)
    outcome, nothing = None, ""
    if request.method == "POST":
        files = request.FILES.getlist("fichiers")
        before = told_before(opened.book, request.POST.get("avant", ""))
        outcome = before + receive_files(access=opened.access, book=opened.book, files=files, operation=opened.operation)
        if one_by_one(request):
            return JsonResponse(outcome.as_json())
        nothing = "" if outcome.kept or outcome.refused else NOTHING_SENT
    said = {"outcome": outcome, "nothing": nothing, "closed": why_closed(opened.book)}
    context = {"opened": opened, "token": token, "accepted": ACCEPTED, **said}
    return render(request, "books/phone.html", context, status=200 if outcome is None or outcome.kept else 422)
