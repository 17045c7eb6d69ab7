"""An animateur reminds the coops: the preview follows what is typed, the page follows what is sent. Nothing for axe to find."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.mailing.demonstration import BACKEND
from retkoop.upkeep.worker import do_one_task
from tests.cast import logged_in
from tests.conftest import Listen
from tests.oversight.reminders.at_hand import coops, planned, staff
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

HOME = "/ad/91/relances/"


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    settings: Settings,
    transactional_db: None,
) -> Page:
    """A browser in which an animateur of the demonstration is logged in."""
    settings.CAN_SEND_MAIL = settings.DEMONSTRATION = True
    settings.EMAIL_BACKEND = BACKEND
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(staff().user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def test_it_is_seen_sent_and_followed(page: Page) -> None:
    coops(3)
    page.goto(f"{HOME}nouvelle/?sujet=activation")
    preview = page.locator("#apercu")
    expect(preview).to_contain_text("3 courriels")
    page.get_by_label("Objet du courriel").fill("{école}, c’est le moment")
    page.get_by_label("Objet du courriel").blur()
    expect(preview).to_contain_text("École 0, c’est le moment")
    page.get_by_label("Objet du courriel").fill("{école}, c’est l’heure")
    page.get_by_label("Objet du courriel").press("Enter")  # shows, and sends nothing
    expect(preview).to_contain_text("École 0, c’est l’heure")
    expect(page.get_by_label("Objet du courriel")).to_be_focused()
    page.get_by_label("Objet du courriel").fill("{école}, c’est le moment")
    page.get_by_label("Objet du courriel").press("Tab")
    expect(preview).to_contain_text("École 0, c’est le moment")
    page.get_by_label("L’adresse officielle de l’école").uncheck()
    expect(preview).to_contain_text("0 courriel")
    page.get_by_label("L’adresse officielle de l’école").check()
    page.get_by_role("button", name=re.compile("^Envoyer 3")).dblclick()
    expect(page.get_by_role("button", name="Arrêter l’envoi")).to_be_visible()
    while do_one_task():
        pass
    expect(page.get_by_role("button", name="Arrêter l’envoi")).to_be_hidden()  # the page looks by itself
    expect(page.locator(".badge", has_text="envoyé")).to_have_count(3)
    page.goto("/demo/courriels/")
    expect(page.get_by_role("main")).to_contain_text("École 2, c’est le moment")


def test_a_wrong_day_is_told_while_writing(page: Page) -> None:
    coops(3)
    page.goto(f"{HOME}nouvelle/?sujet=activation")
    day = page.get_by_label("Date limite")
    day.fill("31/02/2027")
    with page.expect_response(lambda answer: answer.status == 422):
        day.press("Tab")
    expect(page.locator("#apercu [role=alert]")).to_contain_text("Date limite")
    expect(page.locator("#id_planned_on")).to_be_focused()
    day.fill("")
    day.press("Tab")
    expect(page.locator("#apercu [role=alert]")).to_have_count(0)


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page) -> None:
    coops(3)
    planned(staff())
    addresses = [f"{HOME}{path}" for path in ("", "nouvelle/?sujet=activation", "calendrier/")]
    found = {address: flaws(page, address) for address in addresses}
    page.goto(f"{HOME}nouvelle/?sujet=activation")
    page.get_by_role("button", name=re.compile("^Envoyer 3")).click()
    page.wait_for_url(re.compile(r"/relances/\d+/$"))
    while do_one_task():
        pass
    found |= {address: flaws(page, address) for address in (page.url, "/demo/courriels/", "/ad/91/coops/0910000A/")}
    assert found == dict.fromkeys(found, ("", False))
