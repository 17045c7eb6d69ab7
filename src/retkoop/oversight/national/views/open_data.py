"""Open data: what the federation publishes, and the public files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from retkoop.books.tables import XLSX, xlsx_of
from retkoop.books.writable import Refused
from retkoop.domain.open_data import FEWEST_COOPS, MOST_SHARE
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import open_federation
from retkoop.oversight.national import publishing
from retkoop.oversight.national.exporting import SUFFIXES

_RULE = {"fewest": FEWEST_COOPS, "share": MOST_SHARE, "dictionary": publishing.DICTIONARY}
_LICENCE = {"licence": publishing.LICENCE, "licence_url": publishing.LICENCE_URL}


def _year(text: str) -> SchoolYear:
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Show the years that are published, and those that may be."""
    open_federation(request.user)
    return render(request, "oversight/national/open_data.html", {"years": publishing.open_years(), **_RULE, **_LICENCE})


@require_POST
def publish_year(request: HttpRequest, year: str) -> HttpResponse:
    author, named = open_federation(request.user), _year(year)
    try:
        publishing.publish(author=author, year=named)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Les totaux {named} sont publiés.")
    return redirect("open_data")


@require_POST
def withdraw_year(request: HttpRequest, year: str) -> HttpResponse:
    author, named = open_federation(request.user), _year(year)
    publishing.withdraw(author=author, year=named)
    messages.success(request, f"Les totaux {named} ne sont plus publiés.")
    return redirect("open_data")


@login_not_required
@require_safe
def public_data(request: HttpRequest) -> HttpResponse:
    """Show everybody which years are published, and what their columns mean."""
    published = [one for one in publishing.open_years() if one.is_public]
    return render(request, "oversight/national/public_data.html", {"years": published, **_RULE, **_LICENCE})


@login_not_required
@require_safe
def public_file(_: HttpRequest, year: str, suffix: str) -> HttpResponse:
    """Return the file of a published year. Raises Http404 for any other."""
    publication = publishing.publication_of(_year(year))
    if publication is None or publication.withdrawn_at or suffix not in SUFFIXES:
        raise Http404
    if suffix == "csv":
        response = HttpResponse(publishing.open_csv(publication), content_type="text/csv; charset=utf-8")
    else:
        sheets = [("Totaux", publishing.lines_of(publication)), ("Dictionnaire", publishing.dictionary_lines())]
        # half a second to make, and anybody may ask
        content = cache.get_or_set(f"open-data-{publication.start}-{publication.digest}", lambda: xlsx_of(sheets))
        response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="cooperatives-scolaires-{year}.{suffix}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
