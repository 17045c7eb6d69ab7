"""Requests as our middleware completes them, for the type checker; and the page that they come from."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that may come from htmx: `htmx` is false where it does not."""

    htmx: HtmxDetails


def page_in_sight(request: HtmxRequest) -> SplitResult:
    """Return the address of the page that is in sight: htmx asks from a page whose address may have changed since it came."""
    return urlsplit((request.htmx.current_url or "") if request.htmx else request.get_full_path())


def page_of(request: HttpRequest) -> str:
    """Return the page to come back to: for a form that was sent, the page it stood on; its own address may know no GET."""
    if request.headers.get("HX-Request"):
        return _path_of(request, request.headers.get("HX-Current-URL"))
    if request.method == "POST":
        return _path_of(request, request.headers.get("Referer"))
    return request.get_full_path()


def _path_of(request: HttpRequest, address: str | None) -> str:
    if address and url_has_allowed_host_and_scheme(address, {request.get_host()}):
        parts = urlsplit(address)
        return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return request.path
