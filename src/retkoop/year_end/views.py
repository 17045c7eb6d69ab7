"""The pages of a year's end: the bilan, the auditor's books, the CRF on the screen and on paper."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from retkoop.books.page import CoopPage, open_page
from retkoop.books.queries import chart_of
from retkoop.domain.reports.trial_balance import trial_balance as draw_trial_balance
from retkoop.year_end import queries
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.comparison import income_sides, sheet_sides, year_told
from retkoop.year_end.crf import crf_of
from retkoop.year_end.crf_document import crf_pdf as draw_crf
from retkoop.year_end.crf_document import file_name
from retkoop.year_end.dossier import dossier_of
from retkoop.year_end.ledger import accounts_of, choose_account

EXPLAINING: Final = frozenset({"report-a-nouveau", "ventilation", "sens-du-compte"})
"""The checks that explain why a bilan is not what it should be; that it is not balanced, the page says itself."""

SHOWN_FINDINGS: Final = 5
SHOWN_ROWS: Final = 20


@require_safe
def balance_sheet(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The compte de fonctionnement and the bilan, beside last year's."""
    page = open_page(request, rne, year)
    former = queries.former_standing(page.book, page.others)
    context = {
        "former": former,
        "income": income_sides(page.standing, former, chart_of(page.book)),
        "sheet": sheet_sides(page.standing, former),
        "told": year_told(page.standing),
        "findings": [told for told in page.findings.gravest if told.code in EXPLAINING][:SHOWN_FINDINGS],
    }
    return _show(request, "balance_sheet", page, context)


@require_safe
def trial_balance(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Every account that moved: its debits, its credits, its solde."""
    page = open_page(request, rne, year)
    return _show(request, "trial_balance", page, {"sheet": draw_trial_balance(page.standing.totals, chart_of(page.book))})


@require_safe
def general_ledger(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The lines of one account, each with the solde that it leaves."""
    page = open_page(request, rne, year)
    accounts = accounts_of(page.standing, chart_of(page.book))
    chosen = choose_account(accounts, request.GET.get("compte"))
    lines = queries.ledger_page(page.book, chosen.account, request.GET.get("page")) if chosen else None
    return _show(request, "general_ledger", page, {"accounts": accounts, "chosen": chosen, "lines": lines})


@require_safe
def journal(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Every operation in double entry, in the order of the book."""
    page = open_page(request, rne, year)
    entries = queries.journal_page(page.book, chart_of(page.book), request.GET.get("page"))
    moved = sum(total.debit for total in page.standing.totals.values())
    return _show(request, "journal", page, {"entries": entries, "moved": moved})


@require_safe
def crf(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What the CRF will say, section by section, and what remains to be done."""
    page = open_page(request, rne, year)
    context = {
        "here": "crf",
        "crf": crf_of(page.book, page.books, page.standing, findings=(), most=SHOWN_ROWS + 1),
        "most": SHOWN_ROWS,
        "closing": closing_of(page.book),
    }
    return render(request, "year_end/crf.html", {"page": page, **context})


@require_safe
def crf_pdf(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The CRF on paper."""
    page = open_page(request, rne, year)
    document = draw_crf(page.book, page.books, page.standing, page.findings, page.today)
    disposition = f'attachment; filename="{file_name(page.book)}"'
    return HttpResponse(document, content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_safe
def dossier(request: HttpRequest, rne: str, year: str) -> StreamingHttpResponse:
    """The dossier of the year: one zip, sent as it is made."""
    page = open_page(request, rne, year)
    disposition = f'attachment; filename="dossier-{page.coop.rne}-{page.year}.zip"'
    # it is compressed already: the identity encoding keeps the middleware from doing it again
    headers = {"Content-Disposition": disposition, "Content-Encoding": "identity"}
    return StreamingHttpResponse(dossier_of(page, timezone.localtime()), content_type="application/zip", headers=headers)


def _show(request: HttpRequest, name: str, page: CoopPage, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"year_end/{name}.html", {"page": page, "here": "balance_sheet", "tab": name, **context})
