"""What was typed outlives the session: a form sent after the session's end waits in the new one, by its path.

The field's worst loss is twenty minutes of typing. Values wait in the session (anonymous until log-in, which keeps it),
never in the browser's storage, and only for the path they were sent to: whoever may not open that page never sees them.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict

LARGEST: Final = 32 * 1024
"""Bytes of typed values that one session may hold, all paths together."""

_KEY: Final = "typed"
_SECRET = re.compile(r"passw|passe|csrfmiddlewaretoken|otp|secret", re.IGNORECASE)


def keep_typed(request: HttpRequest, page: str | None = None) -> bool:
    """Keep the POST of `request` for the page it was typed on (default: its own path); tell whether it was.

    The oldest give way to the newest. A visitor without a session cookie had no session to lose: nothing is kept of theirs,
    so that strangers fill no table.
    """
    if request.method != "POST" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    values = request.POST.copy()
    for name in [name for name in values if _SECRET.search(name)]:
        del values[name]
    text = values.urlencode()
    if not text or len(text) > LARGEST:
        return False
    typed_on = urlsplit(page or request.path).path
    kept = {path: other for path, other in request.session.get(_KEY, {}).items() if path != typed_on}
    while sum(map(len, kept.values())) + len(text) > LARGEST:
        del kept[next(iter(kept))]
    request.session[_KEY] = {**kept, typed_on: text}
    return True


def typed_values(request: HttpRequest, path: str | None = None) -> QueryDict | None:
    """Return what waits for `path` (default: this request's), to bind the form with, or None."""
    text = request.session.get(_KEY, {}).get(path or request.path)
    return QueryDict(text) if text else None


def forget_typed(request: HttpRequest, path: str | None = None) -> None:
    """Drop what waits for `path`: it has been saved, or is no longer wanted."""
    kept = request.session.get(_KEY, {})
    if kept.pop(path or request.path, None) is not None:
        request.session[_KEY] = kept
