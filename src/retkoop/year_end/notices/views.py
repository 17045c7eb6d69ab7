"""How a year ends, told to whoever is logged in: for coops that kept their accounts here, and for those that did not.

The pictures are taken from the pages themselves (`script/notices`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Which notice to read."""
    return render(request, "year_end/notices/notices.html")


@require_safe
def notice_of_a_cahier(request: HttpRequest) -> HttpResponse:
    """« Vous avez tenu votre comptabilité sur Retkoop »."""
    return render(request, "year_end/notices/cahier.html")


@require_safe
def notice_of_a_spreadsheet(request: HttpRequest) -> HttpResponse:
    """« Vous l’avez tenue sur un fichier Excel »."""
    return render(request, "year_end/notices/spreadsheet.html")
