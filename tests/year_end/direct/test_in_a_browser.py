"""The steps of a compte rendu without cahier, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, at, client_of, keeper
from tests.clock import Clock
from tests.conftest import Listen
from tests.year_end.direct.at_hand import direct, opened, whole
from tests.year_end.direct.test_sheet import empty, filled, workbook

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
PAGES = ("direct", "direct_opening", "direct_subsidies", "direct_totals", "direct_bank", "direct_cash", "direct_sheet", "home")


@pytest.fixture
def alice(transactional_db: None, clock: Clock) -> Access:
    return keeper()


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Page:
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def flaws(page: Page, address: str) -> tuple[str, bool]:
    """Return what axe finds at an address, and whether the page is wider than its window."""
    page.goto(address)
    return _flaws(page)


def _flaws(page: Page) -> tuple[str, bool]:
    found = Axe().run(page)
    sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found.generate_report() if found.violations_count else "", sticks_out


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, alice: Access) -> None:
    book = a_book(alice)
    addresses = [at(book, name) for name in PAGES]
    assert flaws(page, at(book, "direct")) == ("", False)
    whole(alice, book)
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_the_sums_follow_what_is_typed(page: Page, alice: Access) -> None:
    book: Book = direct(alice, a_book(alice))
    opened(alice, book)
    page.goto(at(book, "direct_totals"))
    page.get_by_label("618 · Charges des activités éducatives").fill("250")
    page.get_by_label("756 · Participations volontaires des familles").fill("199,70")
    page.get_by_label("En banque").fill("740")
    page.get_by_label("En caisse").fill("9,70")
    expect(page.locator("#sums")).to_contain_text("Bravo, tout est expliqué au centime près.")
    page.get_by_label("En caisse").fill("19,70")
    expect(page.locator("#sums")).to_contain_text("de plus que ce que les comptes expliquent")


def test_a_spreadsheet_is_read_over_before_it_is_noted(page: Page, alice: Access) -> None:
    book = direct(alice, a_book(alice))
    page.goto(at(book, "direct_sheet"))
    for content, title in ((workbook(empty()), "Rien n’a été noté"), (workbook(filled()), "Les totaux par compte")):
        page.get_by_label("Le fichier rempli").set_input_files({"name": "modele.xlsx", "mimeType": "application/zip", "buffer": content})
        page.get_by_role("button", name="Lire le fichier").click()
        expect(page.get_by_text(title).first).to_be_visible()
        assert _flaws(page) == ("", False)
    page.get_by_role("button", name="C’est juste, noter").click()
    expect(page.get_by_text("Le compte rendu est rempli.")).to_be_visible()


def test_one_goes_back_to_the_cahier_by_a_card(page: Page, alice: Access) -> None:
    book = whole(alice, a_book(alice))
    page.goto(at(book, "direct"))
    page.get_by_role("button", name="Revenir au cahier").click()
    page.get_by_role("dialog").get_by_role("button", name="Revenir au cahier").click()
    expect(page.get_by_text("cette année se tient de nouveau dans le cahier")).to_be_visible()
