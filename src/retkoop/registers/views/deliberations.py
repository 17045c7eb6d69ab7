"""The pages of the deliberations: their list, on screen and on paper; one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.models import DocumentKind
from retkoop.books.page import CoopPage, open_page
from retkoop.registers import services
from retkoop.registers.deliberations import Shown, deliberation_of, deliberations_of, operations_of_pieces
from retkoop.registers.documents import document_picks, sent_data
from retkoop.registers.facts import DeliberationFacts
from retkoop.registers.forms import DeliberationForm
from retkoop.registers.views.saving import Attempt, attempt, closed_instead, over, remove, removed_key, restore
from retkoop.ui.typed import typed_values


@require_safe
def deliberations(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What was decided this year."""
    page = open_page(request, rne, year)
    context = {"page": page, "here": "registers", "deliberations": deliberations_of(page.book), "removed": removed_key(request)}
    return render(request, "registers/deliberations.html", context)


@require_safe
def print_deliberations(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What was decided, to be printed."""
    page = open_page(request, rne, year)
    return render(request, "registers/print_deliberations.html", {"page": page, "deliberations": deliberations_of(page.book)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_deliberation(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Note what was decided."""
    page = open_page(request, rne, year, to_write=True)
    if closed := closed_instead(request, page, "deliberations"):
        return closed
    if request.method != "POST":
        return _show(request, page, DeliberationForm(typed_values(request), picks=_picks(page), year=page.year))
    data = sent_data(request, page, DocumentKind.MINUTES)
    form = DeliberationForm(data, picks=_picks(page, data.get("document")), year=page.year)
    facts = _facts(page, form)
    given: dict[str, Any] = {"access": page.access, "book": page.book, "facts": facts}
    tried = attempt(request, form, lambda: services.record_deliberation(**given, submission=form.given_submission))
    return _saved(request, page) if tried.done else _show(request, page, form, tried=tried)


@require_http_methods(["GET", "HEAD", "POST"])
def deliberation(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One deliberation: seen, corrected."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = deliberation_of(page.book, key)
    if request.method != "POST":
        waiting, picks = typed_values(request), _picks(page, shown.row.minutes_id)
        pieces = [one.piece for one in shown.operations if one.piece.strip()]
        form = DeliberationForm(waiting, picks=picks, year=page.year) if waiting else DeliberationForm.of(shown.row, pieces, picks)
        return _show(request, page, form, shown)
    data = sent_data(request, page, DocumentKind.MINUTES)
    picks = _picks(page, data.get("document"))
    form = DeliberationForm(data, picks=picks, year=page.year)
    given: dict[str, Any] = {"access": page.access, "book": page.book, "key": key, "facts": _facts(page, form, shown)}
    tried = attempt(request, form, lambda: services.edit_deliberation(**given, version=form.given_version))
    if tried.current is not None:
        form = DeliberationForm(over(data, tried.current.version), picks=picks, year=page.year)
    return _saved(request, page) if tried.done else _show(request, page, form, shown, tried)


def _facts(page: CoopPage, form: DeliberationForm, kept: Shown | None = None) -> DeliberationFacts | None:
    """Return what a form says, None where it is not right: a pièce that no operation bears is said with all that is wrong."""
    form.is_valid()
    found = operations_of_pieces(page.book, form.named_pieces, kept)
    if found.unknown:
        form.add_error("pieces", f"Aucune opération ne porte la pièce «\u202f{found.unknown[0]}\u202f».")
    return form.facts(found.operations) if form.is_valid() else None


def _picks(page: CoopPage, chosen: object = None) -> Any:  # noqa: ANN401 -- picks of a field
    return document_picks(page.book, DocumentKind.MINUTES, chosen)


def _saved(request: HttpRequest, page: CoopPage) -> HttpResponse:
    messages.success(request, "C’est enregistré.")
    return redirect(page.url("deliberations"))


def _show(
    request: HttpRequest, page: CoopPage, form: DeliberationForm, shown: Shown | None = None, tried: Attempt | None = None
) -> HttpResponse:
    context = {"page": page, "here": "registers", "form": form, "shown": shown, "current": tried.current if tried else None}
    return render(request, "registers/deliberation.html", context, status=tried.status if tried else 200)


@require_POST
def remove_deliberation(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Remove a deliberation; the page offers to bring it back."""
    return remove(request, open_page(request, rne, year, to_write=True), services.remove_deliberation, key, "deliberations")


@require_POST
def restore_deliberation(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a deliberation back."""
    return restore(request, open_page(request, rne, year, to_write=True), services.restore_deliberation, key, "deliberations")
