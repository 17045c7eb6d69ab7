"""A browser on the component page: our pages alone, served without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Page
from pytest_playwright import CreateContextCallback

from tests.conftest import Listen

OpenComponents = Callable[..., Page]


class Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with (
        override_settings(ROOT_URLCONF="tests.ui.urls"),
        make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent) as server,
    ):
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def open_components(new_context: CreateContextCallback, no_complaint: Listen, address: str) -> OpenComponents:
    def open_components(**options: Any) -> Page:  # noqa: ANN401 -- what Playwright's new_context takes
        page = new_context(**{"viewport": {"width": 1280, "height": 720}, "base_url": address, **options}).new_page()
        no_complaint(page)
        page.goto("/composants/")
        return page

    return open_components


@pytest.fixture
def page(open_components: OpenComponents) -> Page:
    return open_components()
