"""Typing a line in a real browser: what cannot be saved as it is typed, and what is left to type."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import a_book, at, client_of, keeper
from tests.conftest import Listen

pytestmark = pytest.mark.journey


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def page(alice: Access, book: Book, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Page:
    """The cahier, a line under way, the cursor in its account."""
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    page.goto(at(book, "cahier"))
    page.get_by_label("Date").fill("14/11")
    page.get_by_label("Libellé").fill("Entrées au musée")
    page.get_by_label("Montant").fill("230")
    page.get_by_label("Montant").press("Tab")
    return page


def test_an_account_that_is_none_is_refused_and_stays(page: Page, book: Book) -> None:
    account = page.locator("#id_parts-0-account")
    expect(page.locator("#id_parts-0-account_said")).to_have_text("Choisissez un compte.")
    account.fill("xyzzy")
    account.press("Enter")
    expect(page.locator("#id_parts-0-account_said")).to_have_text("« xyzzy » n’est pas dans la liste.")
    with page.expect_response(lambda response: response.request.method == "POST" and response.status == 422):
        account.press("Enter")
    expect(page.locator("#id_parts-0-account_error")).to_contain_text("« xyzzy » n’est pas dans la liste.")
    expect(account).to_have_value("xyzzy")
    account.fill("618")
    account.press("Enter")
    account.press("Enter")
    expect(page.locator("#lignes tr")).to_have_count(1)
    assert book.operations.get().accounts == "61800008"


def test_a_line_without_an_account_is_saved_with_a_warning(page: Page) -> None:
    page.locator("#id_parts-0-account").press("Enter")
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("Il reste à choisir un compte.")
    expect(toast).to_have_class("toast toast--warn")


def test_what_is_left_of_a_split_is_shown_where_it_is_to_be_typed(page: Page) -> None:
    page.locator("#id_parts-0-account").fill("628")
    page.locator("#id_parts-0-account").press("Enter")
    page.get_by_role("button", name="Répartir sur un autre compte").click()
    page.locator("#id_parts-0-amount").fill("200")
    page.locator("#id_parts-0-amount").press("Tab")
    second = page.locator("#id_parts-1-amount")
    expect(second).to_have_attribute("placeholder", "30,00")
    second.fill("25")
    second.press("Tab")
    expect(second).to_have_attribute("placeholder", "")


def test_words_still_being_typed_are_not_looked_at(page: Page) -> None:
    page.locator("#id_parts-0-account").press_sequentially("jard", delay=50)
    expect(page.locator("#reste")).to_contain_text("230,00")
    expect(page.locator("#id_parts-0-account_said")).to_have_text("Choisissez un compte.")
