"""The pages of a year in a real browser, as laptops and phones show them: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import FloatRect, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import FORMER, YEAR, a_book, at, client_of, comptable, keeper, note, open_with
from tests.cast import PASSWORD
from tests.conftest import Listen

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}

Open = Callable[..., Page]


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """A book with a bit of everything: an opening that is not last year's, something wrong, recettes and dépenses."""
    open_with(alice, a_book(alice, FORMER), 1000_00, 20_00)
    book = a_book(alice)
    open_with(alice, book, 900_00, 20_00)
    note(alice, book, "R1", "2025-09-14", "Participations de rentrée", 300_00, 0, ("75600008", 300_00))
    note(alice, book, "D1", "2025-10-02", "Divers", -184_50, 0, ("61800008", 180_00))
    note(alice, book, "D2", "2025-10-03", "Entrées au musée", 0, -40_00)
    return book


@pytest.fixture
def open_at(live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Open:
    def open_at(session: str, address: str, device: dict[str, Any]) -> Page:
        context = new_context(**{"base_url": live_server.url, "reduced_motion": "reduce", **device})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        page.goto(address)
        return page

    return open_at


def box(place: Locator) -> FloatRect:
    """Return where something stands. Raises AssertionError where it is not in sight."""
    found = place.bounding_box()
    assert found
    return found


def flaws(page: Page) -> tuple[str, bool]:
    """Return what axe finds, and whether the page is wider than its window."""
    found = Axe().run(page)
    sticks_out = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found.generate_report() if found.violations_count else "", sticks_out


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_of_a_keeper(alice: Access, book: Book, open_at: Open, device: dict[str, Any]) -> None:
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    empty = a_book(alice, YEAR.next)
    addresses = [at(book, name) for name in ("home", "opening", "findings", "history")] + [at(empty, "home"), at(empty, "opening")]
    assert {address: flaws(open_at(session, address, device)) for address in addresses} == dict.fromkeys(addresses, ("", False))


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_of_a_reader(book: Book, open_at: Open, device: dict[str, Any]) -> None:
    session = comptable().cookies[settings.SESSION_COOKIE_NAME].value
    addresses = [at(book, name) for name in ("home", "opening")]
    assert {address: flaws(open_at(session, address, device)) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_the_first_steps_by_the_keyboard_alone(alice: Access, open_at: Open) -> None:
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    book = a_book(alice)
    page = open_at(session, at(book, "home"), LAPTOP)
    page.get_by_role("link", name="Noter le report").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at(book, 'opening')}")
    page.keyboard.type("1 200,00")
    page.keyboard.press("Tab")
    page.keyboard.type("34,56")
    page.keyboard.press("Enter")
    page.get_by_text("Le report à nouveau est noté").wait_for()
    page.goto(at(book, "home"))
    step = page.get_by_role("listitem").filter(has_text="Notez le report")
    assert step.get_by_role("paragraph").inner_text().replace("\u202f", " ") == "C’est fait : l’année commence avec 1 234,56 €."


def test_on_a_phone_the_cahier_says_everything_within_the_screen(alice: Access, book: Book, open_at: Open) -> None:
    note(alice, book, "D3", "2025-10-04", "Dépôt", 10_00, -10_00)
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), PHONE)
    assert flaws(page) == ("", False)
    lamps = [box(each) for each in page.locator("#lamps .lamp").all()]
    assert [lamp["x"] >= 0 and lamp["x"] + lamp["width"] <= 390 for lamp in lamps] == [True, True, True]
    assert box(page.get_by_role("searchbox"))["width"] > 340
    assert [page.locator("#lignes tr").nth(1).locator("td").nth(cell).is_visible() for cell in (3, 4, 5)] == [True, False, True]
    told = "[5, 6].map(n => getComputedStyle(document.querySelector(`#lignes tr td:nth-child(${n})`), '::before').content)"
    assert page.evaluate(told) == ['"Banque"', '"Caisse"']
    assert page.locator(".entry kbd").is_visible() is False


def test_fields_of_a_row_stand_in_line_and_stay_where_they_are(alice: Access, book: Book, open_at: Open) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), LAPTOP)
    tops = "names => names.map(name => { const box = document.querySelector(name).getBoundingClientRect(); return [box.top, box.bottom] })"
    in_line = (("#id_amount", ".entry .fields .choice"), ("#chercher", ".search-row .button"))
    for names in in_line:
        one, other = page.evaluate(tops, list(names))
        assert one == other
    lefts = "[...document.querySelectorAll('.entry .fields .field')].map(field => field.getBoundingClientRect().left)"
    before = page.evaluate(lefts)
    page.fill("#id_amount", "beaucoup")
    page.fill("#id_label", "Musée")
    page.locator("#id_label").press("Enter")
    page.locator(".entry .error").first.wait_for()
    assert page.evaluate(lefts) == before
    page.wait_for_timeout(100)  # htmx settles
    expect(page.locator("#id_amount")).to_be_focused()


def test_a_word_in_the_corner_leaves_the_list_in_sight(alice: Access, book: Book, open_at: Open) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), LAPTOP)
    for name, text in (("#id_label", "Musée"), ("#id_amount", "12,50")):
        page.fill(name, text)
    page.locator("#id_amount").press("Enter")
    page.locator(".toast").wait_for()
    list_in_sight, toast = (box(page.locator(name)) for name in ("#liste table", ".toast"))
    assert toast["x"] > list_in_sight["x"] + list_in_sight["width"]
    assert toast["x"] + toast["width"] <= 1280


def test_the_cursor_arrives_where_the_work_is(alice: Access, book: Book, open_at: Open) -> None:
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    page = open_at(session, at(book, "cahier"), LAPTOP)
    expect(page.locator("#id_date")).to_be_focused()
    page.get_by_role("link", name="Aller au contenu").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.entry') !== null")
    wrong = note(alice, book, "D9", "2025-10-12", "Car", -30_00, 0, ("61800008", 20_00))
    page.goto(at(book, "operation", key=wrong.pk))
    expect(page.locator("#id_date")).to_be_focused()
    page.goto(at(book, "findings"))
    page.locator(f"main a[href$='/{wrong.pk}/#id_parts-0-account']").click()
    expect(page.get_by_role("combobox", name="Compte").first).to_be_focused()
    page.goto(f"{at(book, 'cahier')}#op-{wrong.pk}")
    assert page.evaluate("document.activeElement === document.body")


def test_ctrl_z_takes_back_the_line_just_noted_from_the_empty_form(alice: Access, book: Book, open_at: Open) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), LAPTOP)
    for name, text in (("#id_label", "Musée"), ("#id_amount", "12,50")):
        page.fill(name, text)
    page.locator("#id_amount").press("Enter")
    page.get_by_text("C’est noté").wait_for()
    expect(page.locator("#id_date")).to_be_focused()
    page.keyboard.press("Control+Z")
    page.get_by_text("Supprimée").first.wait_for()


def test_a_split_grows_on_keyboards_without_insert(alice: Access, book: Book, open_at: Open) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), LAPTOP)
    page.get_by_role("combobox", name="Compte").first.focus()
    page.keyboard.press("Alt+Enter")
    expect(page.locator("[data-row]")).to_have_count(2)


@pytest.mark.parametrize("lost", [["sessionid"], ["csrftoken"], ["sessionid", "csrftoken"]], ids=["session", "token", "both"])
def test_what_was_typed_survives_a_log_out_in_another_window(alice: Access, book: Book, open_at: Open, lost: list[str]) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "cahier"), LAPTOP)
    page.fill("#id_label", "Entrées au musée")
    for name in lost:
        page.context.clear_cookies(name=name)
    page.locator("#id_label").press("Enter")
    if "sessionid" in lost:
        expect(page).to_have_url(re.compile("/connexion/"))
        page.wait_for_load_state("networkidle")  # the live check and the form itself both lead here
        page.get_by_label("Identifiant").fill(alice.user.username)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
    else:
        page.get_by_text("Ce que vous aviez saisi est gardé, vérifiez et envoyez de nouveau.").wait_for()
    expect(page.locator("#id_label")).to_have_value("Entrées au musée")


def test_the_list_is_printed_by_a_button(alice: Access, book: Book, open_at: Open) -> None:
    page = open_at(client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value, at(book, "print_cahier"), LAPTOP)
    assert flaws(page) == ("", False)
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed") is True
