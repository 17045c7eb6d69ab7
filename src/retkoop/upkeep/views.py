from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from retkoop.upkeep.health import is_healthy


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's call
    """Say whether Retkoop can answer, and nothing else: the page is public."""
    healthy = is_healthy()
    return HttpResponse("ok\n" if healthy else "indisponible\n", status=200 if healthy else 503, content_type="text/plain; charset=utf-8")
