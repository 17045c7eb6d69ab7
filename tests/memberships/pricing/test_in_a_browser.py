"""The line of tabs of an AD's adhésions on a phone: the current one is in sight, although it is the last."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from tests.cast import logged_in
from tests.conftest import Listen
from tests.memberships.receipts.at_hand import comptable
from tests.year_end.test_in_a_browser import LAPTOP, PHONE


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("place", ["", "prelevements/", "tarifs/"])
def test_the_current_tab_is_in_sight(
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    transactional_db: None,
    screen: dict[str, Any],
    place: str,
) -> None:
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **screen)
    session = logged_in(comptable().user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page: Page = context.new_page()
    no_complaint(page)
    page.goto(f"/ad/91/adhesions/{place}")
    box = page.locator(".tabs [aria-current]").bounding_box()
    line = page.locator(".tabs").bounding_box()
    assert box is not None
    assert line is not None
    assert line["x"] <= box["x"]
    assert box["x"] + box["width"] <= line["x"] + line["width"] + 1
