"""The browsers that an account is known by: a signed cookie, given at log-in, names the browser and its accounts.

It opens nothing. It only has the browser's own failures counted apart (`tries`).
"""

from __future__ import annotations

import secrets
from typing import Final, TypedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

COOKIE: Final = "device"
_SALT: Final = "retkoop.users.devices"
_KEPT: Final = 400 * 24 * 3600
_MOST_ACCOUNTS: Final = 8


class _Device(TypedDict):
    id: str
    accounts: list[str]


def device_of(request: HttpRequest, identifier: str) -> str | None:
    """Return the name of this browser if the account has logged in from it before."""
    device = _read(request)
    return device["id"] if device is not None and identifier in device["accounts"] else None


def remember(request: HttpRequest, response: HttpResponseBase, identifier: str) -> None:
    """Have this browser known to an account from now on; the accounts of longest ago give way."""
    device = _read(request) or _Device(id=secrets.token_urlsafe(12), accounts=[])
    accounts = [*(name for name in device["accounts"] if name != identifier), identifier][-_MOST_ACCOUNTS:]
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": device["id"], "accounts": accounts}, salt=_SALT),
        max_age=_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> _Device | None:
    try:
        device: _Device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return None
    return device
