from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from retkoop.ui.typed import LARGEST, forget_typed, keep_typed, typed_values

PATH = "/coop/0910000A/2025-2026/cahier/"


def sent(
    values: dict[str, object] | None = None, *, path: str = PATH, session: SessionStore | None = None, cookie: bool = True
) -> HttpRequest:
    request = RequestFactory().post(path, values or {"libelle": "Musée", "compte": ["618", "607"]})
    request.session = session if session is not None else SessionStore()
    if cookie:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "ended"
    return request


def opened(session: SessionStore, path: str = PATH) -> HttpRequest:
    request = RequestFactory().get(path)
    request.session = session
    return request


def test_typed_values_wait_for_their_page() -> None:
    session = SessionStore()
    assert keep_typed(sent(session=session)) is True
    assert typed_values(opened(session)) == QueryDict("libelle=Mus%C3%A9e&compte=618&compte=607")
    assert typed_values(opened(session, "/ailleurs/")) is None
    assert typed_values(opened(session, "/ailleurs/"), PATH) is not None


def test_a_live_check_keeps_for_the_page_it_stands_on() -> None:
    session = SessionStore()
    keep_typed(sent(path=f"{PATH}verifier/", session=session), f"{PATH}?page=2")
    assert typed_values(opened(session)) is not None


def test_secrets_are_never_kept() -> None:
    session = SessionStore()
    keep_typed(
        sent({"label": "a", "password": "x", "new_password1": "x", "mot_de_passe": "x", "csrfmiddlewaretoken": "x"}, session=session)
    )
    assert typed_values(opened(session)) == QueryDict("label=a")


def test_nothing_is_kept_of_what_holds_secrets_alone() -> None:
    assert keep_typed(sent({"password": "x"})) is False


def test_nothing_is_kept_for_a_stranger_without_a_session() -> None:
    assert keep_typed(sent(cookie=False)) is False


def test_nothing_is_kept_of_a_page_that_was_only_opened() -> None:
    assert keep_typed(opened(SessionStore())) is False


def test_what_is_too_long_is_not_kept() -> None:
    session = SessionStore()
    assert keep_typed(sent({"note": "a" * LARGEST}, session=session)) is False
    assert typed_values(opened(session)) is None


def test_the_oldest_give_way_to_the_newest() -> None:
    session = SessionStore()
    for path in ("/1/", "/2/", "/3/"):
        keep_typed(sent({"note": "a" * (LARGEST // 2 - 10)}, path=path, session=session))
    assert [typed_values(opened(session, path)) is not None for path in ("/1/", "/2/", "/3/")] == [False, True, True]


def test_the_same_page_keeps_its_last_values() -> None:
    session = SessionStore()
    keep_typed(sent({"a": "1"}, session=session))
    keep_typed(sent({"a": "2"}, session=session))
    assert typed_values(opened(session)) == QueryDict("a=2")


@pytest.mark.parametrize("path", [None, PATH])
def test_what_was_saved_is_forgotten(path: str | None) -> None:
    session = SessionStore()
    keep_typed(sent(session=session))
    session.modified = False
    forget_typed(opened(session), path)
    assert (typed_values(opened(session)), session.modified) == (None, True)


def test_forgetting_nothing_touches_no_session() -> None:
    session = SessionStore()
    forget_typed(opened(session))
    assert session.modified is False
