"""Log-in and accounts as a browser has them: what scripts add, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.network.models import RoleKind
from retkoop.network.services import give_mandate
from tests.cast import PASSWORD, a_day, make_coop, make_staff
from tests.conftest import Listen

OpenPage = Callable[..., Page]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DARK: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}, "color_scheme": "dark"}


@pytest.fixture
def open_page(live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> OpenPage:
    def open_page(path: str, **options: Any) -> Page:  # noqa: ANN401 -- what Playwright's new_context takes
        page = new_context(**{"base_url": live_server.url, **options}).new_page()
        no_complaint(page)
        page.goto(path)
        return page

    return open_page


def log_in(page: Page, identifier: str, password: str) -> None:
    page.get_by_label("Identifiant").fill(identifier)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.keyboard.press("Enter")


def faults(page: Page) -> list[str]:
    return [f"{page.url} {fault['id']}" for fault in Axe().run(page).response["violations"]]


def test_enter_right_after_the_last_key_asks_nothing_more(open_page: OpenPage) -> None:
    make_coop()
    page = open_page("/connexion/")
    log_in(page, "0910000A", "coop0000A")
    expect(page).to_have_title("Choisissez votre mot de passe · Retkoop")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bienvenue")
    assert [url for url in asked if "mot-de-passe" in url] == []


def test_a_coop_is_activated_with_the_keyboard_alone(open_page: OpenPage) -> None:
    make_coop()
    page = open_page("/connexion/")
    page.keyboard.type("0910000A")
    page.keyboard.press("Tab")
    page.keyboard.type("coop0000A")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Choisissez votre mot de passe · Retkoop")
    said = page.locator("#id_password_said")
    page.keyboard.type("jeanjaures")
    expect(said).to_contain_text("Choisissez au moins 12 caractères")
    page.keyboard.press("Control+A")
    page.keyboard.type(PASSWORD)
    expect(said).to_have_text("Bravo, ce mot de passe convient.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/coop/0910000A/**")


def test_a_password_is_shown_on_demand_and_hidden_when_it_is_sent(open_page: OpenPage, db: None) -> None:
    page = open_page("/connexion/")
    field = page.locator("#id_password")
    field.fill("girafe")
    page.get_by_role("button", name="Voir le mot de passe").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_be_focused()
    page.get_by_role("button", name="Cacher le mot de passe").click()
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Voir le mot de passe").click()
    page.evaluate("document.querySelector('form').addEventListener('submit', event => event.preventDefault())")
    page.get_by_role("button", name="Se connecter").click()
    expect(field).to_have_attribute("type", "password")


def test_after_a_refusal_the_cursor_waits_where_one_types(open_page: OpenPage, db: None) -> None:
    page = open_page("/connexion/")
    log_in(page, "0910000a", "coop0000a")
    expect(page.locator("#id_password")).to_be_focused()
    expect(page.locator("#id_login")).to_have_value("0910000a")


def test_nothing_forbids_to_paste_a_password(open_page: OpenPage) -> None:
    make_coop()
    page = open_page("/connexion/")
    log_in(page, "0910000A", "coop0000A")
    let_through = page.locator("#id_password").evaluate(
        "field => field.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"
    )
    assert let_through is True


@pytest.mark.parametrize("options", [PHONE, DARK], ids=["phone", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, options: dict[str, Any]) -> None:
    coop = make_coop()
    give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=a_day("2025-09-01"))
    make_staff("adele", RoleKind.ADMINISTRATEUR)
    page = open_page("/mot-de-passe-oublie/", **options)
    found = faults(page)
    page.goto("/connexion/")
    found += faults(page)
    log_in(page, "0910000A", "coop0000A")
    page.wait_for_url("**/activation/")
    found += faults(page)
    page.goto("/connexion/")
    log_in(page, "adele", PASSWORD)
    page.wait_for_url("**/ad/91/")
    for path in (
        "/ad/91/",
        "/ad/91/?q=rien",
        "/ad/91/coops/nouvelle/",
        "/ad/91/coops/0910000A/",
        "/ad/91/equipe/",
        "/ad/91/reglages/",
        "/compte/",
        "/compte/mot-de-passe/",
        "/compte/connexions/",
        "/compte/confirmation/",
        "/deconnexion/",
    ):
        page.goto(path)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize("path", ["/ad/91/", "/ad/91/coops/0910000A/", "/ad/91/equipe/", "/compte/", "/compte/mot-de-passe/"])
def test_no_page_is_wider_than_a_phone(open_page: OpenPage, path: str) -> None:
    make_coop()
    make_staff("adele", RoleKind.ADMINISTRATEUR)
    page = open_page("/connexion/", **PHONE)
    log_in(page, "adele", PASSWORD)
    page.wait_for_url("**/ad/91/")
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
