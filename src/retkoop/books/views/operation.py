"""One operation: changed, deleted, brought back; the corbeille."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url, reswap, retarget
from markupsafe import Markup

from retkoop.books.cahier import Cahier
from retkoop.books.checking import check_desk
from retkoop.books.desk import Desk, edit_desk, forget_waiting, intention_named, redrawn_desk, sent_desk, waiting_desk
from retkoop.books.differences import differences, facts, last_change, merged
from retkoop.books.documents import Evidence
from retkoop.books.models import Operation
from retkoop.books.page import CoopPage, open_page
from retkoop.books.queries import operation_of
from retkoop.books.services import EditedMeanwhile, delete_operation, edit_operation, restore_operation
from retkoop.books.trash import removed_operation, removed_operations
from retkoop.books.words import Word, changed, deleted, restored
from retkoop.books.writable import Refused, closed_statement_holding
from retkoop.ui.keys import read_key
from retkoop.ui.requests import HtmxRequest, page_in_sight


@require_http_methods(["GET", "HEAD", "POST"])
def operation(request: HtmxRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Show an operation, or change it."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if page.book.direct:
        return redirect(page.url("operation", key=key))
    row = operation_of(page.book, key)
    if row is None:
        return _gone(request, page, key)
    if row.opening:
        return redirect(page.url("opening"))
    if request.method != "POST":
        return _show(request, page, waiting_desk(request, page, row) or edit_desk(page, row))
    if "add" in request.POST or "remove" in request.POST:
        return _show(request, page, redrawn_desk(page, request.POST, intention_named(request.POST.get("nature")), row))
    desk = sent_desk(page, request.POST, row)
    return _change(request, page, desk) if desk.form.is_valid() else _show(request, page, desk, status=422)


def _show(request: HtmxRequest, page: CoopPage, desk: Desk, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401 -- what the template names
    row = desk.edited
    assert row is not None  # noqa: S101 -- for the type checker: these desks show an operation
    context = {
        "page": page,
        "here": "cahier",
        "desk": desk,
        "back": _list_address(request, page, row.pk),
        "findings": page.findings_of([row.pk]).get(row.pk, ()),
        "closed": closed_statement_holding(row),
        "evidence": Evidence(page, row),
        **({"entry": _drawn(request, page, desk, row.pk, focus=True)} if page.can_write else {"facts": facts(row)}),
    }
    return render(request, "books/operation.html", {**context, **more}, status=status)


def _drawn(request: HtmxRequest, page: CoopPage, desk: Desk, key: int, *, focus: bool = False) -> Markup:
    """Return the form over an operation; it remembers the list from which one came."""
    retour = _retour(request)
    action = page.url("operation", key=key) + (f"?{urlencode({'retour': retour})}" if retour else "")
    return desk.draw(request, action, focus=focus, back=_list_address(request, page, key))


def _list_address(request: HtmxRequest, page: CoopPage, key: int) -> str:
    """Return the address of the list from which one came, at the line in question."""
    return f"{Cahier(page, QueryDict(_retour(request))).url}#op-{key}"


def _retour(request: HtmxRequest) -> str:
    return QueryDict(page_in_sight(request).query).get("retour", "")


@require_POST
def redraw_edited(request: HtmxRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Draw the form over an operation anew for another intention, with what is typed so far. Nothing is written."""
    page = open_page(request, rne, year, to_write=True)
    desk = redrawn_desk(page, request.POST, intention_named(request.GET.get("noter")), _edited(page, key))
    return HttpResponse(_drawn(request, page, desk, key, focus=True))


@require_POST
def check_edited(request: HtmxRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Say what the rules find in what is typed over an operation so far. Nothing is written."""
    page = open_page(request, rne, year, to_write=True)
    desk = sent_desk(page, request.POST, _edited(page, key))
    return render(request, "books/_checked.html", {"page": page, "desk": desk, "checked": check_desk(desk)})


def _edited(page: CoopPage, key: int) -> Operation | None:
    """Return an operation, None for one that was deleted meanwhile. Raises Http404 where there never was one."""
    row = operation_of(page.book, key)
    if row is None and removed_operation(page.book, key) is None:
        raise Http404
    return row


def _change(request: HtmxRequest, page: CoopPage, desk: Desk) -> HttpResponse:
    """Save what was typed over an operation, unless someone else has changed it since."""
    form, row = desk.form, desk.edited
    key = row.pk if row else 0
    forget_waiting(request, page, row)
    try:
        version = form.cleaned_data["version"] or 0
        saved = edit_operation(access=page.access, book=page.book, key=key, version=version, operation=form.operation)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, page, desk, status=422)
    except EditedMeanwhile as meanwhile:
        if meanwhile.current is None:
            return _gone(request, page, key)
        if not desk.says_again(meanwhile.current):
            return show_conflict(request, page, meanwhile.current)
        saved = meanwhile.current  # a double click, or two people of one mind
    changed(saved).leave_for_next_page(request)
    return redirect(_list_address(request, page, key))


def show_conflict(request: HtmxRequest, page: CoopPage, row: Operation) -> HttpResponse:
    """Show both versions of an operation: what is saved, and what was typed, ready to be saved over it."""
    sent = sent_desk(page, request.POST, row).form
    sent.is_valid()  # makes the operation
    typed = merged(row, sent.operation, sent.cleaned_data["version"] or 0)
    more = {"differences": differences(row, typed), "last": last_change(row)}
    response = _show(request, page, edit_desk(page, row, typed), status=409, **more)
    # the form of the cahier is sent by htmx: the whole page gives way to this one
    return push_url(reswap(retarget(response, "body"), "innerHTML"), page.url("operation", key=row.pk)) if request.htmx else response


def _gone(request: HtmxRequest, page: CoopPage, key: int) -> HttpResponse:
    """Say who deleted an operation, and offer to bring it back; what was typed over it may become a new one.

    Raises Http404 where there never was one.
    """
    removed = removed_operation(page.book, key)
    if removed is None:
        raise Http404
    context: dict[str, Any] = {"page": page, "here": "cahier", "removed": removed, "entry": None}
    if request.method == "POST":
        typed = {**request.POST.dict(), "submission": str(uuid.uuid4())}  # a new line of its own, once
        desk = redrawn_desk(page, typed, intention_named(typed.get("nature")))
        context["entry"] = desk.draw(request, page.url("cahier"), alone=True)
    return render(request, "books/gone.html", context, status=409 if request.method == "POST" else 200)


@require_POST
def delete(request: HtmxRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Delete an operation; the page offers to bring it back."""
    page = open_page(request, rne, year, to_write=True)
    row = operation_of(page.book, key)
    version = read_key(request.POST.get("version", "")) or 0
    try:
        delete_operation(access=page.access, book=page.book, key=key, version=version)
    except Refused as refusal:
        return _told(request, page, Word(str(refusal), "bad"), page.url("operation", key=key))
    except EditedMeanwhile as meanwhile:
        if meanwhile.current is not None:
            word = Word("Cette opération a changé entre-temps : relisez-la avant de la supprimer.", "warn")
            return _told(request, page, word, page.url("operation", key=key))
    word = Word(deleted(row) if row else "Cette opération est déjà supprimée.", undo=page.url("restore_operation", key=key))
    return _told(request, page, word, f"{page.url('cahier')}?supprimee={key}")


@require_POST
def restore(request: HtmxRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a deleted operation back as it was."""
    page = open_page(request, rne, year, to_write=True)
    try:
        row = restore_operation(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        return _told(request, page, Word(str(refusal), "bad"), page.url("trash"))
    return _told(request, page, Word(restored(row)), f"{page.url('cahier')}#op-{key}")


def _told(request: HtmxRequest, page: CoopPage, word: Word, address: str) -> HttpResponse:
    """Answer after a deletion or its undoing: the regions that changed and a word, or the page at `address`."""
    if request.htmx:
        fresh = page.refreshed()
        cahier = Cahier(fresh, QueryDict(page_in_sight(request).query))
        return render(request, "books/_changed.html", {"page": fresh, "here": "cahier", "cahier": cahier, "word": word})
    if word.undo is None:  # the cahier itself offers to undo a deletion
        word.leave_for_next_page(request)
    return redirect(address)


@require_safe
def trash(request: HtmxRequest, rne: str, year: str) -> HttpResponse:
    """Show the operations that were deleted and can be brought back."""
    page = open_page(request, rne, year)
    removed = removed_operations(page.book, request.GET.get("page", "1"))
    return render(request, "books/trash.html", {"page": page, "here": "cahier", "removed": removed})
