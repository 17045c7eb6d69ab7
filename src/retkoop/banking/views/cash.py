"""The page of the cash box: a count by notes and coins, its answer, the counts before it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.banking import services
from retkoop.banking.cash import Count, count_of, counts_of, suspects_of
from retkoop.banking.forms import CountForm
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.ui.typed import forget_typed, typed_values


def cash(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Count the cash, and see what the book says of it."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST":
        form = CountForm(request.POST, year=page.year)
        return _record(request, page, form) or _show(request, page, form, status=422)
    waiting = typed_values(request)
    return _show(request, page, CountForm(waiting, year=page.year) if waiting else None)


def _show(request: HttpRequest, page: CoopPage, form: CountForm | None, status: int = 200) -> HttpResponse:
    counts = counts_of(page.book)
    shown = count_of(counts, asked) if (asked := request.GET.get("comptage")) else next(iter(counts), None)
    if form is not None and form.errors:
        shown = None  # the answer to a former count says nothing of the one that was refused
    context = {
        "page": page,
        "here": "cash",
        "counts": counts,
        "shown": shown,
        "suspects": suspects_of(page.book, shown.answer) if shown and shown.answer.gap else [],
        "form": form or _first_form(page, shown),
        "removed": _removed(request, counts),
    }
    return render(request, "banking/cash.html", context, status=status)


def _removed(request: HttpRequest, counts: list[Count]) -> int | None:
    """Return the key of the count that was just removed, and can be brought back."""
    key = read_key(request.GET.get("supprime", ""))
    return key if key not in {count.record.pk for count in counts} else None


def _record(request: HttpRequest, page: CoopPage, form: CountForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        record = services.record_cash_count(
            access=page.access, book=page.book, day=given["day"], quantities=form.quantities, submission=given["submission"]
        )
        address = f"{page.url('cash')}?comptage={record.pk}"
    except AlreadySubmitted:
        address = page.url("cash")
    except Refused as refusal:
        form.add_error("day", str(refusal))
        return None
    forget_typed(request)
    return redirect(address)


def _first_form(page: CoopPage, shown: Count | None) -> CountForm:
    """Return the form to count with; a count that was not right can be gone over again, number by number."""
    if shown and shown.answer.gap:
        return CountForm.again(shown.record.day, shown.quantities, year=page.year)
    return CountForm.again(_usual_day(page), {}, year=page.year)


def _usual_day(page: CoopPage) -> date:
    return min(max(page.today, page.year.first_day), page.year.last_day)


@require_safe
def cash_total(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Add up what is typed so far."""
    page = open_page(request, rne, year)
    return render(request, "banking/_cash_total.html", {"form": CountForm(request.GET, year=page.year)})


@require_POST
def remove(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Remove a count; the page offers to bring it back."""
    page = open_page(request, rne, year, to_write=True)
    services.remove_cash_count(access=page.access, book=page.book, key=key)
    return redirect(f"{page.url('cash')}?supprime={key}")


@require_POST
def restore(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a removed count back."""
    page = open_page(request, rne, year, to_write=True)
    try:
        record = services.restore_cash_count(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("cash"))
    messages.success(request, "Le comptage est rétabli.")
    return redirect(f"{page.url('cash')}?comptage={record.pk}")
