"""A mandataire signs a mandate, the comptable collects and notes that the bank refused the file. Nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.books.services import open_book
from retkoop.memberships.models import Collection, CollectionState, DebitMandate
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from tests.cast import a_day, account, logged_in, make_coop
from tests.conftest import Listen
from tests.memberships.debits.at_hand import YEAR, can_collect, comptable, declared, iban_of, own_access, signed
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws, flaws_here

CLEAN = ("", False)
MANDATE = "/coop/0910000A/2026-2027/adhesion/prelevement/"
Opened = Callable[[Client], Page]


@pytest.fixture
def coop(transactional_db: None) -> Coop:
    can_collect()
    coop = make_coop()
    open_book(access=own_access(coop), year=YEAR)
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=a_day("2025-09-01"))
    declared(coop)
    return coop


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def opened(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, coop: Coop
) -> Opened:
    """Opens the browser of whoever is logged in."""

    def open_it(client: Client) -> Page:
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        return page

    return open_it


def test_a_mandate_is_signed(opened: Opened, coop: Coop) -> None:
    page = opened(logged_in(account(coop)))
    assert flaws(page, MANDATE) == CLEAN
    page.get_by_label("IBAN de la coopérative").fill("FR76 3000 6000 0112 3456 7890 188")
    page.keyboard.press("Enter")
    expect(page.get_by_label("IBAN de la coopérative")).to_have_attribute("aria-invalid", "true")
    assert flaws_here(page) == CLEAN
    page.get_by_label("IBAN de la coopérative").fill(iban_of(coop.rne))
    page.get_by_label("J’ai lu le mandat").check()
    page.get_by_role("button", name="Signer le mandat").dblclick()
    expect(page.get_by_role("heading", name="Votre mandat")).to_be_visible()
    assert flaws_here(page) == CLEAN
    assert [one.signed_by for one in DebitMandate.objects.all()] == ["Mme Perrin"]


def test_a_collection_is_prepared_handed_in_and_refused_by_the_bank(opened: Opened, coop: Coop) -> None:
    signed(coop)
    page = opened(logged_in(comptable().user))
    assert flaws(page, "/ad/91/adhesions/prelevements/") == CLEAN
    page.get_by_role("button", name="Préparer la remise").click()
    expect(page.get_by_text("Il reste à donner le fichier à la banque.")).to_be_visible()
    assert flaws_here(page) == CLEAN
    page.get_by_role("button", name="La banque a le fichier").click()
    expect(page.get_by_text("La remise ne change plus.")).to_be_visible()
    page.get_by_role("button", name="La banque refuse le fichier").click()
    page.get_by_label("Ce que dit la banque").fill("BIC inconnu")
    assert flaws_here(page) == CLEAN
    page.keyboard.press("Enter")
    expect(page.get_by_text("la remise est de nouveau à remettre.")).to_be_visible()
    assert flaws_here(page) == CLEAN
    assert [(one.state, one.refused) for one in Collection.objects.all()] == [(CollectionState.PREPARED, "BIC inconnu")]
