"""Error pages: what happened, in plain French, and what to do next. They need no database and no session."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django_htmx.http import HttpResponseClientRedirect

from retkoop.ui.requests import page_of
from retkoop.ui.typed import keep_typed


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page of error says: its heading, what happened, and what the person can do."""

    title: str
    what: str
    advice: str


TROUBLES: Final = {
    400: Trouble(
        "La demande n’est pas lisible",
        "Votre navigateur a envoyé une demande que Retkoop ne comprend pas. Rien n’a été modifié.",
        "Revenez à la page précédente et recommencez.",
    ),
    403: Trouble(
        "Cette page ne vous est pas ouverte",
        "Votre compte ne permet pas de faire cela. Rien n’a été modifié.",
        "Si vous pensez que c’est une erreur, demandez à votre association départementale.",
    ),
    404: Trouble(
        "Cette page n’existe pas",
        "L’adresse est peut-être incomplète, ou la page n’est pas accessible avec votre compte.",
        "Vérifiez l’adresse, ou repartez de l’accueil.",
    ),
    405: Trouble(
        "Cette adresse ne s’ouvre pas ainsi",
        "Elle sert à envoyer un formulaire, pas à afficher une page. Rien n’a été modifié.",
        "Repartez de l’accueil.",
    ),
    413: Trouble(
        "L’envoi est trop volumineux",
        "Le fichier ou le texte dépasse ce que Retkoop accepte. Rien n’a été modifié.",
        "Envoyez un fichier plus petit.",
    ),
    429: Trouble(
        "Trop d’essais en peu de temps",
        "Pour protéger votre compte, Retkoop fait une courte pause.",
        "Attendez quelques minutes, puis recommencez.",
    ),
    500: Trouble(
        "Retkoop a rencontré un problème",
        "L’erreur vient de nous, pas de vous. Ce qui était enregistré l’est toujours.",
        "Attendez un instant et recommencez. Si cela continue, prévenez votre association départementale.",
    ),
}
NO_ROOM: Final = Trouble(
    "Il n’y a plus de place sur le serveur",
    "Rien de ce que vous venez d’envoyer n’a été enregistré. Ce qui était enregistré l’est toujours.",
    "Gardez votre saisie, prévenez votre association départementale, puis recommencez.",
)
STALE_PAGE: Final = Trouble(
    "Cette page était ouverte depuis trop longtemps",
    "Vous vous êtes connecté ou déconnecté entre-temps : par sécurité, Retkoop n’a rien enregistré.",
    "Copiez ce que vous avez saisi, rechargez la page, puis envoyez de nouveau.",
)
STALE_PAGE_KEPT: Final = Trouble(
    STALE_PAGE.title,
    STALE_PAGE.what,
    "Ce que vous aviez saisi est gardé : rouvrez la page, vérifiez et envoyez de nouveau.",
)

_DISK_FULL: Final = "53100"
"""What PostgreSQL calls disk_full."""

OPENED_ANEW: Final = (
    f"{STALE_PAGE.title}\u202f: rien n’est encore enregistré. Ce que vous aviez saisi est gardé, vérifiez et envoyez de nouveau."
)


def error_page(request: HttpRequest | None, status: int, trouble: Trouble | None = None, back: str | None = None) -> HttpResponse:
    """Return the page of `trouble`; to htmx, which shows it in a corner of the page that stays, its sentences alone."""
    told = trouble or TROUBLES[status]
    if request is not None and request.headers.get("HX-Request"):
        return HttpResponse(f"{told.what} {told.advice}", status=status, content_type="text/plain; charset=utf-8")
    # rendered without the request: no context processor runs, so no session and no database is needed
    page = loader.get_template("ui/error.html").render({"trouble": told, "back": back, "status": status})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's call
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's call
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's call
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for what nobody foresaw, which Django is about to log; a full disk has a page of its own."""
    if is_full_disk(sys.exc_info()[1]):
        return error_page(request, 507, NO_ROOM)
    return error_page(request, 500)


def is_full_disk(trouble: BaseException | None) -> bool:
    """Tell whether an error, or one behind it, says that a disk is full: of the system, of SQLite, of PostgreSQL."""
    while trouble is not None:
        if isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(trouble, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(trouble, "sqlstate", None) == _DISK_FULL:
            return True
        trouble = trouble.__cause__ or trouble.__context__
    return False


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's call
    """Answer a form whose token is stale: what was typed is kept, and the page opened anew, with a token that works.

    The signed word that our forms carry proves that no other site forged it; Sec-Fetch-Site, which the browser writes, too.
    """
    kept = keep_typed(request)
    if kept and request.headers.get("HX-Request"):
        messages.warning(request, OPENED_ANEW)
        return HttpResponseClientRedirect(page_of(request))
    back = page_of(request) if kept or request.headers.get("Sec-Fetch-Site") == "same-origin" else None
    return error_page(request, 403, STALE_PAGE_KEPT if kept else STALE_PAGE, back=back)


class FrenchRefusals:
    """Middleware: an error that came without a page of its own (405 of a decorator, 413, 429) gets ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in TROUBLES or response.streaming or response.content:
            return response
        page = error_page(request, response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response:
                page[name] = response[name]
        return page
