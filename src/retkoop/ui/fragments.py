"""Whether htmx asks for a part of a page, or somebody for the whole of it."""

from __future__ import annotations

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether the answer goes into a page that stays; the back button asks for a whole page again."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
