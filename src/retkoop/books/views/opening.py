"""The report à nouveau of a year, and the operations of former years that its bank had not done yet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.books import opening as services
from retkoop.books.opening_forms import CarriedItemForm
from retkoop.books.opening_page import OpeningPage
from retkoop.books.page import CoopPage, open_page
from retkoop.books.services import EditedMeanwhile
from retkoop.books.writable import Refused
from retkoop.domain.money import format_amount
from retkoop.ui.keys import read_key
from retkoop.ui.typed import forget_typed, typed_values


def opening(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What the year starts with: seen, noted, corrected."""
    shown = OpeningPage(open_page(request, rne, year, to_write=request.method == "POST"))
    if request.method != "POST":
        return redirect(shown.page.url("opening")) if shown.page.book.direct else _show(request, shown)
    form = shown.bound(request.POST)
    if not form.is_valid():
        return _show(request, shown, status=422, form=form)
    try:
        shown.keep(form)
    except AlreadySubmitted:
        pass  # a double click: it is noted
    except Refused as refusal:
        form.add_error("bank", str(refusal))
        return _show(request, shown, status=422, form=form)
    except EditedMeanwhile as meanwhile:
        fresh = OpeningPage(shown.page.refreshed())
        return _show(request, fresh, status=409, form=fresh.over(request.POST, meanwhile.current), meanwhile=meanwhile)
    forget_typed(request)
    messages.success(request, f"Le report à nouveau est noté : l’année commence avec {format_amount(form.moves.total)}.")
    return redirect(shown.page.url("opening"))


def _show(request: HttpRequest, shown: OpeningPage, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    """Show the page; what was typed before the session ended waits in its form."""
    page = shown.page
    if page.can_write:
        more.setdefault("form", shown.bound(typed) if (typed := typed_values(request)) else shown.form(anew="reprendre" in request.GET))
        waiting = typed_values(request, page.url("add_carried_item"))
        more.setdefault("item_form", CarriedItemForm(waiting, book=page.book))
    removed = read_key(request.GET.get("supprime", ""))
    context = {"page": page, "here": "opening", "shown": shown, "removed": removed, "meanwhile": None}
    return render(request, "books/opening.html", {**context, **more}, status=status)


@require_POST
def add_carried_item(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Write down an operation of a former year that the last statement did not show."""
    page = open_page(request, rne, year, to_write=True)
    form = CarriedItemForm(request.POST, book=page.book)
    if not (form.is_valid() and _added(page, form)):
        return _show(request, OpeningPage(page), status=422, item_form=form)
    forget_typed(request)
    return _back(page)


def _added(page: CoopPage, form: CarriedItemForm) -> bool:
    given = form.cleaned_data
    facts = {name: given[name] for name in ("label", "piece", "cheque", "submission")}
    try:
        services.add_carried_item(access=page.access, book=page.book, day=given["date"], bank=form.bank, **facts)
    except AlreadySubmitted:
        pass  # a double click: it is there
    except Refused as refusal:
        form.add_error("date", str(refusal))
        return False
    return True


@require_POST
def remove_carried_item(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take an operation of a former year off the list; the page offers to bring it back."""
    page = open_page(request, rne, year, to_write=True)
    try:
        services.remove_carried_item(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(page)
    return redirect(f"{page.url('opening')}?supprime={key}#avant")


@require_POST
def restore_carried_item(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring an operation of a former year back to the list."""
    page = open_page(request, rne, year, to_write=True)
    try:
        services.restore_carried_item(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(page)


def _back(page: CoopPage) -> HttpResponse:
    return redirect(f"{page.url('opening')}#avant")
