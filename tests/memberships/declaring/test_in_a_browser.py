"""A teacher declares the adhésion of their coop with the keyboard alone; nothing for axe to find, nothing sticks out."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.memberships.models import Declaration, Payment, PaymentState
from retkoop.memberships.pricing.services import install_engagement
from retkoop.network.access import Access
from retkoop.network.services import change_setting, give_mandate
from tests.books.coops import YEAR, a_book, at, client_of, keeper
from tests.conftest import Listen
from tests.memberships.at_hand import HOLDER, declared_membership, drafted
from tests.memberships.debits.at_hand import CREDITOR
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws, flaws_here

CLEAN = ("", False)


@pytest.fixture
def alice(transactional_db: None) -> Access:
    install_engagement()
    alice = keeper()
    give_mandate(author=SYSTEM, coop=alice.coop, holder=HOLDER, start=date(2020, 9, 1))
    change_setting(author=SYSTEM, association=alice.coop.association, from_year=YEAR.start, name="creditor", value=CREDITOR)
    return alice


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Page:
    context = new_context(
        base_url=live_server.url, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"], **request.param
    )
    session = client_of(alice).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def test_effectifs_are_typed_with_the_keyboard_and_the_amount_follows(page: Page, book: Book) -> None:
    assert flaws(page, at(book, "membership")) == CLEAN
    page.goto(at(book, "membership_form"))
    page.get_by_label("Niveau").first.focus()
    page.keyboard.type("CM1")
    for text in ("Mme Perrin", "-3", "1"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    wrong = page.get_by_label("Élèves").first
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Indiquez un nombre, sans signe moins.").first).to_be_visible()
    assert flaws_here(page) == CLEAN
    wrong.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("24")
    expect(page.locator("#montant")).to_contain_text("57,50")
    assert Declaration.objects.count() == 0
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vos effectifs sont enregistrés.")).to_be_visible()
    assert (Declaration.objects.get().pupils, Declaration.objects.get().adults) == (24, 1)


def test_the_engagement_is_accepted_once_its_end_was_in_sight(page: Page, alice: Access, book: Book) -> None:
    drafted(alice)
    page.goto(at(book, "membership_engagement"))
    accept = page.get_by_role("button", name="J’ai lu ce texte et je l’accepte")
    expect(accept).to_be_disabled()
    expect(page.get_by_text("vous pourrez alors l’accepter.")).to_be_visible()
    assert flaws_here(page) == CLEAN
    page.locator("[data-text]").focus()
    page.keyboard.press("End")
    expect(accept).to_be_enabled()
    expect(page.get_by_text("vous pourrez alors l’accepter.")).to_be_hidden()
    page.get_by_label("Votre nom et votre prénom").fill("Zoé")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Écrivez votre nom comme il est sur votre mandat").first).to_be_visible()
    expect(accept).to_be_enabled()
    page.get_by_label("Votre nom et votre prénom").fill(HOLDER)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci\u202f: votre acceptation est enregistrée")).to_be_visible()
    page.get_by_role("button", name="Déclarer l’adhésion").click()
    expect(page.get_by_text("L’adhésion est déclarée, merci\u202f!")).to_be_visible()
    assert flaws_here(page) == CLEAN


def test_a_transfer_is_copied_announced_and_taken_back(page: Page, alice: Access, book: Book) -> None:
    membership = declared_membership(alice)
    page.goto(at(book, "membership"))
    page.get_by_role("button", name="Copier le motif").click()
    expect(page.get_by_text("Copié\u202f: le motif.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == membership.reference
    page.get_by_role("button", name="Mon virement est demandé").click()
    expect(page.get_by_text("l’association départementale attend ce virement.")).to_be_visible()
    assert flaws_here(page) == CLEAN
    page.get_by_role("button", name="Je me suis trompé").click()
    expect(page.get_by_text("n’attend plus ce paiement.")).to_be_visible()
    assert [one.state for one in Payment.objects.all()] == [PaymentState.CANCELLED]
