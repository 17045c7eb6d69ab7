"""The AD's pages on people and coops in a real browser: schools ticked by the keyboard, nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.domain.rne import control_letter
from retkoop.network.directory import import_schools
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import create_coop, invite_keeper
from retkoop.users.models import User
from tests.cast import a_day, logged_in, make_staff
from tests.conftest import Listen

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
PAGES = ("annuaire/", "coops/nouvelle/?q=ecole", "coops/0910620E/", "equipe/", "activations/")


def _school(number: int) -> str:
    digits = f"091{number:04d}"
    return f"{digits}{control_letter(digits)};École {'W' * 60 if number == 1 else number};Massy;Massy"


@pytest.fixture
def adele(transactional_db: None) -> User:
    """The administrateur of an AD with a directory, two coops of which it says otherwise, one of them with somebody in it."""
    rows = ["uai;nom;commune;circonscription", *map(_school, range(1, 9)), "0910620E;École des Tilleuls;Massy;Massy"]
    for rne, name in (("0910620E", "Tilleuls"), ("0910000A", "X" * 90)):
        coop = create_coop(author=SYSTEM, rne=rne, name=name, commune="Évry")
    invite_keeper(author=SYSTEM, coop=Coop.objects.get(rne="0910620E"), email="n@e.fr", name="Nadia Benali", start=a_day("2026-09-01"))
    import_schools(
        author=SYSTEM, file=io.BytesIO("\n".join([*rows, "12;x;;"]).encode()), file_name="annuaire.csv", association=coop.association
    )
    make_staff("bob", RoleKind.ANIMATEUR)
    return make_staff("adele", RoleKind.ADMINISTRATEUR)


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, adele: User
) -> Page:
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(adele).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def flaws(page: Page, address: str) -> tuple[str, bool]:
    """Return what axe finds at an address, and whether the page is wider than its window."""
    page.goto(address)
    found = Axe().run(page)
    sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found.generate_report() if found.violations_count else "", sticks_out


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page) -> None:
    addresses = [f"/ad/91/{name}" for name in PAGES]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_schools_are_ticked_by_the_keyboard_from_one_search_to_the_next(page: Page) -> None:
    page.goto("/ad/91/coops/nouvelle/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("ecole 4")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#q").fill("massy 6")
    expect(boxes).to_have_count(2)
    boxes.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Ouvrir toutes celles cochées").press("Enter")
    expect(page.get_by_text("2 coopératives sont ouvertes et attendent d’être activées.")).to_be_visible()
    assert Coop.objects.filter(name__in=["École 4", "École 6"]).count() == 2


def test_a_refused_form_is_where_the_cursor_is(page: Page) -> None:
    """Three forms stand on the file of a coop, the refused one far below on a phone."""
    page.goto("/ad/91/coops/0910620E/")
    page.locator("form[action$='/mandats/'] [name=holder]").fill("Alice Martin")
    page.get_by_role("button", name="Donner le mandat").click()
    expect(page.locator("form[action$='/mandats/'] [name=start]")).to_be_focused()
    expect(page.locator("form[action$='/mandats/'] [name=start]")).to_be_in_viewport()
