"""The letters of the demonstration, which leave for nobody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retkoop.mailing.queries import all_letters


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show what the demonstration would have sent. Anywhere else there is no such page: letters hold links and codes."""
    if not settings.DEMONSTRATION:
        raise Http404
    return render(request, "mailing/mailbox.html", {"letters": all_letters(request.GET.get("page"))})
