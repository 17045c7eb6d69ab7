"""What the pages of a year that was kept elsewhere do alike: open one, try a verb on what a form says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.services import StatementChanged
from retkoop.books.page import CoopPage, open_page
from retkoop.books.services import EditedMeanwhile
from retkoop.books.writable import Refused
from retkoop.ui.typed import forget_typed
from retkoop.year_end.direct.page import DirectPage
from retkoop.year_end.direct.services import NOT_DIRECT

MEANWHILE = "Quelqu’un a changé ces montants entre-temps. Les vôtres sont encore là\u202f: enregistrez pour remplacer les siens."

Step = Callable[..., HttpResponse]


def step(view: Step) -> Step:
    """Open the page of a step: `view(request, shown, …)`. In a year that is kept in a cahier, lead to the page that says so."""

    @wraps(view)
    def opened(request: HttpRequest, rne: str, year: str, **parts: Any) -> HttpResponse:  # noqa: ANN401 -- parts of an address
        page = open_page(request, rne, year, to_write=request.method == "POST")
        if page.book.direct:
            return view(request, DirectPage(page), **parts)
        if request.method == "POST":
            messages.error(request, NOT_DIRECT)
        return redirect(page.url("direct"))

    return opened


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a form; `status` is that of the page that shows it again."""

    done: bool = False
    status: int = 422


def attempt(request: HttpRequest, form: Form, verb: Callable[[], object]) -> Tried:
    """Do a verb with what a form says; what it refuses stands on the form. A resend is done already."""
    if not form.is_valid():
        return Tried()
    try:
        verb()
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return Tried()
    except (EditedMeanwhile, StatementChanged) as meanwhile:
        form.add_error(None, MEANWHILE)
        form.data = {**form.data.dict(), "version": str(meanwhile.current.version) if meanwhile.current else ""}  # type: ignore[attr-defined]  # a QueryDict, each name once
        return Tried(status=409)
    forget_typed(request)
    return Tried(done=True)


def do(request: HttpRequest, page: CoopPage, verb: Callable[..., object], said: str, home: str, **parts: Any) -> HttpResponse:  # noqa: ANN401 -- what the verb takes
    """Do a verb that asks nothing more, and say so on the page that follows."""
    try:
        verb(access=page.access, book=page.book, **parts)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(page.refreshed().url(home))
