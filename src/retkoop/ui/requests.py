"""Requests as our middleware completes them, for the type checker."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that may come from htmx: `htmx` is false where it does not."""

    htmx: HtmxDetails
