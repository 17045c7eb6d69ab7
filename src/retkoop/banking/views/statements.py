"""The pages of the bank: statements, the lines to tick on them, where a gap may come from, the état de rapprochement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.banking import services
from retkoop.banking.forms import NewStatementForm, StatementChangeForm, Ticks, UntickForm, UntilForm
from retkoop.banking.page import StatementPage, open_statement
from retkoop.banking.queries import clues_of, named_rows, statements_of, ticks_between, unticked_until
from retkoop.banking.report import report_of
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.domain.clues import forgotten, swapped_figures
from retkoop.domain.dates import format_date
from retkoop.ui.fragments import wants_fragment
from retkoop.ui.templates import plural
from retkoop.ui.toasts import with_toast
from retkoop.ui.typed import forget_typed, typed_values


def reconciliation(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The statement under way, those before it, and a form for the next one."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST":
        form = NewStatementForm(request.POST, year=page.year)
        return _record(request, page, form) or _ask_for_statement(request, page, form, status=422)
    lines = statements_of(page.book)
    under_way = next((line for line in lines if line.row.closed_at is None), next(iter(lines), None))
    if under_way is None:
        return _ask_for_statement(request, page, _new_form(request, page))
    return _show(request, StatementPage(page, lines, under_way, request.GET.dict()))


def _new_form(request: HttpRequest, page: CoopPage) -> NewStatementForm:
    """Return the form for the next statement, with what was typed before the session ended."""
    return NewStatementForm(typed_values(request, page.url("reconciliation")), year=page.year)


def _ask_for_statement(request: HttpRequest, page: CoopPage, form: NewStatementForm, status: int = 200) -> HttpResponse:
    context = {"page": page, "here": "reconciliation", "is_first": page.book.statement_date is None, "form": form}
    return render(request, "banking/new_statement.html", context, status=status)


def _record(request: HttpRequest, page: CoopPage, form: NewStatementForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    facts = {"number": given["number"], "day": given["date"], "account_balance": given["account_balance"]}
    try:
        row = services.record_statement(access=page.access, book=page.book, submission=given["submission"], **facts)
        address = page.url("statement", key=row.pk)
    except AlreadySubmitted:
        address = page.url("reconciliation")
    except Refused as refusal:
        form.add_error("date", str(refusal))
        return None
    forget_typed(request)
    return redirect(address)


def statement(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One statement; sent to, it ticks and unticks the lines whose boxes have changed."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = open_statement(page, key, request.GET.dict())
    return _tick(request, shown) if request.method == "POST" else _show(request, shown)


def _show(request: HttpRequest, shown: StatementPage) -> HttpResponse:
    return render(request, "banking/_swapped.html" if wants_fragment(request) else "banking/statement.html", _context(request, shown))


def _context(request: HttpRequest, shown: StatementPage, **more: object) -> dict[str, Any]:
    return {
        "page": shown.coop_page,
        "here": "reconciliation",
        "shown": shown,
        "form": _new_form(request, shown.coop_page),
        "until": UntilForm(initial={"day": shown.line.row.date}, year=shown.coop_page.year),
        **more,
    }


def _tick(request: HttpRequest, shown: StatementPage) -> HttpResponse:
    ticks = Ticks.read(request.POST)
    refusal = _change(shown, ticks)
    if not wants_fragment(request):
        if refusal:
            messages.error(request, refusal)
        return redirect(request.get_full_path())
    now = shown.refreshed()
    response = render(request, "banking/_ticked.html", _context(request, now, rows=_rows(now, ticks)), status=409 if refusal else 200)
    return with_toast(response, refusal, tone="bad") if refusal else response


def _change(shown: StatementPage, ticks: Ticks) -> str:
    """Tick and untick; return why it was refused, nothing where it was done."""
    access = shown.coop_page.access
    try:
        if ticks.point:
            services.point(access=access, statement=shown.line.row, operations=ticks.point.operations, items=ticks.point.items)
        if ticks.unpoint:
            services.unpoint(access=access, operations=ticks.unpoint.operations, items=ticks.unpoint.items)
    except Refused as refusal:
        return str(refusal)
    return ""


def _rows(shown: StatementPage, ticks: Ticks) -> list[Any]:
    operations = [*ticks.point.operations, *ticks.unpoint.operations]
    return named_rows(shown.coop_page.book, operations, [*ticks.point.items, *ticks.unpoint.items])


@require_POST
def tick_until(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Tick all that is dated on or before a day."""
    page = open_page(request, rne, year, to_write=True)
    shown = open_statement(page, key, {})
    form = UntilForm(request.POST, year=page.year)
    if not form.is_valid():
        return _refused(request, shown, str(form.errors["day"][0]))
    try:
        ticks = services.point_until(access=page.access, statement=shown.line.row, day=form.cleaned_data["day"])
    except Refused as refusal:
        return _refused(request, shown, str(refusal))
    said = f"{plural(len(ticks), 'opération pointée', 'opérations pointées')} jusqu’au {format_date(form.cleaned_data['day'])}."
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(shown.address())
    keys = [tick.pk for tick in ticks]
    return render(request, "banking/_ticked_many.html", _context(request, shown.refreshed(), said=said, keys=keys))


def _refused(request: HttpRequest, shown: StatementPage, why: str) -> HttpResponse:
    if wants_fragment(request):
        return with_toast(render(request, "banking/_swapped.html", _context(request, shown), status=422), why, tone="bad")
    messages.error(request, why)
    return redirect(shown.address())


@require_POST
def untick_many(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take many ticks of a statement back at once."""
    page = open_page(request, rne, year, to_write=True)
    shown = open_statement(page, key, {})
    form = UntickForm(request.POST)
    if form.is_valid():
        operations, items = ticks_between(shown.line.row, **form.cleaned_data)
        try:
            services.unpoint(access=page.access, operations=operations, items=items)
        except Refused as refusal:
            return _refused(request, shown, str(refusal))
        count = len(operations) + len(items)
        messages.success(request, f"{plural(count, 'opération n’est plus pointée', 'opérations ne sont plus pointées')}.")
    return redirect(shown.address())


@require_safe
def gap_clues(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Where the gap of a statement may come from."""
    shown = open_statement(open_page(request, rne, year), key, {})
    gap = shown.standing.gap
    clues = clues_of(shown.coop_page.book, gap, shown.reach)
    unticked = unticked_until(shown.coop_page.book, shown.line.row.date, shown.reach)
    context = _context(request, shown, gap=gap, clues=clues, unticked=unticked, forgotten=forgotten(gap), swapped=swapped_figures(gap))
    return render(request, "banking/_clues.html" if wants_fragment(request) else "banking/clues.html", context)


def edit(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Correct a statement's number, date or balance."""
    page = open_page(request, rne, year, to_write=True)
    shown = open_statement(page, key, {})
    if request.method != "POST":
        waiting = typed_values(request)
        form = StatementChangeForm(waiting, year=page.year) if waiting else StatementChangeForm.of(shown.line.row, page.year)
        return render(request, "banking/edit_statement.html", _context(request, shown, form=form, current=None))
    return _change_statement(request, shown, StatementChangeForm(request.POST, year=page.year))


def _change_statement(request: HttpRequest, shown: StatementPage, form: StatementChangeForm) -> HttpResponse:
    current = None
    if form.is_valid():
        given = form.cleaned_data
        facts = {"version": given["version"], "number": given["number"], "day": given["date"], "account_balance": given["account_balance"]}
        try:
            services.edit_statement(access=shown.coop_page.access, statement=shown.line.row, **facts)
            forget_typed(request)
            return redirect(shown.address())
        except Refused as refusal:
            form.add_error("date", str(refusal))
        except services.StatementChanged as changed:
            current = changed.current or shown.line.row
            form = StatementChangeForm.over(current, request.POST, shown.coop_page.year)
    context = _context(request, shown, form=form, current=current)
    return render(request, "banking/edit_statement.html", context, status=409 if current else 422)


@require_POST
def remove(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Remove a statement on which nothing is ticked."""
    shown = open_statement(open_page(request, rne, year, to_write=True), key, {})
    done = _done(request, shown, services.remove_statement, "supprimé")
    return redirect(shown.coop_page.url("reconciliation") if done else shown.address())


@require_POST
def close(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Close a statement that is explained to the cent."""
    shown = open_statement(open_page(request, rne, year, to_write=True), key, {})
    _done(request, shown, services.close_statement, "clos")
    return redirect(shown.address())


@require_POST
def reopen(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Open a closed statement again."""
    shown = open_statement(open_page(request, rne, year, to_write=True), key, {})
    _done(request, shown, services.reopen_statement, "rouvert")
    return redirect(shown.address())


def _done(request: HttpRequest, shown: StatementPage, verb: Callable[..., None], said: str) -> bool:
    """Do a verb to a statement, and say what became of it."""
    try:
        verb(access=shown.coop_page.access, statement=shown.line.row)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"Le relevé du {format_date(shown.line.row.date)} est {said}.")
    return True


@require_safe
def reconciliation_report(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The état de rapprochement, to print."""
    page = open_page(request, rne, year)
    report = report_of(page.book, page.books, page.standing.reconciliation, request.GET.get("page"))
    return render(request, "banking/report.html", {"page": page, "here": "reconciliation", "report": report})
