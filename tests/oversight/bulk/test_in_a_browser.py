"""An action on many coops in a real browser, laptop and phone: foreseen, done, told. Nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.network.access import AssociationAccess
from retkoop.upkeep.worker import do_one_task
from tests.cast import logged_in
from tests.conftest import Listen
from tests.oversight.bulk.at_hand import comptable, coops_with_books, sent
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws, flaws_here

BOARD = "/ad/91/?annee=2025-2026"


@pytest.fixture
def nadine(transactional_db: None) -> AssociationAccess:
    return comptable()


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    nadine: AssociationAccess,
) -> Page:
    """A browser in which the comptable of an AD is logged in; four coops, of which two have sent their accounts."""
    sent(coops_with_books(4)[:2])
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(nadine.user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def ask(page: Page, action: str) -> None:
    """Choose with the keyboard all that the board shows, and press an action."""
    page.goto(BOARD)
    boxes = page.get_by_role("checkbox", name=re.compile(r"^\d{7}[A-Z]$"))
    for box in boxes.all():
        box.press("Space")
    page.locator(".bulk").get_by_role("button", name=action).press("Enter")
    page.wait_for_url("**/lot/*/")


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page) -> None:
    found = {"none yet": flaws(page, "/ad/91/lots/")}
    for action in ("Confier à", "Fermer ou rouvrir la saisie", "Valider"):
        ask(page, action)
        found[action] = flaws_here(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.get_by_role("button", name="Valider les comptes de 2 coopératives").press("Enter")
    page.wait_for_url(re.compile(r"/lots/\d+/$"))
    found["under way"] = flaws_here(page)
    while do_one_task():
        pass
    expect(page.get_by_role("progressbar")).to_have_count(0)  # the page looks by itself
    found |= {"done": flaws_here(page), "told": flaws(page, f"{page.url}?voir=refusees"), "runs": flaws(page, "/ad/91/lots/")}
    assert found == dict.fromkeys(found, ("", False))


def test_what_could_not_be_done_is_read_and_tried_again(page: Page) -> None:
    ask(page, "Valider")
    expect(page.get_by_role("region", name="2 ne pourront pas l’être")).to_contain_text("Pas encore transmis")
    page.get_by_role("button", name="Valider les comptes de 2 coopératives").press("Enter")
    page.wait_for_url(re.compile(r"/lots/\d+/$"))
    while do_one_task():
        pass
    page.get_by_role("link", name="Non faites").press("Enter")
    expect(page.get_by_role("row", name="non faite")).to_have_count(2)
    page.get_by_role("button", name="Réessayer pour ces 2").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Valider les comptes")
    expect(page.get_by_role("region", name="2 ne pourront pas l’être")).to_be_visible()


def test_a_wrong_day_is_said_at_its_field(page: Page) -> None:
    ask(page, "Fermer ou rouvrir la saisie")
    page.get_by_label("Jusqu’au").fill("31/02/2027")
    page.get_by_role("button", name=re.compile("^Fermer la saisie de")).press("Enter")
    wrong = page.get_by_label("Jusqu’au")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("Il y a une chose à corriger")
    assert flaws_here(page) == ("", False)
