"""The component page: every component in each of its states, for those who build pages and for the accessibility tests."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.ui import samples
from retkoop.ui.words import WORDS


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    context = {
        "form": samples.fresh_form(),
        "wrong": samples.wrong_form(),
        "parts": samples.part_forms(),
        "blank_part": samples.blank_part(),
        "page": Paginator(range(10_000), 50).page(5),
        "words": sorted(WORDS),
        "line": samples.sample_line(),
        "bars": samples.sample_bars(),
        "today": samples.TODAY,
    }
    return render(request, "ui/components.html", context)
