"""The end of a year that was kept elsewhere: the bank, the cash box, the subsidies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.banking import services as banking
from retkoop.banking.cash import last_quantities_of
from retkoop.banking.forms import NewStatementForm, StatementChangeForm
from retkoop.books.queries import chart_of
from retkoop.ui.typed import typed_values
from retkoop.year_end.direct import services
from retkoop.year_end.direct.forms import EndCountForm, GrantForm, UnpointedForm
from retkoop.year_end.direct.page import DirectPage
from retkoop.year_end.direct.queries import GrantLine
from retkoop.year_end.direct.views.doors import Tried, attempt, do, step


@require_http_methods(["GET", "HEAD", "POST"])
@step
def bank(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """The balance of the statement at the end of the year."""
    page, statement = shown.page, shown.statement
    typed = request.POST if request.method == "POST" else typed_values(request)
    form = _statement_form(shown, typed)
    if request.method != "POST":
        return _show_bank(request, shown, form=form)
    tried = attempt(request, form, lambda: _keep_statement(shown, form))
    if not tried.done:
        return _show_bank(request, shown, form=form, status=tried.status)
    messages.success(request, "Le relevé est corrigé." if statement else "Le relevé est noté.")
    return redirect(page.url("direct_bank"))


def _statement_form(shown: DirectPage, typed: object) -> NewStatementForm | StatementChangeForm:
    year, statement = shown.page.year, shown.statement
    if statement:
        return StatementChangeForm(typed, year=year) if typed else StatementChangeForm.of(statement, year)
    return NewStatementForm(typed, year=year) if typed else NewStatementForm(year=year, initial={"date": year.last_day})


def _keep_statement(shown: DirectPage, form: NewStatementForm | StatementChangeForm) -> None:
    given = form.cleaned_data
    facts = {"number": given["number"], "day": given["date"], "account_balance": given["account_balance"]}
    if shown.statement:
        banking.edit_statement(access=shown.page.access, statement=shown.statement, version=given["version"], **facts)
    else:
        banking.record_statement(access=shown.page.access, book=shown.page.book, submission=given["submission"], **facts)


def _show_bank(request: HttpRequest, shown: DirectPage, *, status: int = 200, **more: object) -> HttpResponse:
    page = shown.page
    more.setdefault("form", _statement_form(shown, None))
    more.setdefault("item_form", UnpointedForm(typed_values(request, page.url("add_unpointed")), book=page.book))
    return _show(request, "bank", shown, status=status, **more)


@require_POST
@step
def add_unpointed(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """Note what the statement of the end does not show."""
    page = shown.page
    form = UnpointedForm(request.POST, book=page.book)
    tried = attempt(
        request,
        form,
        lambda: services.add_unpointed(access=page.access, book=page.book, facts=form.facts, submission=form.cleaned_data["submission"]),
    )
    if not tried.done:
        return _show_bank(request, shown, item_form=form, status=tried.status)
    messages.success(request, "C’est noté\u202f: l’année suivante le pointera.")
    return redirect(f"{page.url('direct_bank')}#avant")


@require_POST
@step
def remove_unpointed(request: HttpRequest, shown: DirectPage, key: int) -> HttpResponse:
    """Take it back."""
    return do(request, shown.page, services.remove_unpointed, "La ligne est retirée.", "direct_bank", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@step
def cash(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """The notes and coins on the last day."""
    page = shown.page
    if request.method != "POST":
        waiting = typed_values(request)
        known = last_quantities_of(page.book) or {}
        form = EndCountForm(waiting, year=page.year) if waiting else EndCountForm.again(page.year.last_day, known, year=page.year)
        return _show(request, "cash", shown, form=form)
    form = EndCountForm(request.POST, year=page.year)
    tried = attempt(
        request,
        form,
        lambda: banking.record_cash_count(
            access=page.access,
            book=page.book,
            day=page.year.last_day,
            quantities=form.quantities,
            submission=form.cleaned_data["submission"],
        ),
    )
    return redirect(page.url("direct_cash")) if tried.done else _show(request, "cash", shown, form=form, status=tried.status)


@require_http_methods(["GET", "HEAD", "POST"])
@step
def subsidies(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """The subsidies of the year, and a form for one more."""
    page = shown.page
    typed = request.POST if request.method == "POST" else typed_values(request)
    form = GrantForm(typed, book=page.book, chart=chart_of(page.book))
    tried = Tried(status=200)
    if request.method == "POST":
        given: dict[str, Any] = {"access": page.access, "book": page.book}
        tried = attempt(request, form, lambda: services.record_grant(**given, grant=form.grant, submission=form.given_submission))
    if tried.done:
        messages.success(request, "La subvention est notée.")
        return redirect(page.url("direct_subsidies"))
    return _show(request, "subsidies", shown, form=form, status=tried.status)


@require_http_methods(["GET", "HEAD", "POST"])
@step
def subsidy(request: HttpRequest, shown: DirectPage, key: int) -> HttpResponse:
    """One subsidy, to correct it."""
    page, chart, line = shown.page, chart_of(shown.page.book), _line(shown, key)
    typed = request.POST if request.method == "POST" else typed_values(request)
    form = GrantForm(typed, book=page.book, chart=chart) if typed else GrantForm.of(line, page.book, chart)
    tried = Tried(status=200)
    if request.method == "POST":
        given: dict[str, Any] = {"access": page.access, "book": page.book, "key": key}
        verb = services.edit_grant
        tried = attempt(request, form, lambda: verb(**given, version=form.cleaned_data["version"] or 0, grant=form.grant))
    if tried.done:
        messages.success(request, "La subvention est corrigée.")
        return redirect(page.url("direct_subsidies"))
    return _show(request, "subsidies", shown, form=form, line=line, status=tried.status)


@require_POST
@step
def remove_subsidy(request: HttpRequest, shown: DirectPage, key: int) -> HttpResponse:
    """Take a subsidy back."""
    return do(request, shown.page, services.remove_grant, "La subvention est retirée.", "direct_subsidies", key=key)


def _line(shown: DirectPage, key: int) -> GrantLine:
    found = next((one for one in shown.grants if one.row.pk == key), None)
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, name: str, shown: DirectPage, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"page": shown.page, "here": "direct", "step": f"direct_{name}", "shown": shown, "line": None, **more}
    return render(request, f"year_end/direct/{name}.html", context, status=status)
