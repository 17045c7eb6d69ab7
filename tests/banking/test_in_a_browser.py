"""The bank and the cash box under the fingers: ticks by the keyboard, a search while typing, a sum that follows."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.banking.models import BankStatement, Pointing
from retkoop.banking.services import unpoint
from retkoop.network.access import Access, open_coop
from tests.banking.books_at_hand import musee, operation, statement
from tests.cast import ALICE, account, logged_in, make_coop
from tests.conftest import Listen

pytestmark = pytest.mark.django_db(transaction=True)

LAPTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return open_coop(account(make_coop()), ALICE)


@pytest.fixture
def row(alice: Access) -> BankStatement:
    """A statement that agrees once R04 (300,00 €) and D05 (−64,20 €) are ticked."""
    book = musee(alice)
    unpoint(access=alice, operations=[operation(book, "R04").pk])
    return statement(alice, book, 1_028_20, number="8")


@pytest.fixture
def page(new_context: CreateContextCallback, no_complaint: Listen, live_server: LiveServer, alice: Access) -> Page:
    context = new_context(base_url=live_server.url, viewport=LAPTOP)
    session = logged_in(alice.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def at(row: BankStatement) -> str:
    return f"/coop/{ALICE}/2025-2026/rapprochement/{row.pk}/"


def test_a_statement_is_pointed_with_the_keyboard_alone(page: Page, row: BankStatement) -> None:
    page.goto(at(row))
    boxes = page.get_by_role("checkbox")
    left = page.locator("#gap .gap-left dd")
    expect(left).to_have_text("235,80\u202f€")
    boxes.first.focus()
    page.keyboard.press("Enter")
    expect(left).to_have_text("−64,20\u202f€")
    expect(boxes.first).to_be_checked()
    expect(boxes.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(left).to_have_text("0,00\u202f€")
    expect(page.locator("#gap")).to_contain_text("Bravo, le rapprochement est juste.")
    expect(page.locator("#lamps")).to_contain_text("Rapprochement juste")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(left).to_have_text("300,00\u202f€")
    expect(boxes.first).not_to_be_checked()
    page.reload()
    expect(boxes).to_have_count(1)


def test_a_tick_that_could_not_be_saved_is_put_back(page: Page, row: BankStatement) -> None:
    page.goto(at(row))

    def cut(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/rapprochement/*/", cut)
    page.get_by_role("checkbox").first.click()
    expect(page.locator("#toasts")).to_contain_text("La connexion est coupée.")
    expect(page.get_by_role("checkbox").first).not_to_be_checked()


def test_what_is_typed_in_the_search_stays_while_the_lines_follow(page: Page, row: BankStatement) -> None:
    page.goto(at(row))
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("biblio", delay=120)
    expect(page.get_by_role("checkbox")).to_have_count(1)
    expect(search).to_have_value("biblio")
    page.get_by_role("link", name="Pointées à l’import").click()
    expect(page.locator("#ticks")).to_contain_text("Rien ne correspond")
    page.go_back()
    expect(page.get_by_role("checkbox")).to_have_count(1)


def test_many_are_ticked_at_once_and_taken_back(page: Page, row: BankStatement) -> None:
    page.goto(at(row))
    page.get_by_role("button", name="Tout pointer").click()
    toasts = page.locator("#toasts")
    expect(toasts).to_contain_text("2\u00a0opérations pointées jusqu’au 31 août 2026.")
    expect(page.locator("#ticks")).to_contain_text("Tout est pointé")
    toasts.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    assert not Pointing.objects.exists()


def test_where_the_gap_comes_from_opens_beside_the_lines(page: Page, row: BankStatement) -> None:
    page.goto(at(row))
    page.get_by_role("checkbox").first.click()
    expect(page.locator("#gap")).to_contain_text("−64,20")
    page.get_by_role("link", name="D’où vient l’écart").click()
    clues = page.locator("#clues")
    expect(clues).to_contain_text("si elle est sur le relevé, pointez-la.")
    clues.get_by_role("button", name="Pointer cette opération").click()
    expect(page.locator("#gap")).to_contain_text("Bravo, le rapprochement est juste.")


def test_the_cash_is_counted_with_its_sum_in_view(page: Page, alice: Access) -> None:
    musee(alice)
    page.goto(f"/coop/{ALICE}/2025-2026/caisse/")
    page.get_by_label("20\u202f€").fill("1")
    page.get_by_label("1\u202f€", exact=False).last.fill("1")
    expect(page.locator("#count-total")).to_have_text("21,00\u202f€")
    page.get_by_label("50\u202fcentimes").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bravo, la caisse est juste")).to_be_visible()


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, row: BankStatement, viewport: ViewportSize) -> None:
    page.set_viewport_size(viewport)
    bank = at(row)
    for address in (bank, f"{bank}?vue=importees", f"{bank}ecart/", f"{bank}modifier/", f"{bank}../etat/", f"{bank}../../caisse/"):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_on_a_phone_the_gap_leaves_the_lines_in_sight(page: Page, row: BankStatement) -> None:
    page.set_viewport_size(PHONE)
    page.goto(at(row))
    gap, sheet = (page.locator(name).bounding_box() for name in (".gap-inside", "#ticks"))
    assert gap
    assert sheet
    assert gap["height"] < 844 * 0.12
    assert sheet["x"] - 2 <= gap["x"]
    assert gap["x"] + gap["width"] <= sheet["x"] + sheet["width"] + 2
    last = page.get_by_role("button", name="Tout pointer")
    last.focus()
    last.click(trial=True)  # nothing stands over it


def test_the_gap_is_seen_beside_a_word_in_the_corner(page: Page, row: BankStatement) -> None:
    page.goto(at(row))
    page.get_by_label("Tout pointer jusqu’au").fill("31/08/2026")
    page.get_by_role("button", name="Tout pointer").click()
    gap, toast = page.locator(".gap-inside"), page.locator(".toast")
    expect(gap.locator(".gap-left dd")).to_have_text("0,00\u202f€")
    at_gap, at_toast = gap.bounding_box(), toast.bounding_box()
    assert at_gap
    assert at_toast
    assert at_toast["x"] >= at_gap["x"] + at_gap["width"]
