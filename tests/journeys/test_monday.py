"""A Monday of an AD: who is not ready, who has typed nothing, who waits for an answer; then all that is ready is validated."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from retkoop.upkeep.demonstration import LOG_INS
from tests.cast import PASSWORD
from tests.journeys.conftest import OpenPage
from tests.journeys.people import YEAR, log_in
from tests.journeys.server import PATIENCE, Server, run_retkoop, serving

ENDED = YEAR.previous
ASKING = "0919006F"
"""The coop of the demonstration whose question waits."""
KNOWN_PASSWORD = f"""
from retkoop.users.models import User
account = User.objects.get(username="{ASKING}")
account.set_password("{PASSWORD}")
account.save()
"""
"""The demonstration opens this account with a password that nobody has."""
SOON = 1000 * PATIENCE
EACH = re.compile(r"^\d{7}[A-Z]$")


@pytest.fixture
def network(demonstration: Path, tmp_path: Path) -> Iterator[Server]:
    """The demonstration, and some coops at all places of the year that has ended; letters arrive in its own mailboxes."""
    home = Path(shutil.copytree(demonstration, tmp_path / "home"))
    run_retkoop(home, "generate", "--coops", "20", "--operations", "4", "--department", "91", "--year", str(ENDED))
    run_retkoop(home, "shell", "-c", KNOWN_PASSWORD)
    with serving(home, RETKOOP_DEMONSTRATION="1", RETKOOP_WORKER="1") as running:
        yield running


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def enter(page: Page, username: str) -> Page:
    """Log in as somebody of the demonstration's AD; the board is what they see."""
    known = next(one for one in LOG_INS if one.username == username)
    page.goto("/connexion/")
    log_in(page, known.username, known.password)
    expect(heading(page)).to_have_text("Coopératives")
    return page


def follow(page: Page, link: str, arrive: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=link).first.press("Enter")
    expect(heading(page)).to_have_text(arrive)


def count_of(page: Page, state: str) -> int:
    return int(re.sub(r"\D", "", page.locator(f"#etat-{state} b").inner_text()))


def shown(page: Page) -> Locator:
    return page.locator(".coops").get_by_role("checkbox", name=EACH)


def look_at_those_not_ready(page: Page) -> None:
    """Show those that are not ready, then those of one circonscription alone."""
    awaited = count_of(page, "pas-pret")
    page.locator("#etat-pas-pret").press("Enter")
    expect(shown(page)).to_have_count(awaited)
    why = page.locator(".where details").first
    why.locator("summary").press("Enter")
    expect(why).to_have_attribute("open", "")
    follow(page, "Par circonscription", "Par circonscription")
    row = page.get_by_role("row").nth(1)
    name, coops = row.get_by_role("link").first.inner_text(), int(row.locator(".number").first.inner_text())
    row.get_by_role("link").first.press("Enter")
    expect(shown(page)).to_have_count(coops)
    expect(page.get_by_role("list", name="Filtres")).to_contain_text(name)


def remind_those_that_typed_nothing(page: Page) -> None:
    """Choose them on the board, read what they will get, send it, and find it in their mailbox."""
    page.goto("/ad/91/")
    page.get_by_text("Filtrer", exact=True).press("Enter")
    page.get_by_label("Ce qui manque").select_option("saisie")
    expect(page.get_by_role("list", name="Filtres")).to_contain_text("Manque : saisie")
    expect(shown(page)).to_have_count(3)
    page.locator("[data-all]").press("Enter")
    page.locator(".bulk").get_by_role("button", name="Relancer").press("Enter")
    expect(page.locator("#apercu")).to_contain_text("3 courriels")
    page.get_by_label("Objet du courriel").fill("{école}, on vous attend")
    page.get_by_label("Objet du courriel").press("Tab")
    expect(page.locator("#apercu")).to_contain_text("École Les Tilleuls, on vous attend")
    page.get_by_role("button", name=re.compile(r"^Envoyer 3\s")).press("Enter")
    expect(page.locator(".badge", has_text="envoyé")).to_have_count(3, timeout=SOON)
    page.goto("/demo/courriels/")
    for school in ("École Les Tilleuls", "École Les Hirondelles", "École Paul Éluard"):
        expect(page.get_by_role("main")).to_contain_text(f"{school}, on vous attend")


def answer_with_what_is_kept_ready(page: Page) -> str:
    """Answer the question that waits with a canned answer; return its words."""
    page.goto("/ad/91/")
    follow(page, "Aide", "Aide aux coopératives")
    page.locator(".threads").get_by_role("link").first.press("Enter")
    page.get_by_label("Réponse type").select_option("Justificatif perdu")
    page.get_by_role("button", name="Insérer").press("Enter")
    expect(page.get_by_label("Votre réponse")).to_have_value(re.compile("attestation sur l’honneur"))
    said = page.get_by_label("Votre réponse").input_value()
    page.get_by_role("button", name="Répondre").press("Enter")
    expect(page.locator("#dernier")).to_contain_text("Karim Benali (OCCE 91)")
    return said


def read_the_answer(page: Page, said: str) -> None:
    """As the coop that asked."""
    page.goto("/connexion/")
    log_in(page, ASKING, PASSWORD)
    expect(page).to_have_url(re.compile(f"/coop/{ASKING}/"))
    page.goto(f"/coop/{ASKING}/{ENDED}/aide/")
    page.locator(".threads tr", has_text="non lu").get_by_role("link").press("Enter")
    expect(page.locator("#dernier")).to_contain_text(said)


def meet(karim: Page, coop: Page) -> None:
    """The AD opens the cahier of the coop that is there itself: each is told of the other."""
    karim.goto("/ad/91/?q=" + ASKING)
    karim.get_by_role("link", name="École du Parc").press("Enter")
    karim.get_by_role("link", name="Cahier", exact=True).press("Enter")
    expect(heading(karim)).to_have_text("Cahier de comptabilité")
    coop.goto(karim.url)
    expect(karim.get_by_role("complementary", name="Votre rôle")).to_contain_text("Karim Benali. Ce que vous changez porte votre nom.")
    expect(karim.locator("shared-view")).to_contain_text("École du Parc est sur cette page avec vous.", timeout=SOON)
    expect(coop.locator("shared-view")).to_contain_text("Karim Benali (OCCE 91) est sur cette page avec vous.", timeout=SOON)


def validate_all_that_is_ready(page: Page) -> None:
    """Choose all coops: those that are ready are validated, the others are told with their reason."""
    ready, awaited = count_of(page, "pret"), count_of(page, "pas-pret")
    page.locator("[data-all]").press("Enter")
    page.locator(".bulk").get_by_role("button", name="Valider").press("Enter")
    expect(page.locator("#refusera")).to_contain_text(f"{awaited} ne pourront pas l’être")
    anyway = page.locator("[name=malgre]").first
    if anyway.count():
        anyway.press("Space")
    page.get_by_role("button", name=re.compile(f"^Valider les comptes de {ready} ")).press("Enter")
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=2 * SOON)
    expect(page.locator(".stat", has_text="Faites").first).to_contain_text(str(ready))
    page.get_by_role("link", name="Non faites").press("Enter")
    expect(page.get_by_role("row", name="non faite")).to_have_count(awaited)
    expect(page.get_by_role("row", name="École Les Tilleuls")).to_contain_text("Pas encore transmis")


def lower_a_ceiling(page: Page) -> None:
    """See what a figure would change before it is kept, keep it, and wait until the books have followed."""
    page.goto("/ad/91/reglages/alertes/")
    page.get_by_label("Espèces en caisse").fill("5")
    page.get_by_label("Espèces en caisse").press("Enter")
    expect(page.locator("#effet")).to_contain_text("auraient des remarques de plus")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(heading(page)).to_have_text("Réglages")
    expect(page.locator("#suivi")).to_be_hidden(timeout=2 * SOON)
    expect(page.get_by_text("5,00 €", exact=True)).to_be_visible()


def test_a_monday(network: Server, open_page: OpenPage, assert_accessible: Callable[[Page], None]) -> None:
    karim, coop = enter(open_page(network), "animateur91"), open_page(network)
    look_at_those_not_ready(karim)
    remind_those_that_typed_nothing(karim)
    read_the_answer(coop, answer_with_what_is_kept_ready(karim))
    meet(karim, coop)
    assert_accessible(karim)
    helene = enter(open_page(network), "administrateur91")
    validate_all_that_is_ready(helene)
    assert_accessible(helene)
    lower_a_ceiling(helene)
    network.retkoop("verify")
