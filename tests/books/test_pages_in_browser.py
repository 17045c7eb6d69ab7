"""The pages of a year in a real browser, as laptops and phones show them: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import FORMER, YEAR, a_book, at, client_of, comptable, keeper, note, open_with
from tests.conftest import Listen

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}

Open = Callable[..., Page]


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """A book with a bit of everything: an opening that is not last year's, something wrong, recettes and dépenses."""
    open_with(alice, a_book(alice, FORMER), 1000_00, 20_00)
    book = a_book(alice)
    open_with(alice, book, 900_00, 20_00)
    note(alice, book, "R1", "2025-09-14", "Participations de rentrée", 300_00, 0, ("75600008", 300_00))
    note(alice, book, "D1", "2025-10-02", "Divers", -184_50, 0, ("61800008", 180_00))
    note(alice, book, "D2", "2025-10-03", "Entrées au musée", 0, -40_00)
    return book


@pytest.fixture
def open_at(live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Open:
    def open_at(session: str, address: str, device: dict[str, Any]) -> Page:
        context = new_context(**{"base_url": live_server.url, "reduced_motion": "reduce", **device})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        page.goto(address)
        return page

    return open_at


def flaws(page: Page) -> tuple[str, bool]:
    """Return what axe finds, and whether the page is wider than its window."""
    found = Axe().run(page)
    sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found.generate_report() if found.violations_count else "", sticks_out


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_of_a_keeper(alice: Access, book: Book, open_at: Open, device: dict[str, Any]) -> None:
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    empty = a_book(alice, YEAR.next)
    addresses = [at(book, name) for name in ("home", "opening", "findings", "history")] + [at(empty, "home"), at(empty, "opening")]
    assert {address: flaws(open_at(session, address, device)) for address in addresses} == dict.fromkeys(addresses, ("", False))


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_of_a_reader(book: Book, open_at: Open, device: dict[str, Any]) -> None:
    session = comptable().cookies[settings.SESSION_COOKIE_NAME].value
    addresses = [at(book, name) for name in ("home", "opening")]
    assert {address: flaws(open_at(session, address, device)) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_the_first_steps_by_the_keyboard_alone(alice: Access, open_at: Open) -> None:
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    book = a_book(alice)
    page = open_at(session, at(book, "home"), LAPTOP)
    page.get_by_role("link", name="Noter le report").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at(book, 'opening')}")
    page.keyboard.type("1 200,00")
    page.keyboard.press("Tab")
    page.keyboard.type("34,56")
    page.keyboard.press("Enter")
    page.get_by_text("Le report à nouveau est noté").wait_for()
    page.goto(at(book, "home"))
    step = page.get_by_role("listitem").filter(has_text="Notez le report")
    assert step.get_by_role("paragraph").inner_text().replace("\u202f", " ") == "C’est fait : l’année commence avec 1 234,56 €."
