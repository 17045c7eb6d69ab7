"""A year that was kept elsewhere: chosen, left; its steps; its opening and its totals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.books.opening_page import OpeningPage
from retkoop.books.page import open_page
from retkoop.books.queries import chart_of
from retkoop.ui.typed import typed_values
from retkoop.year_end.direct import services
from retkoop.year_end.direct.forms import TotalsForm
from retkoop.year_end.direct.page import DirectPage
from retkoop.year_end.direct.views.doors import Tried, attempt, do, step


@require_safe
def direct(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The steps of the compte rendu; in a year that is kept in a cahier, what it is to do without one."""
    page = open_page(request, rne, year)
    template = "direct" if page.book.direct else "choose"
    return render(request, f"year_end/direct/{template}.html", {"page": page, "here": "direct", "shown": DirectPage(page)})


@require_POST
def choose(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Do without a cahier."""
    page = open_page(request, rne, year, to_write=True)
    return do(request, page, services.choose_direct, "C’est noté\u202f: vous ne saisissez que le compte rendu.", "direct")


@require_POST
def leave(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Go back to a cahier."""
    page = open_page(request, rne, year, to_write=True)
    return do(request, page, services.leave_direct, "C’est noté\u202f: cette année se tient de nouveau dans le cahier.", "home")


@require_http_methods(["GET", "HEAD", "POST"])
@step
def opening(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """What the year started with."""
    page, asked = shown.page, OpeningPage(shown.page)
    typed = request.POST if request.method == "POST" else typed_values(request)
    form = asked.bound(typed) if typed else asked.form(anew="reprendre" in request.GET)
    tried = Tried(status=200)
    if request.method == "POST":
        tried = attempt(
            request,
            form,
            lambda: services.keep_opening(
                access=page.access,
                book=page.book,
                moves=form.moves,
                bank_account=form.cleaned_data.get("bank_account") or page.book.bank_account,
                version=form.cleaned_data["version"],
                submission=form.cleaned_data["submission"],
            ),
        )
    if tried.done:
        return _next(request, page.url("direct_subsidies"), "Le départ est noté.")
    return _show(request, "opening", shown, form=form, asked=asked, status=tried.status)


@require_http_methods(["GET", "HEAD", "POST"])
@step
def totals(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """The total of each account, and what there was at the end."""
    page, chart = shown.page, chart_of(shown.page.book)
    if request.method != "POST":
        waiting, row = typed_values(request), shown.rows.summary
        form = TotalsForm(waiting, chart=chart) if waiting else TotalsForm.of(shown.rows.totals, row.version if row else None, chart)
        return _show(request, "totals", shown, form=form, sums=shown.sums(form.totals, whole=form.tells_the_end))
    form = TotalsForm(request.POST, chart=chart)
    tried = attempt(
        request,
        form,
        lambda: services.keep_totals(
            access=page.access,
            book=page.book,
            totals=form.totals,
            version=form.cleaned_data["version"],
            submission=form.given_submission,
        ),
    )
    if tried.done:
        return _next(request, page.url("direct_bank"), "Les totaux sont notés.")
    return _show(request, "totals", shown, form=form, sums=shown.sums(form.totals, whole=form.tells_the_end), status=tried.status)


@require_safe
@step
def sums(request: HttpRequest, shown: DirectPage) -> HttpResponse:
    """Add up what is typed so far."""
    form = TotalsForm(request.GET, chart=chart_of(shown.page.book))
    return render(request, "year_end/direct/_sums.html", {"sums": shown.sums(form.totals, whole=form.tells_the_end)})


def _next(request: HttpRequest, address: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(address)


def _show(request: HttpRequest, name: str, shown: DirectPage, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"page": shown.page, "here": "direct", "step": f"direct_{name}", "shown": shown, **more}
    return render(request, f"year_end/direct/{name}.html", context, status=status)
