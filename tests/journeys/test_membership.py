"""An adhésion paid by cheque, from the effectifs to the attestation that anybody can check and the operation in the cahier."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from retkoop.upkeep.demonstration import COOP_LOG_IN, LOG_INS
from tests.journeys.conftest import OpenPage
from tests.journeys.people import at, log_in
from tests.journeys.server import PATIENCE, Server, serving

RNE = COOP_LOG_IN.username
HOLDER = "Claire Perrin"
SOON = 1000 * PATIENCE


@pytest.fixture
def network(demonstration: Path, tmp_path: Path) -> Iterator[Server]:
    home = Path(shutil.copytree(demonstration, tmp_path / "home"))
    with serving(home, RETKOOP_DEMONSTRATION="1", RETKOOP_WORKER="1") as running:
        yield running


def enter(page: Page, username: str) -> Page:
    known = next(one for one in LOG_INS if one.username == username)
    page.goto("/connexion/")
    log_in(page, known.username, known.password)
    page.wait_for_url(lambda address: "connexion" not in address)
    return page


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.press("Enter")


def declares(page: Page) -> None:
    """Fill in the effectifs, which are last year's, read and accept the engagement, declare."""
    page.goto(at("adhesion/", RNE))
    page.get_by_role("link", name="Remplir mes effectifs").press("Enter")
    expect(heading(page)).to_have_text("Effectifs et adhésion")
    expect(page.get_by_text("sont déjà là")).to_be_visible()
    page.get_by_label("Élèves").first.fill("25")
    expect(page.locator("#montant")).to_contain_text("Cotisation à l’OCCE", timeout=SOON)
    press(page, "Enregistrer")
    page.goto(at("adhesion/", RNE))
    page.get_by_role("link", name="Lire et accepter").press("Enter")
    page.locator("[data-text]").press("End")
    expect(page.get_by_role("button", name="J’ai lu ce texte et je l’accepte")).to_be_enabled(timeout=SOON)
    page.get_by_label("Votre nom et votre prénom").fill(HOLDER)
    press(page, "J’ai lu ce texte et je l’accepte")
    page.goto(at("adhesion/", RNE))
    press(page, "Déclarer l’adhésion")
    expect(page.get_by_role("heading", name="Payer")).to_be_visible(timeout=SOON)


def test_paid_by_cheque_it_is_validated_proven_and_in_the_cahier(network: Server, open_page: OpenPage) -> None:
    coop, ad = enter(open_page(network), RNE), enter(open_page(network), "administrateur91")
    declares(coop)
    coop.get_by_label("Numéro du chèque").fill("4455667")
    press(coop, "J’envoie ce chèque")
    expect(coop.get_by_text("4455667").first).to_be_visible(timeout=SOON)
    ad.goto("/ad/91/adhesions/cheques/")
    expect(ad.get_by_text("4455667")).to_be_visible()
    press(ad, "Faire le bordereau")
    expect(heading(ad)).to_contain_text("Bordereau", timeout=SOON)
    ad.goto(f"/ad/91/adhesions/{RNE}/")
    press(ad, "Valider l’adhésion")
    expect(ad.get_by_text("attestation est prête")).to_be_visible(timeout=SOON)
    coop.goto(at("adhesion/", RNE))
    expect(coop.get_by_text("L’adhésion est validée")).to_be_visible()
    coop.get_by_role("link", name="L’attestation et le cahier").press("Enter")
    code = coop.locator("main b.nowrap").first.inner_text()
    anybody = open_page(network)
    anybody.goto("/attestation/")
    anybody.get_by_role("textbox").first.fill(code.lower())
    anybody.keyboard.press("Enter")
    expect(anybody.locator("main")).to_contain_text("École du Moulin", timeout=SOON)
    coop.goto(at("cahier/", RNE) + "?q=4455667")
    expect(coop.locator("main")).to_contain_text("Adhésion OCCE")
