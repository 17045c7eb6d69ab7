"""The pages of the table of subsidies: its lines, one of them with what it paid, the report to its funder."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.models import DocumentKind
from retkoop.books.page import CoopPage, open_page
from retkoop.registers import services
from retkoop.registers.documents import document_picks, sent_data
from retkoop.registers.forms import SpendingsForm, SubsidyForm, sent_keys
from retkoop.registers.models import Subsidy
from retkoop.registers.report import file_name, report_pdf
from retkoop.registers.subsidies import Spendings, Table, first_facts, operation_of_subsidy, proposal_of, subsidy_of
from retkoop.registers.views.saving import Attempt, attempt, closed_instead, over, remove, removed_key, restore
from retkoop.ui.keys import read_key
from retkoop.ui.typed import typed_values


@require_safe
def subsidies(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The table of subsidies, and what was received and is not in it."""
    page = open_page(request, rne, year)
    context = {"page": page, "here": "registers", "table": Table(page), "removed": removed_key(request)}
    return render(request, "registers/subsidies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_subsidy(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Put the subsidy of an operation (`operation`) in the table, filled in with what the cahier knows."""
    page = open_page(request, rne, year, to_write=True)
    if closed := closed_instead(request, page, "subsidies"):
        return closed
    operation = read_key(request.GET.get("operation", ""))
    if request.method != "POST":
        proposal = proposal_of(page.book, operation)
        waiting = typed_values(request)
        form = SubsidyForm(waiting, picks=_picks(page)) if waiting else SubsidyForm.of(first_facts(page.book, proposal), _picks(page))
        return _show(request, page, form)
    data = sent_data(request, page, DocumentKind.GRANT)
    form = SubsidyForm(data, picks=_picks(page, data.get("document")))
    given: dict[str, Any] = {"access": page.access, "book": page.book, "operation": operation or 0}
    tried = attempt(request, form, lambda: services.record_subsidy(**given, facts=form.facts, submission=form.given_submission))
    return _saved(request, page) if tried.done else _show(request, page, form, tried=tried)


@require_http_methods(["GET", "HEAD", "POST"])
def subsidy(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One subsidy: seen, corrected, justified; what it paid."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = subsidy_of(page.book, key)
    if request.method != "POST":
        waiting, picks = typed_values(request), _picks(page, shown.notification_id)
        form = SubsidyForm(waiting, picks=picks) if waiting else SubsidyForm.of(shown, picks)
        return _show(request, page, form, shown)
    data = sent_data(request, page, DocumentKind.GRANT)
    picks = _picks(page, data.get("document"))
    form = SubsidyForm(data, picks=picks)
    given: dict[str, Any] = {"access": page.access, "book": page.book, "key": key}
    tried = attempt(request, form, lambda: services.edit_subsidy(**given, version=form.given_version, facts=form.facts))
    if tried.current is not None:
        form = SubsidyForm(over(data, tried.current.version), picks=picks)
    return _saved(request, page) if tried.done else _show(request, page, form, shown, tried)


@require_http_methods(["GET", "HEAD", "POST"])
def spendings(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Tell what a subsidy paid; whoever comes back to this address by hand is led to its page."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = subsidy_of(page.book, key)
    if request.method != "POST":
        return redirect(page.url("subsidy", key=key))
    told = Spendings(page.book, shown, sent=sent_keys(request.POST))
    form = SpendingsForm(request.POST, charges=told.rows)
    given: dict[str, Any] = {"access": page.access, "book": page.book, "key": key}
    tried = attempt(request, form, lambda: services.tell_spendings(**given, version=form.cleaned_data["version"], spendings=form.spendings))
    if tried.done:
        messages.success(request, "C’est enregistré.")
        return redirect(page.url("subsidy", key=key))
    if tried.current is not None:
        form = SpendingsForm(over(request.POST, tried.current.version), charges=told.rows)
    facts = SubsidyForm.of(shown, _picks(page, shown.notification_id))
    return _show(request, page, facts, shown, tried, paying=form, told=told)


@require_safe
def report(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """The report to whoever gave, on paper."""
    page = open_page(request, rne, year)
    shown = subsidy_of(page.book, key)
    disposition = f'attachment; filename="{file_name(page, shown)}"'
    return HttpResponse(report_pdf(page, shown), content_type="application/pdf", headers={"Content-Disposition": disposition})


def _picks(page: CoopPage, chosen: object = None) -> Any:  # noqa: ANN401 -- picks of a field
    return document_picks(page.book, DocumentKind.GRANT, chosen)


def _saved(request: HttpRequest, page: CoopPage) -> HttpResponse:
    messages.success(request, "C’est enregistré.")
    return redirect(page.url("subsidies"))


def _show(
    request: HttpRequest,
    page: CoopPage,
    form: SubsidyForm,
    shown: Subsidy | None = None,
    tried: Attempt | None = None,
    **more: Any,  # noqa: ANN401 -- what the template names
) -> HttpResponse:
    current = tried.current if tried else None
    context: dict[str, Any] = {"page": page, "here": "registers", "form": form, "subsidy": shown, "current": current, "operation": None}
    if shown is not None:
        told = more.get("told") or Spendings(page.book, shown, request.GET.get("q", "").strip().replace("\x00", ""))
        paying = more.get("paying") or SpendingsForm(charges=told.rows, version=shown.version)
        context |= {"told": told, "paying": paying, "operation": operation_of_subsidy(shown)}
    return render(request, "registers/subsidy.html", context, status=tried.status if tried else 200)


@require_POST
def remove_subsidy(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take a line off the table; the page offers to bring it back."""
    return remove(request, open_page(request, rne, year, to_write=True), services.remove_subsidy, key, "subsidies")


@require_POST
def restore_subsidy(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a line back."""
    return restore(request, open_page(request, rne, year, to_write=True), services.restore_subsidy, key, "subsidies")
