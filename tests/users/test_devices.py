from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from retkoop.users.devices import COOKIE, device_of, remember


def after(cookie: str | None, identifier: str) -> str:
    """Return the cookie of a browser once an account has logged in from it."""
    request, response = RequestFactory().get("/"), HttpResponse()
    if cookie:
        request.COOKIES[COOKIE] = cookie
    remember(request, response, identifier)
    return response.cookies[COOKIE].value


def known(cookie: str, identifier: str) -> str | None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    return device_of(request, identifier)


def test_a_browser_keeps_its_name_and_gains_accounts() -> None:
    first = after(None, "alice")
    both = after(first, "bob")
    assert known(both, "alice") == known(both, "bob") == known(first, "alice")
    assert known(both, "alice") is not None
    assert known(first, "bob") is None


def test_two_browsers_have_two_names() -> None:
    assert known(after(None, "alice"), "alice") != known(after(None, "alice"), "alice")


def test_the_accounts_of_longest_ago_give_way() -> None:
    cookie = None
    for number in range(9):
        cookie = after(cookie, f"account {number}")
    assert cookie is not None
    assert [known(cookie, f"account {number}") is not None for number in range(9)] == [False, *[True] * 8]
