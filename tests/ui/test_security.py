from __future__ import annotations

import pytest
from django.test import Client

from retkoop.ui.security import HEADERS

pytestmark = pytest.mark.urls("tests.ui.urls")


@pytest.mark.parametrize("path", ["/composants/", "/nowhere/"])
def test_each_page_is_private_and_says_so(path: str) -> None:
    response = Client().get(path)
    expected = {
        **HEADERS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert {name: response[name] for name in expected} == expected


def test_no_page_may_run_or_wear_what_stands_in_it() -> None:
    policy = dict(rule.split(" ", 1) for rule in Client().get("/composants/")["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")


def test_pages_travel_compressed() -> None:
    response = Client().get("/composants/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
