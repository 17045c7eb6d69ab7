"""What the pages of the three registers do alike: try a verb on what a form says, remove, bring back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage
from retkoop.books.writable import Refused
from retkoop.registers.facts import RefusedFacts
from retkoop.registers.services import ChangedMeanwhile
from retkoop.ui.keys import read_key
from retkoop.ui.typed import forget_typed

GONE = "Cette ligne a été supprimée entre-temps. Ce que vous avez saisi est encore là : enregistrez-la comme une nouvelle ligne."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a form: done, and what it `made` (None of a resend); or `current`, what the row is now that it was changed."""

    done: bool = False
    current: Any = None
    made: Any = None

    @property
    def status(self) -> int:
        return 409 if self.current is not None else 422


def attempt(request: HttpRequest, form: Form, verb: Callable[[], object]) -> Attempt:
    """Do a verb with what a form says; what it refuses stands on the form, beside its field. A resend is done already."""
    if not form.is_valid():
        return Attempt()
    made = None
    try:
        made = verb()
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        wrong = refusal.wrong if isinstance(refusal, RefusedFacts) else {"": str(refusal)}
        for name, words in wrong.items():
            form.add_error(name if name in form.fields else None, words)
        return Attempt()
    except ChangedMeanwhile as meanwhile:
        if meanwhile.current is None:
            form.add_error(None, GONE)
        return Attempt(current=meanwhile.current)
    forget_typed(request)
    return Attempt(done=True, made=made)


def closed_instead(request: HttpRequest, page: CoopPage, home: str) -> HttpResponse | None:
    """Return what answers whoever asks for an empty form in a year that takes no writing: the list, which says why."""
    if request.method == "POST" or page.closed is None:
        return None
    messages.error(request, page.closed)
    return redirect(page.url(home))


def over(data: QueryDict, version: int) -> QueryDict:
    """Return what was typed, to be sent again over what the row has become."""
    typed = data.copy()
    typed["version"] = str(version)
    return typed


def remove(request: HttpRequest, page: CoopPage, verb: Callable[..., object], key: int, home: str) -> HttpResponse:
    """Remove a row; the page of its register offers to bring it back."""
    try:
        verb(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url(home))
    return redirect(f"{page.url(home)}?supprime={key}")


def restore(request: HttpRequest, page: CoopPage, verb: Callable[..., object], key: int, home: str) -> HttpResponse:
    """Bring a removed row back."""
    try:
        verb(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La ligne est rétablie.")
    return redirect(page.url(home))


def removed_key(request: HttpRequest) -> int | None:
    """Return the key of the row that was just removed."""
    return read_key(request.GET.get("supprime", ""))
