"""A year that was kept in a spreadsheet: what its mandataire types of it, step by step."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.closing import PAST, heading, then


def choose(page: Page) -> None:
    """Say that the accounts were kept elsewhere, from the first page of the empty year."""
    page.goto(then())
    page.get_by_role("link", name="Ne saisissez que le compte rendu.").click()
    page.get_by_role("button", name="Je ne saisis que le compte rendu").click()
    expect(heading(page)).to_have_text("Compte rendu seul")


def tell_the_start(page: Page) -> None:
    page.goto(then("compte-rendu-direct/depart/"))
    page.locator("#id_bank").fill("790")
    page.locator("#id_cash").fill("10")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("Les subventions")


def tell_the_subsidy(page: Page) -> None:
    page.get_by_label("Organisme").fill("Mairie")
    page.get_by_label("Objet").fill("Projet musée")
    page.get_by_label("Montant reçu").fill("300")
    page.get_by_label("Reçue le").fill(f"01/12/{PAST.start}")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", name="1 subvention, 300,00\u202f€")).to_be_visible()


def tell_what_was_spent(page: Page) -> None:
    """Come back to the subsidy once the totals are noted: what was spent of it is among their charges."""
    page.goto(then("compte-rendu-direct/subventions/"))
    page.get_by_role("link", name="Mairie").click()
    page.get_by_label("Déjà dépensé").fill("200")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("row", name="Mairie")).to_contain_text("200,00")


def tell_the_totals(page: Page) -> None:
    """Type the total of each account: the sums follow at once."""
    page.goto(then("compte-rendu-direct/totaux/"))
    page.get_by_label("618 · Charges des activités éducatives").fill("250")
    page.get_by_label("756 · Participations volontaires des familles").fill("199,70")
    page.get_by_label("En banque").fill("1028,20")
    page.get_by_label("En caisse").fill("21,50")
    expect(page.locator("#sums")).to_contain_text("Bravo, tout est expliqué au centime près.")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("La banque au 31 août")


def tell_the_bank(page: Page) -> None:
    """Note a cheque that the statement of the end does not show, then its balance."""
    page.goto(then("compte-rendu-direct/banque/"))
    item = page.locator("form", has=page.get_by_role("button", name="Ajouter"))
    item.get_by_label("Date").fill(f"20/06/{PAST.last_day.year}")
    item.get_by_label("Libellé").fill("Librairie")
    item.get_by_label("Montant").fill("64,20")
    item.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("row", name="Librairie")).to_be_visible()
    statement = page.locator("form", has=page.get_by_role("button", name="Enregistrer le relevé"))
    statement.get_by_label("Date du relevé").fill("31/8")
    statement.locator("#id_account_balance").fill("1 092,40")
    statement.get_by_role("button", name="Enregistrer le relevé").click()
    expect(page.get_by_role("region", name="Rapprochement")).to_contain_text("Bravo, le rapprochement est juste.")


def count_the_cash(page: Page) -> None:
    page.goto(then("compte-rendu-direct/caisse/"))
    for field in ("q2000", "q100", "q50"):
        page.locator(f"#id_{field}").fill("1")
    page.get_by_role("button", name="Enregistrer le comptage").click()
    expect(page.get_by_role("heading", name="Bravo, la caisse est juste")).to_be_visible()
