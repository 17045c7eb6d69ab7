"""Error pages, to the word. None of these tests may touch a database: a page of error that needs one would fail with it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from retkoop.ui.errors import csrf_failure
from retkoop.ui.typed import typed_values

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
            "Revenez à la page et envoyez-la de nouveau.",
            "Aller à l’accueil",
            "Code 403, utile si vous demandez de l’aide.",
        ],
    )


def stale(*, site: str, known: bool) -> HttpRequest:
    request = RequestFactory().post("/cahier/", {"libelle": "Musée"}, headers={"Sec-Fetch-Site": site})
    request.COOKIES["sessionid"] = "x"
    request.session = SessionStore()
    request.user = get_user_model()(username="0910000A") if known else AnonymousUser()
    return request


def test_a_stale_form_of_our_own_keeps_what_was_typed() -> None:
    request = stale(site="same-origin", known=True)
    response = csrf_failure(request)
    assert sentences(response)[2:4] == [
        "Ce que vous aviez saisi est gardé : rouvrez la page, vérifiez et envoyez de nouveau.",
        "Rouvrir la page Aller à l’accueil",
    ]
    assert 'href="/cahier/"' in response.content.decode()
    assert typed_values(request) == QueryDict("libelle=Mus%C3%A9e")


@pytest.mark.parametrize(("site", "known"), [("cross-site", True), ("same-site", True), ("same-origin", False)])
def test_a_form_that_may_be_forged_leaves_nothing(site: str, known: bool) -> None:  # noqa: FBT001 -- columns of the table above
    request = stale(site=site, known=known)
    assert sentences(csrf_failure(request))[2] == "Revenez à la page et envoyez-la de nouveau."
    assert typed_values(request) is None


def test_the_page_that_allauth_asks_for_says_the_same() -> None:
    page = HttpResponse(render_to_string("429.html", request=RequestFactory().get("/")))
    assert sentences(page) == [
        "Trop d’essais en peu de temps",
        "Pour protéger votre compte, Retkoop fait une courte pause.",
        "Attendez quelques minutes, puis recommencez.",
    ]
