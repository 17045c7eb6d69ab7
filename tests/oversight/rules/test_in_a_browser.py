"""An administrateur sees the effect of a figure, keeps it, and follows the books that follow. Nothing for axe to find."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import RoleKind
from retkoop.upkeep.worker import do_one_task
from retkoop.users.models import User
from tests.books.coops import a_book, keeper, note
from tests.cast import logged_in, make_staff
from tests.conftest import Listen
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

SETTINGS = "/ad/91/reglages/"
PAGES = (
    "",
    "alertes/",
    "achats/",
    "premiere-connexion/",
    "signature/",
    "plan/",
    "plan/ajouter/",
    "plan/compte/61800008/",
    "?annee=2024-2025",
)


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_staff("adele", RoleKind.ADMINISTRATEUR)


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, user: User
) -> Page:
    """A browser in which the administrateur of an AD is logged in."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def test_the_effect_is_seen_kept_and_followed(page: Page) -> None:
    access = keeper()
    note(access, a_book(access, SchoolYear(2026)), "R1", "2026-11-10", "Loto", 0, 100_00)
    page.goto(f"{SETTINGS}alertes/")
    page.get_by_label("Espèces en caisse").fill("60")
    page.get_by_label("Espèces en caisse").press("Enter")  # shows the effect, and keeps nothing
    expect(page.locator("#effet")).to_contain_text("1 coopérative aurait une remarque de plus")
    expect(page.locator("#effet")).to_contain_text("École Jean-Jaurès")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.locator("#suivi")).to_contain_text("Les cahiers vont être revus")
    assert do_one_task()
    expect(page.locator("#suivi")).to_be_hidden()
    expect(page.get_by_text("60,00 €")).to_be_visible()


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page) -> None:
    addresses = [f"{SETTINGS}{name}" for name in PAGES]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))
