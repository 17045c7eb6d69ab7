"""Requests as our middleware completes them, for the type checker; and the page that they come from."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that may come from htmx: `htmx` is false where it does not."""

    htmx: HtmxDetails


def page_in_sight(request: HtmxRequest) -> SplitResult:
    """Return the address of the page that is in sight: htmx asks from a page whose address may have changed since it came."""
    return urlsplit((request.htmx.current_url or "") if request.htmx else request.get_full_path())
