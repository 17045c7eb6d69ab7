"""The cahier: the form of a new line, the list, what is to be mended."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url, replace_url

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.cahier import Cahier
from retkoop.books.checking import check_desk
from retkoop.books.desk import Desk, forget_waiting, intention_named, redrawn_desk, sent_desk, waiting_desk
from retkoop.books.models import Operation
from retkoop.books.page import open_page
from retkoop.books.queries import operation_of
from retkoop.books.services import record_operation
from retkoop.books.trash import removed_operation
from retkoop.books.views.operation import show_conflict
from retkoop.books.words import noted
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.ui.requests import HtmxRequest, page_in_sight
from retkoop.ui.streaming import stream

LIST: Final = "liste"
FORM: Final = "saisie"
"""The regions of the page that htmx replaces by themselves."""
SERVED_ELSEWHERE: Final = "Ce formulaire a déjà servi ailleurs : rechargez la page, puis notez la ligne de nouveau."


@require_http_methods(["GET", "HEAD", "POST"])
def cahier(request: HtmxRequest, rne: str, year: str) -> HttpResponse:
    """Show the cahier, or note a line in it."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method != "POST":
        return redirect(page.url("cahier")) if page.book.direct else _show(request, Cahier(page, request.GET))
    shown = Cahier(page, QueryDict(page_in_sight(request).query))
    if "add" in request.POST or "remove" in request.POST:
        return _show(request, shown, redrawn_desk(page, request.POST, intention_named(request.POST.get("nature"))))
    desk = sent_desk(page, request.POST)
    return _note(request, shown, desk) if desk.form.is_valid() else _show(request, shown, desk, status=422)


def _show(request: HtmxRequest, shown: Cahier, desk: Desk | None = None, status: int = 200) -> HttpResponse:
    """Show the whole page, or the region of it that htmx asks for."""
    page = shown.page
    context: dict[str, Any] = {"page": page, "here": "cahier", "cahier": shown, "removed": None}
    if request.htmx.target == LIST:
        return push_url(render(request, "books/_found.html", context), shown.url)
    if page.can_write:
        form = desk or waiting_desk(request, page) or shown.blank()
        context["entry"] = form.draw(request, shown.url, focus=bool(desk or "noter" in request.GET or not request.GET))
        key = read_key(request.GET.get("supprimee", ""))
        context["removed"] = removed_operation(page.book, key) if key is not None else None
    if request.htmx.target == FORM:
        return HttpResponse(context["entry"], status=status)
    return render(request, "books/cahier.html", context, status=status)


def _note(request: HtmxRequest, shown: Cahier, desk: Desk) -> HttpResponse:
    """Save what was typed, once: a resend finds what it made then."""
    form, page = desk.form, shown.page
    forget_waiting(request, page)
    try:
        submission = form.cleaned_data["submission"] or uuid.uuid4()
        row = record_operation(access=page.access, book=page.book, operation=form.operation, submission=submission)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, shown, desk, status=422)
    except AlreadySubmitted as done:
        return _noted_before(request, shown, desk, done.subject)
    return _noted(request, Cahier(page.after(row.book), _going_on(shown, desk, row), just_noted=row.pk), row)


def _noted_before(request: HtmxRequest, shown: Cahier, desk: Desk, subject: str) -> HttpResponse:
    """Answer a form that came again: a double click, a resend, the back button, a network that was cut after the save."""
    page, (model, _, key) = shown.page, subject.rpartition(":")
    row = operation_of(page.book, int(key)) if model == Operation._meta.label_lower else None
    if row is None and (model != Operation._meta.label_lower or removed_operation(page.book, int(key)) is None):
        desk.form.add_error(None, SERVED_ELSEWHERE)
        return _show(request, shown, desk, status=422)
    if row is None:
        messages.warning(request, "Cette ligne avait été notée, puis supprimée. Elle n’a pas été notée une deuxième fois.")
        return HttpResponseClientRedirect(page.url("cahier")) if request.htmx else redirect(page.url("cahier"))
    if not desk.says_again(row):
        return show_conflict(request, page, row)
    return _noted(request, Cahier(page.refreshed(), _going_on(shown, desk, row)), row)


def _going_on(shown: Cahier, desk: Desk, row: Operation) -> QueryDict:
    return QueryDict(shown.going_on(desk.intention, row.date))


def _noted(request: HtmxRequest, fresh: Cahier, row: Operation) -> HttpResponse:
    """Answer with a fresh form and all that the new line changes."""
    if not request.htmx:
        noted(row).leave_for_next_page(request)
        return redirect(fresh.own_address)
    page = fresh.page
    word = replace(noted(row), undo=page.url("delete_operation", key=row.pk), fields={"version": row.version})
    context = {"page": page, "here": "cahier", "cahier": fresh, "word": word, "newest": fresh.newest(row)}
    entry = fresh.blank().draw(request, fresh.url, focus=True)
    return replace_url(render(request, "books/_noted.html", {**context, "entry": entry}), fresh.own_address)


@require_POST
def redraw(request: HtmxRequest, rne: str, year: str) -> HttpResponse:
    """Draw the form anew for another intention, with what is typed so far. Nothing is written."""
    page = open_page(request, rne, year, to_write=True)
    desk, here = redrawn_desk(page, request.POST, intention_named(request.GET.get("noter"))), page_in_sight(request)
    return HttpResponse(desk.draw(request, Cahier(page, QueryDict(here.query)).url, focus=True, alone=here.path != page.url("cahier")))


@require_POST
def check(request: HtmxRequest, rne: str, year: str) -> HttpResponse:
    """Say what the rules find in what is typed so far. Nothing is written."""
    page = open_page(request, rne, year, to_write=True)
    desk = sent_desk(page, request.POST)
    return render(request, "books/_checked.html", {"page": page, "desk": desk, "checked": check_desk(desk)})


@require_safe
def print_cahier(request: HtmxRequest, rne: str, year: str) -> StreamingHttpResponse:
    """Stream the whole list that is asked for, to be printed."""
    page = open_page(request, rne, year)
    shown = Cahier(page, request.GET)
    return StreamingHttpResponse(stream("books/print.html", {"page": page, "lines": shown.all_lines()}))
