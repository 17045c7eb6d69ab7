"""The AD points at the cells of its workbook, on a laptop and on a telephone, by keyboard; a coop sends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.network.access import Access, AssociationAccess
from retkoop.year_end.direct.models import WorkbookVersion
from tests.books.coops import a_book, at, keeper
from tests.cast import logged_in
from tests.clock import Clock
from tests.conftest import Listen
from tests.year_end.direct.at_hand import direct
from tests.year_end.direct.test_sheet import workbook
from tests.year_end.direct.workbooks_at_hand import MAP, accountant, drafted, own_grid, published
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

Open = Callable[[Access | AssociationAccess], Page]


@pytest.fixture
def alice(transactional_db: None, clock: Clock) -> Access:
    return keeper()


@pytest.fixture
def carole(alice: Access) -> AssociationAccess:
    return accountant()


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def opened(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Open:
    def open_for(access: Access | AssociationAccess) -> Page:
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
        session = logged_in(access.user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        return page

    return open_for


def to(query: str = "") -> str:
    return reverse("workbook", kwargs={"department": "91"}) + query


def test_axe_finds_nothing_and_nothing_sticks_out(opened: Open, alice: Access, carole: AssociationAccess) -> None:
    page = opened(carole)
    assert flaws(page, to()) == ("", False)
    drafted(carole, {**MAP, "opening_bank": ["CRF!A1"], "closing_bank": ["Absente!A1"]})
    addresses = [to(), to("?montant=61800008&feuille=CRF"), to("?montant=grant_body&feuille=Aides")]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))
    published(carole)
    assert flaws(page, to()) == ("", False)
    book = direct(alice, a_book(alice))
    page = opened(alice)
    assert flaws(page, at(book, "direct_sheet")) == ("", False)


def test_by_keyboard_the_cells_are_pointed_at(opened: Open, carole: AssociationAccess) -> None:
    page = opened(carole)
    drafted(carole, {})
    page.goto(to("?montant=61800008"))
    page.get_by_role("button", name="A1, OCCE 91, compte rendu").focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="B7, 200", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="B8, 50", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".figure--here .figure-reads")).to_have_text("250,00\u00a0€")
    assert WorkbookVersion.objects.get().content == {"61800008": ["CRF!B7", "CRF!B8"]}


def test_a_coop_sends_the_workbook_of_its_association(opened: Open, alice: Access, carole: AssociationAccess) -> None:
    published(carole)
    book = direct(alice, a_book(alice))
    page = opened(alice)
    page.goto(at(book, "direct_sheet"))
    page.get_by_label("Le classeur rempli (XLSX ou ODS)").set_input_files(
        {"name": "classeur.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(own_grid())}
    )
    page.get_by_role("button", name="Lire le classeur").click()
    expect(page.get_by_text("Bravo, tout est expliqué au centime près.")).to_be_visible()
    page.get_by_role("button", name="C’est juste, noter").click()
    expect(page.get_by_text("Le compte rendu est rempli.")).to_be_visible()
