"""The notices on a laptop and on a telephone: nothing for axe to find, nothing sticks out, each picture is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from tests.books.coops import client_of, keeper
from tests.conftest import Listen
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

NAMES = ("notices", "notice_of_a_cahier", "notice_of_a_spreadsheet")
DRAWN = "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode(); })).then(() => true)"


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_and_each_picture_is_drawn(
    live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, transactional_db: None, screen: dict[str, Any]
) -> None:
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **screen)
    session = client_of(keeper()).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    found = {}
    for name in NAMES:
        told, sticks_out = flaws(page, reverse(name))
        found[name] = (told, sticks_out, page.evaluate(DRAWN))
    assert found == dict.fromkeys(NAMES, ("", False, True))
