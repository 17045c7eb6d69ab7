"""What goes wrong is said while it is typed, stays in sight until it is mended, and is mended through its link; by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.keyboard import Keyboard, Line
from tests.journeys.people import at, session_of
from tests.journeys.server import Server


@pytest.fixture
def keyboard(kept: Server, open_page: OpenPage) -> Keyboard:
    """Someone before a cahier that has some lines, on its first field."""
    page = open_page(kept, storage_state=session_of(kept))
    page.goto(at("cahier/"))
    return Keyboard(page)


def remarks(keyboard: Keyboard) -> Locator:
    return keyboard.page.locator("#controles")


def test_what_is_wrong_is_said_while_it_is_typed(keyboard: Keyboard) -> None:
    said = remarks(keyboard)
    keyboard.draft(Line(("Recette",), "R05", "15/9", "Participations, seconde fois", "430", tiers="Familles", means="À la banque"))
    keyboard.press("Tab")
    twin = "La pièce R05 ressemble à la pièce R01 (même date, même montant, même tiers) : l’une est-elle en double ?"
    expect(said).to_have_text(twin)
    keyboard.press("Shift+Tab")
    keyboard.type("43")
    keyboard.pick(0, "618")
    keyboard.press("Tab")
    wrong_side = "La pièce R05 est une recette, mais « 618, Charges des activités éducatives » est un compte de dépenses."
    expect(said).to_have_text(wrong_side)
    keyboard.press("Shift+Tab")
    keyboard.type("participations")
    keyboard.press("Enter")
    expect(said).to_have_text("")
    keyboard.press("Enter")
    expect(keyboard.page.get_by_text("C’est noté : Recette R05, 43,00\u202f€.")).to_be_visible()
    expect(keyboard.page.get_by_role("complementary", name="À corriger")).not_to_contain_text("R05")


def test_the_cash_box_cannot_go_below_zero_unsaid(keyboard: Keyboard) -> None:
    line = Line(("Dépense",), "D06", "4/10", "Goûter de rentrée", "121,60", (("jardin", ""),), "Épicerie", "Espèces")
    keyboard.draft(line)
    said = remarks(keyboard)
    expect(said).to_contain_text(
        "La caisse est négative le 4 octobre 2026 (−100,10\u202f€) : il manque une recette ou un retrait, ou une date est fausse."
    )
    keyboard.press("Shift+Tab")
    keyboard.type("21,50")
    keyboard.press("Tab")
    expect(said).to_have_text("")
    keyboard.save(line)


def test_an_incomplete_split_is_mended_through_its_link(keyboard: Keyboard) -> None:
    page = keyboard.page
    line = Line(("Dépense",), "D06", "20/11", "Matériel du jardin", "100", (("jardin", ""), ("timbres", "30")), "Jardinerie", "Chèque")
    keyboard.draft(line)
    keyboard.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    keyboard.fill("parts-0-amount", "60")
    keyboard.press("Tab")
    expect(page.locator("#reste")).to_have_text("Reste 10,00\u202f€ à répartir")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(page.locator("#lamps")).to_contain_text("Bilan : écart de 10,00\u202f€")
    keyboard.reach(page.get_by_role("link", name=re.compile("^À corriger , à corriger")), "Shift+Tab")
    keyboard.press("Enter")
    keyboard.arrive("À corriger")
    keyboard.choose("Compléter la ventilation")
    keyboard.arrive("Dépense D06")
    keyboard.fill("parts-1-amount", "40")
    keyboard.press("Shift+Tab")
    expect(page.locator("#reste")).to_have_text("Tout est réparti")
    keyboard.press("Enter")
    expect(page.get_by_text("C’est enregistré : Dépense D06, 100,00\u202f€.")).to_be_visible()
    expect(page.locator("#lamps")).to_contain_text("Bilan équilibré")
    expect(page.get_by_role("complementary", name="À corriger")).not_to_contain_text("D06")


def test_a_line_is_changed_then_deleted_then_brought_back(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.choose("Livres pour la bibliothèque")
    keyboard.arrive("Dépense D05")
    keyboard.fill("label", "Livres pour le coin lecture")
    keyboard.press("Enter")
    row = page.get_by_role("row", name="Livres pour le coin lecture")
    expect(row).to_be_visible()
    keyboard.press("Tab")  # the page opens on the line that was changed
    expect(row.get_by_role("link")).to_be_focused()
    keyboard.press("Enter")
    keyboard.arrive("Dépense D05")
    keyboard.reach(page.get_by_role("button", name="Supprimer cette opération"))
    keyboard.press("Enter")
    expect(page.get_by_text("Supprimée : Dépense D05, 64,20\u202f€", exact=True)).to_be_visible()
    expect(row).to_have_count(0)
    keyboard.press("Control+z")
    expect(row).to_be_visible()
    expect(page.get_by_text("Rétablie : Dépense D05, 64,20\u202f€.")).to_be_visible()
