"""The CRA in a real browser: kept as it is typed, by keyboard alone, by two people at once; nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import re
import time
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.year_end.cra.queries import cra_of
from tests.banking.books_at_hand import add, musee, payment
from tests.books.coops import at, client_of, keeper, prove
from tests.conftest import Listen
from tests.registers.registers_at_hand import decided
from tests.year_end.cra.at_hand import NEEDED, begin_cra, finish_cra
from tests.year_end.cra.test_services import photo
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

STEPS = range(1, 7)
SAVED = re.compile("Enregistré")


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """The musée with a council, two photos, a project whose name has no end."""
    book = musee(alice)
    prove(alice, book)
    add(alice, book, [payment("D9", date(2026, 3, 2), 5_00, project="W" * 80)])
    decided(alice, book)
    photo(alice, book)
    photo(alice, book, "teal")
    return book


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Page:
    return opened(new_context, live_server, no_complaint, alice, **request.param)


@pytest.fixture
def laptop(live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access) -> Page:
    return opened(new_context, live_server, no_complaint, alice, **LAPTOP)


def opened(new_context: CreateContextCallback, live_server: LiveServer, no_complaint: Listen, access: Access, **told: Any) -> Page:  # noqa: ANN401 -- Playwright's
    """Return a browser in which the coop is logged in."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **told)
    session = client_of(access).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def answers(book: Book) -> dict[str, Any]:
    return cra_of(book).answers


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, alice: Access, book: Book) -> None:
    addresses = [at(book, "cra"), *(at(book, "cra_step", number=number) for number in STEPS)]
    nothing = dict.fromkeys(addresses, ("", False))
    assert {address: flaws(page, address) for address in addresses} == nothing
    finish_cra(alice, book)
    assert {address: flaws(page, address) for address in addresses} == nothing


def test_what_is_typed_is_kept_without_a_button(laptop: Page, book: Book) -> None:
    laptop.goto(at(book, "cra_step", number=1))
    pupils = laptop.locator("#question-eleves")
    pupils.get_by_role("textbox").fill("cent")
    pupils.get_by_role("textbox").press("Tab")
    expect(pupils.get_by_role("status")).to_have_text("Écrivez un nombre entier, par exemple 24.")
    pupils.get_by_role("textbox").fill("148")
    pupils.get_by_role("textbox").press("Tab")
    expect(pupils.get_by_role("status")).to_have_text(SAVED)
    for level in ("Maternelle", "Élémentaire", "Collège"):  # faster than the answers come
        laptop.get_by_label(level).check()
    expect(laptop.locator("#question-niveaux").get_by_role("status")).to_have_text(SAVED)
    laptop.wait_for_load_state("networkidle")
    laptop.reload()
    expect(laptop.get_by_label("Collège")).to_be_checked()
    assert answers(book) == {"eleves": 148, "niveaux": ["Maternelle", "Élémentaire", "Collège"]}


def test_a_no_takes_away_what_depends_on_it_and_a_yes_brings_it_back(laptop: Page, book: Book) -> None:
    laptop.goto(at(book, "cra_step", number=2))
    council, often = laptop.locator("#question-conseil_reuni"), laptop.locator("#question-conseil_fois")
    council.get_by_label("Non").check()
    expect(often).to_be_hidden()
    council.get_by_label("Oui").check()
    often.get_by_role("textbox").fill("3")
    often.get_by_role("textbox").press("Tab")
    expect(often.get_by_role("status")).to_have_text(SAVED)
    assert answers(book) == {"conseil_reuni": "Oui", "conseil_fois": 3}


def test_the_rows_of_a_table_stand_in_columns_or_are_cards_with_all_their_labels(page: Page, book: Book) -> None:
    page.goto(at(book, "cra_step", number=3))
    table = page.locator("#question-projets")
    table.get_by_role("button", name="Ajouter une ligne").click()
    expect(table.locator("[data-row]")).to_have_count(2)
    rows = [
        row.locator(".field :is(input, select)").evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().top))")
        for row in table.locator("[data-row]").all()
    ]
    shown = [
        row.locator("label").evaluate_all("all => all.filter(one => one.offsetWidth > 1).length")
        for row in table.locator("[data-row]").all()
    ]
    wide = page.viewport_size == LAPTOP["viewport"]
    assert ([len(set(row)) == 1 for row in rows], shown) == ([wide] * 2, [5, 0] if wide else [5] * 2)


def test_a_table_and_photos(page: Page, book: Book) -> None:
    page.goto(at(book, "cra_step", number=3))
    table = page.locator("#question-projets")
    expect(table.get_by_label("Thème ou nom du projet").first).to_have_value("W" * 80)
    table.get_by_role("button", name="Ajouter une ligne").click()
    table.get_by_label("Thème ou nom du projet").last.fill("Cirque")
    table.get_by_label("Argent dépensé").last.fill("12,50")
    table.get_by_label("Domaine").last.select_option("Arts et culture")
    expect(table.get_by_role("status")).to_have_text(SAVED)
    table.get_by_role("button", name="Retirer cette ligne").first.click()
    page.get_by_label("teal").check()
    expect(page.locator("#question-photos").get_by_role("status")).to_have_text(SAVED)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avec l’OCCE")
    kept = answers(book)
    assert ({"projet": "Cirque", "domaine": "Arts et culture", "depenses": 12_50} in kept["projets"], len(kept["photos"])) == (True, 1)
    assert "W" * 80 not in [row["projet"] for row in kept["projets"]]


def test_enter_while_an_answer_is_being_kept_meets_no_other_answer(laptop: Page, book: Book) -> None:
    laptop.goto(at(book, "cra_step", number=3))
    table = laptop.locator("#question-projets")

    def slowly(route: Route) -> None:
        time.sleep(0.5)  # a school's line
        route.continue_()

    laptop.route("**/activites/3/", slowly)
    table.get_by_label("Argent reçu").first.fill("12")
    table.get_by_label("Argent reçu").first.press("Tab")
    table.get_by_label("Argent dépensé").first.fill("30")
    table.get_by_label("Argent dépensé").first.press("Enter")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Avec l’OCCE")
    assert [(row["recettes"], row["depenses"]) for row in answers(book)["projets"]] == [(12_00, 30_00)]


def test_two_people_at_once_see_each_other(laptop: Page, alice: Access, book: Book) -> None:
    laptop.goto(at(book, "cra_step", number=1))
    begin_cra(alice, book, {"eleves": 148, "adultes": 9})
    pupils, adults = laptop.locator("#question-eleves"), laptop.locator("#question-adultes")
    pupils.get_by_role("textbox").fill("150")
    pupils.get_by_role("textbox").press("Tab")
    expect(pupils.get_by_role("status")).to_contain_text("Votre réponse n’est pas enregistrée.")
    expect(adults.get_by_role("status")).to_contain_text("Entre-temps, École Jean-Jaurès a répondu")
    assert answers(book)["eleves"] == 148
    pupils.get_by_role("button", name="Garder la mienne").click()
    expect(pupils.get_by_role("status")).to_have_text(SAVED)
    adults.get_by_role("link", name="Voir").click()
    expect(adults.get_by_role("textbox")).to_have_value("9")
    assert answers(book) == {"eleves": 150, "adultes": 9}


def test_by_keyboard_alone_a_proposal_is_kept_and_the_cra_is_finished(laptop: Page, alice: Access, book: Book) -> None:
    begin_cra(alice, book, {key: value for key, value in NEEDED.items() if key != "conseil_reuni"})
    laptop.goto(at(book, "cra"))
    laptop.get_by_role("link", name="Le conseil de coopérative s’est-il réuni cette année ?").press("Enter")
    laptop.get_by_role("radio", name="Pas de réponse").first.focus()
    laptop.keyboard.press("ArrowDown")
    expect(laptop.locator("#question-conseil_reuni").get_by_role("status")).to_have_text(SAVED)
    laptop.get_by_role("button", name="Garder, Combien de fois s’est-il réuni ?").press("Enter")
    expect(laptop.locator("#garder-conseil_fois")).to_be_focused()
    laptop.get_by_role("textbox", name="Combien de fois s’est-il réuni ?").press("Enter")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Les projets de l’année")
    laptop.get_by_role("link", name="Toutes les étapes").press("Enter")
    laptop.get_by_role("button", name="Terminer le compte rendu d’activités").press("Enter")
    expect(laptop.get_by_text("Le compte rendu d’activités est terminé. Bravo")).to_be_visible()
    assert (cra_of(book).finished, answers(book)["conseil_fois"]) == (True, 1)


def test_without_script_a_step_is_filled_in(
    live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access, book: Book
) -> None:
    page = opened(new_context, live_server, no_complaint, alice, java_script_enabled=False, **PHONE)
    page.goto(at(book, "cra_step", number=5))
    page.get_by_label("Partenaire", exact=True).fill("Mairie")
    page.get_by_role("button", name="Ajouter une ligne").click()
    page.get_by_label("Partenaire", exact=True).last.fill("Théâtre")
    page.get_by_role("button", name="Retirer cette ligne").first.click()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L’année prochaine")
    assert answers(book) == {"partenaires": [{"partenaire": "Théâtre"}]}
