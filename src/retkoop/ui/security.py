"""Headers that Django and django-csp do not set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

_FORBIDDEN_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
HEADERS: Final = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FORBIDDEN_FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
    # a shared school computer must not show the accounts again with the back button, after log-out
    "Cache-Control": "private, no-store",
}


class SecureHeaders:
    """Middleware: each header unless the view has said its own. Pages are private by default, so none is forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
