"""A comptable imports the AD's statement, accepts what is sure, shares the rest, takes cheques to the bank. Nothing for axe to find."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.memberships.models import Membership, Payment, PaymentState
from retkoop.network.access import Access
from tests.banking.statement_files.test_banks import two_accounts
from tests.books.coops import keeper
from tests.cast import CHARLIE, logged_in
from tests.conftest import Listen
from tests.memberships.at_hand import declared_membership
from tests.memberships.receipts.at_hand import HEAD, announced, comptable, reference_of, row
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws, flaws_here

HOME = "/ad/91/adhesions/"


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    transactional_db: None,
) -> Page:
    """A browser in which a comptable is logged in."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(comptable().user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


@pytest.fixture
def owing(page: Page) -> tuple[Access, Membership, Membership]:
    """Two coops that have declared what they owe."""
    alice = keeper()
    return alice, declared_membership(alice), declared_membership(keeper(CHARLIE))


def test_a_statement_is_imported_and_matched(page: Page, owing: tuple[Access, Membership, Membership]) -> None:
    _, mine, other = owing
    data = HEAD + row(f"VIR {reference_of(mine)}", "119,60") + row("VIR MAIRIE", "100,00", "15/11/2025")
    page.goto(f"{HOME}releves/")
    page.get_by_label("Le relevé").set_input_files({"name": "releve.csv", "mimeType": "text/csv", "buffer": data.encode()})
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_text("2 lignes nouvelles.")).to_be_visible()
    assert flaws(page, page.url) == ("", False)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.get_by_role("button", name="Accepter toutes les propositions sûres (1)").dblclick()
    expect(page.get_by_text("1 ligne rapprochée.")).to_be_visible()
    assert len(sent) == 1
    page.get_by_role("link", name="VIR MAIRIE").click()
    expect(page.get_by_role("heading", name="Choisir une coopérative")).to_be_visible()
    assert flaws(page, page.url) == ("", False)
    page.get_by_role("combobox", name="Coopérative").fill(other.coop.rne)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Noter ce paiement").click()
    expect(page.get_by_text("Le paiement est noté.")).to_be_visible()
    assert [(one.membership_id, one.amount) for one in Payment.objects.order_by("pk")] == [(mine.pk, 119_60), (other.pk, 100_00)]


def test_cheques_are_taken_to_the_bank(page: Page, owing: tuple[Access, Membership, Membership]) -> None:
    alice, mine, _ = owing
    announced(alice, mine)
    page.goto(f"{HOME}cheques/")
    assert flaws(page, page.url) == ("", False)
    page.get_by_role("button", name="Faire le bordereau").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bordereau n°\u00a01")
    assert flaws(page, page.url) == ("", False)
    page.get_by_role("link", name="École Jean-Jaurès").click()
    expect(page.get_by_text("Il est revenu impayé")).to_be_visible()
    assert flaws(page, page.url) == ("", False)
    assert [one.state for one in Payment.objects.all()] == [PaymentState.RECEIVED]


def test_the_account_of_a_statement_is_chosen(page: Page, owing: tuple[Access, Membership, Membership]) -> None:
    page.goto(f"{HOME}releves/")
    page.get_by_label("Le relevé").set_input_files({"name": "releve.csv", "mimeType": "text/csv", "buffer": two_accounts().encode()})
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_role("group", name="Le compte qui reçoit les adhésions")).to_be_visible()
    assert flaws_here(page) == ("", False)
    page.get_by_role("button", name="Importer ce compte").click()
    expect(page.get_by_text("Choisissez un compte.", exact=True)).to_be_visible()
    assert flaws_here(page) == ("", False)
    page.get_by_label("Compte finissant par 9999").check()
    page.get_by_role("button", name="Importer ce compte").dblclick()
    expect(page.get_by_text("2 lignes nouvelles.")).to_be_visible()
