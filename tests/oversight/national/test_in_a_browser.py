"""The federation in a real browser, laptop and phone: nothing for axe to find, nothing sticks out; it asks for figures and speaks."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.network.models import RoleKind
from retkoop.oversight.national.summing import sum_up
from retkoop.upkeep.worker import do_one_task
from tests.cast import logged_in, make_staff
from tests.conftest import Listen
from tests.oversight.national.at_hand import START, announced, booked, summed_up
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

PAGES = ("", "totaux/?annee=2025-2026", "totaux/61800008/?annee=2025-2026", "versions/", "annonces/", "donnees-ouvertes/")


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    transactional_db: None,
) -> Page:
    """A browser in which somebody of the federation is logged in."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(make_staff("fanny", RoleKind.FEDERATION, None)).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page) -> None:
    booked("91", {"61800008": [1_234_567_89] * 6, "70700008": [-98_765_43] * 6, "512": [55_00]})
    sum_up(whole=True)
    summed_up("33", START - 1, coops=6)
    announced("Une annonce dont le titre est un peu long, pour voir si elle tient")
    addresses = [*(f"/federation/{address}" for address in PAGES), "/donnees-ouvertes/"]
    found = {address: (flaws(page, address), page.get_by_role("heading", level=1).count()) for address in addresses}
    assert found == dict.fromkeys(found, (("", False), 1))


@pytest.mark.parametrize("address", ["totaux/?annee=2025-2026", "totaux/61800008/?annee=2025-2026", "versions/", "donnees-ouvertes/"])
def test_no_table_scrolls_sideways(page: Page, address: str) -> None:
    booked("91", {"61800008": [1_234_567_89] * 6, "70700008": [-98_765_43] * 6, "512": [55_00]})
    sum_up(whole=True)
    page.goto(f"/federation/{address}")
    frames = page.locator(".table-frame")
    assert frames.evaluate_all("frames => frames.map(one => one.scrollWidth - one.clientWidth)") == [0] * frames.count()


def test_figures_are_asked_for_and_come(page: Page) -> None:
    booked("91", {"61800008": [12_00]})
    page.goto("/federation/totaux/?annee=2025-2026")
    page.get_by_role("button", name="Recalculer maintenant").click()
    expect(page.get_by_text("Le calcul est demandé")).to_be_visible()
    assert do_one_task()
    page.get_by_role("link", name="Recharger la page").click()
    expect(page.get_by_role("row", name="Total des charges")).to_contain_text("12,00")


def test_an_announcement_is_written_with_the_keyboard(page: Page) -> None:
    page.goto("/federation/annonces/")
    page.get_by_label("Titre").fill("Envoi des comptes")
    page.keyboard.press("Tab")
    page.keyboard.type("Avant le 30 septembre.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Au", exact=True).fill("31/12/2026")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Envoi des comptes")).to_contain_text("Les coopératives")
