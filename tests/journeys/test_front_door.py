"""Whoever opens the address that `retkoop demo` prints finds the way in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.chromium import LAPTOP, PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.server import Server


@pytest.mark.parametrize("screen", [LAPTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_address_leads_to_the_log_in(
    shared_server: Server, open_page: OpenPage, assert_accessible: Callable[[Page], None], screen: ViewportSize, scheme: str
) -> None:
    page = open_page(shared_server, viewport=screen, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/")
    expect(page).to_have_title("Se connecter · Retkoop")
    assert_accessible(page)
