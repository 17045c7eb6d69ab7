"""What was typed outlives the session: a form sent after the session's end waits in the new one, by its path.

The field's worst loss is twenty minutes of typing. Each form carries a signed word of the account that it was made for
(`form_inputs`). So values are kept of people who were logged in here, never of strangers, who fill no table; and they go back
to that same account alone: on a shared computer, whoever logs in next never sees them, and they are dropped then. They wait in
the session (anonymous until log-in, which keeps it), never in the browser's storage, only for the path they were sent to.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

LARGEST: Final = 32 * 1024
"""Bytes of typed values that one session may hold, all paths together."""

TYPED_BY: Final = "typed_by"
"""The hidden field that says for whom a form was made."""

_OLDEST: Final = dt.timedelta(days=3)
_KEY: Final = "typed_values"
_SECRET = re.compile(r"passw|passe|csrfmiddlewaretoken|otp|secret|typed_by", re.IGNORECASE)
_SIGNER: Final = TimestampSigner(salt="retkoop.typed")


class HiddenInputs:
    """What the forms of an answer carry: Django's token, and for whom they were made. A page of thirty forms makes them once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def token(self) -> str:
        return get_token(self._request)

    @cached_property
    def _written(self) -> SafeString:
        token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', self.token)
        account = _account(self._request)
        return token + format_html('<input type="hidden" name="{}" value="{}">', TYPED_BY, made_for(account)) if account else token

    def __html__(self) -> str:
        return self._written


def form_inputs(request: HttpRequest) -> dict[str, Any]:
    """Give templates `csrf_input`."""
    return {"csrf_input": hidden_inputs(request)}


def hidden_inputs(request: HttpRequest) -> HiddenInputs:
    """Return the inputs of the forms of an answer, the same for all that are drawn of it."""
    inputs: HiddenInputs = vars(request).setdefault("hidden_inputs", HiddenInputs(request))
    return inputs


def made_for(account: str) -> str:
    """Return the signed word of the account that a form is made for."""
    return _SIGNER.sign(account)


def keep_typed(request: HttpRequest, page: str | None = None) -> bool:
    """Keep the POST of `request` for the page it was typed on (default: its own path); tell whether it was.

    The oldest give way to the newest. Nothing is kept of what was made for nobody, or for another than who is logged in.
    """
    typist = _typist(request)
    if not typist or _account(request) not in ("", typist):
        return False
    values = request.POST.copy()
    for name in [name for name in values if _SECRET.search(name)]:
        del values[name]
    text = values.urlencode()
    if not text or len(text) > LARGEST:
        return False
    typed_on = urlsplit(page or request.path).path
    kept = {path: other for path, other in request.session.get(_KEY, {}).items() if path != typed_on}
    while sum(len(other) for _, other in kept.values()) + len(text) > LARGEST:
        del kept[next(iter(kept))]
    request.session[_KEY] = {**kept, typed_on: (typist, text)}
    return True


def typed_values(request: HttpRequest, path: str | None = None) -> QueryDict | None:
    """Return what waits for `path` (default: this request's) and who is logged in, to bind the form with, or None."""
    typist, text = request.session.get(_KEY, {}).get(path or request.path, (None, ""))
    return QueryDict(text) if text and typist == _account(request) else None


def forget_typed(request: HttpRequest, path: str | None = None) -> None:
    """Drop what waits for `path`: it has been saved, or is no longer wanted."""
    kept = request.session.get(_KEY, {})
    if kept.pop(path or request.path, None) is not None:
        request.session[_KEY] = kept


def forget_others(request: HttpRequest, user: Any, **_: object) -> None:  # noqa: ANN401 -- whatever account logs in
    """Drop what others than `user`, who logs in, had typed in this browser: a receiver of `user_logged_in`."""
    kept = request.session.get(_KEY, {})
    theirs = {path: (typist, text) for path, (typist, text) in kept.items() if typist == str(user.pk)}
    if len(theirs) < len(kept):
        request.session[_KEY] = theirs


def _typist(request: HttpRequest) -> str:
    """Return the account that a form was made for, "" where it is made for nobody, forged or too old."""
    try:
        return _SIGNER.unsign(request.POST.get(TYPED_BY, ""), max_age=_OLDEST)
    except BadSignature:
        return ""


def _account(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return str(user.pk) if user is not None and user.is_authenticated else ""
