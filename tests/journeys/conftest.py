"""A real browser on a real server. Each journey has its own copy of the demonstration; pages that are only looked at share one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response
from pytest_playwright import CreateContextCallback

from tests.chromium import LAPTOP
from tests.conftest import Listen
from tests.journeys.people import activate, import_this_year
from tests.journeys.server import Server, run_retkoop, serving
from tests.made import made_once
from tests.worked_examples import WorkedExample

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def demonstration() -> Path:
    """A folder with the demonstration data, made once from nothing; never served itself."""
    return made_once("demonstration", lambda home: run_retkoop(home, "demo", "--no-serve"))


@pytest.fixture
def server(demonstration: Path, tmp_path: Path) -> Iterator[Server]:
    """The demonstration, fresh, for one journey that writes."""
    with serving(Path(shutil.copytree(demonstration, tmp_path / "home"))) as running:
        yield running


@pytest.fixture(scope="session")
def shared_server(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, for tests that only look."""
    with serving(Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("shared") / "home"))) as running:
        yield running


@pytest.fixture(scope="session")
def kept_home(demonstration: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """The demonstration where 0910000A has begun: a worked example in its cahier, its account activated, a session open.

    Made once, never served again itself: `session.json` opens any copy, whatever its port.
    """
    home = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("kept") / "home"))
    import_this_year(home, WorkedExample("musee"))
    with serving(home) as running, browser.new_context(base_url=running.url, locale="fr-FR") as context:
        activate(context.new_page())
        context.storage_state(path=home / "session.json")
    return home


@pytest.fixture
def kept(kept_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A copy of `kept_home` for one journey that writes."""
    with serving(Path(shutil.copytree(kept_home, tmp_path / "home"))) as running:
        yield running


@pytest.fixture
def open_page(new_context: CreateContextCallback, no_complaint: Listen) -> Iterator[OpenPage]:
    """Open a page in a browser of its own: `open_page(server, viewport=PHONE, color_scheme="dark")`. An answer 5xx fails the test.

    `open_page(kept, storage_state=session_of(kept))` is already logged in as 0910000A.
    """
    broken: list[str] = []

    def hear(answer: Response) -> None:
        if answer.status >= 500:
            broken.append(f"{answer.status} {answer.url}")

    def open_page(server: Server, **options: Any) -> Page:  # noqa: ANN401 -- what Playwright's new_context takes
        page = new_context(**{"base_url": server.url, "viewport": LAPTOP, **options}).new_page()
        page.on("response", hear)
        no_complaint(page)
        return page

    yield open_page
    assert broken == []


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> Page:
    return open_page(server)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Run axe on a page as it stands: no violation of any kind."""
    axe = Axe()

    def look(page: Page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return look
