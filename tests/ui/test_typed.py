from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory
from markupsafe import escape

from retkoop.ui.typed import LARGEST, TYPED_BY, forget_others, forget_typed, form_inputs, keep_typed, made_for, typed_values

PATH = "/coop/0910000A/2025-2026/cahier/"


def sent(
    values: dict[str, object] | None = None, *, path: str = PATH, session: SessionStore | None = None, by: str = "1", user: str = ""
) -> HttpRequest:
    """Return a form that was made for account `by`, sent by `user` (nobody is logged in: "")."""
    made = {TYPED_BY: made_for(by)} if by else {}
    request = RequestFactory().post(path, {**(values or {"libelle": "Musée", "compte": ["618", "607"]}), **made})
    return _with(request, session if session is not None else SessionStore(), user)


def opened(session: SessionStore, path: str = PATH, user: str = "1") -> HttpRequest:
    return _with(RequestFactory().get(path), session, user)


def _with(request: HttpRequest, session: SessionStore, user: str) -> HttpRequest:
    request.session = session
    request.user = get_user_model()(pk=int(user)) if user else AnonymousUser()
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


def test_nothing_is_kept_of_a_stranger() -> None:
    assert keep_typed(sent(by="")) is False


@pytest.mark.parametrize("forge", [lambda _: "1", lambda _: "1:abc:def", lambda word: f"2{word[1:]}"])
def test_nothing_is_kept_of_a_forged_word(forge: Callable[[str], str]) -> None:
    word = forge(made_for("1"))
    assert keep_typed(sent({"libelle": "Musée", TYPED_BY: word}, by="")) is False


def test_nothing_is_kept_of_a_form_made_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with monkeypatch.context() as long_ago:
        long_ago.setattr(time, "time", lambda: now - 3 * 86_400 - 60)
        request = sent()
    assert keep_typed(request) is False


def test_a_form_made_for_another_account_is_not_kept() -> None:
    assert keep_typed(sent(by="1", user="2")) is False
    assert keep_typed(sent(by="1", user="1")) is True


@pytest.mark.parametrize("user", ["2", ""])
def test_another_account_never_sees_them(user: str) -> None:
    session = SessionStore()
    keep_typed(sent(session=session))
    assert typed_values(opened(session, user=user)) is None


def test_they_are_dropped_when_another_account_logs_in() -> None:
    session = SessionStore()
    keep_typed(sent(session=session, by="1"))
    keep_typed(sent(session=session, by="2", path="/2/"))
    request = opened(session, user="2")
    forget_others(request, request.user)
    assert typed_values(opened(session, user="1")) is None
    assert typed_values(opened(session, "/2/", user="2")) is not None


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


def test_all_the_forms_of_a_page_hold_the_same_inputs_another_page_holds_others() -> None:
    """The token is masked anew each time that it is made."""
    first, second = (form_inputs(opened(SessionStore()))["csrf_input"] for _ in range(2))
    one, again, other = (str(escape(shown)) for shown in (first, first, second))
    assert (one == again, one == other, one.count("<input ")) == (True, False, 2)
