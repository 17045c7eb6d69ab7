"""Error pages, to the word. None of these tests may touch a database: a page of error that needs one would fail with it."""

from __future__ import annotations

import errno
import html
import re
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from retkoop.ui.errors import csrf_failure, is_full_disk
from retkoop.ui.typed import TYPED_BY, made_for, typed_values

pytestmark = pytest.mark.urls("tests.ui.urls")

REFUSALS = [
    (
        "/unreadable/",
        400,
        "La demande n’est pas lisible",
        "Votre navigateur a envoyé une demande que Retkoop ne comprend pas. Rien n’a été modifié.",
        "Revenez à la page précédente et recommencez.",
    ),
    (
        "/refuse/",
        403,
        "Cette page ne vous est pas ouverte",
        "Votre compte ne permet pas de faire cela. Rien n’a été modifié.",
        "Si vous pensez que c’est une erreur, demandez à votre association départementale.",
    ),
    (
        "/nowhere/",
        404,
        "Cette page n’existe pas",
        "L’adresse est peut-être incomplète, ou la page n’est pas accessible avec votre compte.",
        "Vérifiez l’adresse, ou repartez de l’accueil.",
    ),
    (
        "/save/",
        405,
        "Cette adresse ne s’ouvre pas ainsi",
        "Elle sert à envoyer un formulaire, pas à afficher une page. Rien n’a été modifié.",
        "Repartez de l’accueil.",
    ),
    (
        "/too-often/",
        429,
        "Trop d’essais en peu de temps",
        "Pour protéger votre compte, Retkoop fait une courte pause.",
        "Attendez quelques minutes, puis recommencez.",
    ),
    (
        "/broken/",
        500,
        "Retkoop a rencontré un problème",
        "L’erreur vient de nous, pas de vous. Ce qui était enregistré l’est toujours.",
        "Attendez un instant et recommencez. Si cela continue, prévenez votre association départementale.",
    ),
]


def sentences(response: Any) -> list[str]:  # noqa: ANN401 -- of the test client or of a view
    """Return the heading and the paragraphs of the card, tags and icons left out."""
    card = response.content.decode().split("<main")[1].split("</main>")[0]
    said = re.findall(r"<(?:h1|p)\b[^>]*>(.*?)</(?:h1|p)>", re.sub(r"<svg.*?</svg>", "", card, flags=re.DOTALL), re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split()) for words in said]


@pytest.mark.parametrize(("path", "status", "title", "what", "advice"), REFUSALS)
def test_an_error_says_what_happened_and_what_to_do(path: str, status: int, title: str, what: str, advice: str) -> None:
    response = Client(raise_request_exception=False).get(path)
    help_line = f"Code {status}, utile si vous demandez de l’aide."
    assert (response.status_code, sentences(response)) == (status, [title, what, advice, "Aller à l’accueil", help_line])


def test_htmx_gets_the_sentences_alone() -> None:
    response = Client(raise_request_exception=False).get("/broken/", headers={"HX-Request": "true"})
    assert (response.status_code, response["Content-Type"], response.content.decode()) == (
        500,
        "text/plain; charset=utf-8",
        " ".join(REFUSALS[-1][3:]),
    )


def test_a_page_of_error_keeps_what_the_protocol_says() -> None:
    assert Client().get("/save/")["Allow"] == "POST"
    assert Client().get("/too-often/")["Retry-After"] == "60"


def test_an_error_that_has_its_page_keeps_it() -> None:
    assert Client().get("/told/").content.decode() == "Déjà dit."


def test_a_form_without_its_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/save/", {"libelle": "Musée"})
    assert (response.status_code, sentences(response)) == (
        403,
        [
            "Cette page était ouverte depuis trop longtemps",
            "Vous vous êtes connecté ou déconnecté entre-temps : par sécurité, Retkoop n’a rien enregistré.",
            "Copiez ce que vous avez saisi, rechargez la page, puis envoyez de nouveau.",
            "Aller à l’accueil",
            "Code 403, utile si vous demandez de l’aide.",
        ],
    )


ENDED_MEANWHILE = "Vous vous êtes connecté ou déconnecté entre-temps : par sécurité, Retkoop n’a rien enregistré."
OPENED_ANEW = (
    "Cette page était ouverte depuis trop longtemps\u202f: rien n’est encore enregistré. "
    "Ce que vous aviez saisi est gardé, vérifiez et envoyez de nouveau."
)


def stale(*, made_by: str, known: bool = True, site: str = "same-origin", headers: dict[str, str] | None = None) -> HttpRequest:
    made = {TYPED_BY: made_for(made_by)} if made_by else {}
    request = RequestFactory().post("/cahier/", {"libelle": "Musée"} | made, headers={"Sec-Fetch-Site": site} | (headers or {}))
    request.session = SessionStore()
    request.user = get_user_model()(pk=1, username="0910000A") if known else AnonymousUser()
    setattr(request, "_messages", CookieStorage(request))  # noqa: B010 -- where Django's middleware puts it
    return request


@pytest.mark.parametrize("known", [True, False])
def test_a_stale_form_of_our_own_keeps_what_was_typed(known: bool) -> None:  # noqa: FBT001 -- a column of the table above
    request = stale(made_by="1", known=known)
    response = csrf_failure(request)
    assert sentences(response)[2:4] == [
        "Ce que vous aviez saisi est gardé : rouvrez la page, vérifiez et envoyez de nouveau.",
        "Rouvrir la page Aller à l’accueil",
    ]
    assert 'href="/cahier/"' in response.content.decode()
    request.user = get_user_model()(pk=1)
    assert typed_values(request) == QueryDict("libelle=Mus%C3%A9e")


def test_a_stale_form_that_htmx_sends_is_opened_anew_with_what_was_typed() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cahier/?page=2"}
    request = stale(made_by="1", headers=headers)
    response = csrf_failure(request)
    assert (response.status_code, response["HX-Redirect"]) == (200, "/cahier/?page=2")
    assert [str(message) for message in get_messages(request)] == [OPENED_ANEW]
    assert typed_values(request) == QueryDict("libelle=Mus%C3%A9e")


def test_htmx_is_told_what_works_where_nothing_could_be_kept() -> None:
    response = csrf_failure(stale(made_by="", headers={"HX-Request": "true"}))
    assert (response.status_code, response.content.decode()) == (
        403,
        f"{ENDED_MEANWHILE} Copiez ce que vous avez saisi, rechargez la page, puis envoyez de nouveau.",
    )


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("made_by", ["", "2"])
def test_a_form_that_may_be_forged_leaves_nothing(site: str, made_by: str) -> None:
    request = stale(site=site, made_by=made_by)
    assert sentences(csrf_failure(request))[2:4] == [
        "Copiez ce que vous avez saisi, rechargez la page, puis envoyez de nouveau.",
        "Aller à l’accueil",
    ]
    assert typed_values(request) is None


def test_the_page_that_allauth_asks_for_says_the_same() -> None:
    page = HttpResponse(render_to_string("429.html", request=RequestFactory().get("/")))
    assert sentences(page) == [
        "Trop d’essais en peu de temps",
        "Pour protéger votre compte, Retkoop fait une courte pause.",
        "Attendez quelques minutes, puis recommencez.",
    ]


def test_a_full_disk_is_told_whoever_met_it() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE kept (text TEXT)")
        database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            database.execute("INSERT INTO kept VALUES (?)", ["x" * 100_000])
    wrapped = OperationalError("database or disk is full")
    wrapped.__cause__ = full.value
    troubles = [full.value, wrapped, OSError(errno.ENOSPC, "No space left on device"), psycopg.errors.DiskFull()]
    assert [is_full_disk(trouble) for trouble in troubles] == [True] * 4
    assert [is_full_disk(trouble) for trouble in (None, ValueError(), OSError(errno.EACCES, "no"))] == [False] * 3
