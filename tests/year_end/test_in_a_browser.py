"""The pages of the year's end in a real browser, on a laptop and on a phone: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, count, musee, now, open_year, opening, receipt, statement
from tests.books.coops import at, client_of, keeper, note
from tests.conftest import Listen
from tests.year_end.papers import words

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
PAGES = ("balance_sheet", "trial_balance", "general_ledger", "journal", "crf")


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def full(alice: Access) -> Book:
    """Last year, then the musée with something wrong and a word that has no end, its statement and its count."""
    last = open_year(alice, LAST_YEAR)
    add(alice, last, [opening(LAST_YEAR, 600_00), receipt("R1", date(2024, 10, 1), 212_40)])
    book = musee(alice)
    note(alice, book, "D9", "2026-03-02", "W" * 200, 0, -250_00, ("61800008", 240_00))
    note(alice, book, "R9", "2026-03-03", "X" * 200, 250_00, 0, ("74100008", 250_00))
    statement(alice, book, 1092_40)
    count(alice, book, date(2026, 8, 31), {20_00: 1})
    return now(book)


@pytest.fixture
def empty(alice: Access) -> Book:
    return open_year(alice, YEAR.next)


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
    return flaws_here(page)


def flaws_here(page: Page) -> tuple[str, bool]:
    """Return the same of the page that is open, such as one that a form has led to."""
    found = Axe().run(page)
    sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found.generate_report() if found.violations_count else "", sticks_out


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, full: Book, empty: Book) -> None:
    addresses = [at(book, name) for book in (full, empty) for name in PAGES]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_from_the_bilan_to_an_account_and_back(page: Page, full: Book) -> None:
    page.goto(at(full, "balance_sheet"))
    page.get_by_role("link", name="756 Participations volontaires des familles").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("756 Participations volontaires des familles")
    page.get_by_label("Compte", exact=True).select_option(label="530 · Caisse")
    page.get_by_role("button", name="Voir", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_have_text("530 Caisse")
    page.get_by_role("navigation", name="États comptables").get_by_role("link", name="Bilan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bilan")


def test_the_crf_is_downloaded_and_read(page: Page, full: Book) -> None:
    page.goto(at(full, "crf"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert waiting.value.suggested_filename == "CRF-0910000A-2025-2026.pdf"
    assert "Bilan : écart de 10,00 €" in words(waiting.value.path().read_bytes())
