"""The registers in a real browser: nothing that axe finds wrong, and nothing wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book, Operation
from retkoop.network.access import Access
from retkoop.registers.models import InventoryItem
from retkoop.registers.services import tell_spendings
from tests.books.coops import a_book, at, keeper, note
from tests.cast import logged_in
from tests.conftest import Listen
from tests.registers.registers_at_hand import decided, listed, tabled

pytestmark = pytest.mark.django_db(transaction=True)

LAPTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def kept(alice: Access) -> Book:
    """A book whose registers hold something of each, and lack something."""
    book = a_book(alice)
    note(alice, book, "D1", "2025-10-03", "Appareil photo", -289_00, 0, ("68000008", 289_00))
    note(alice, book, "R2", "2025-12-01", "Fondation, atelier lecture", 200_00, 0, ("74800008", 200_00))
    grant = note(alice, book, "R1", "2025-11-10", "Subvention, projet musée", 300_00, 0, ("74100008", 300_00))
    outing = note(alice, book, "D2", "2026-01-14", "Entrées au musée", -184_50)
    listed(alice, book, label="Enceinte portable et ses deux micros sans fil")
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
    decided(alice, book, operations=(outing.pk,), projects=("Musée",))
    return book


@pytest.fixture
def page(new_context: CreateContextCallback, no_complaint: Listen, live_server: LiveServer, alice: Access) -> Page:
    context = new_context(base_url=live_server.url, viewport=LAPTOP)
    session = logged_in(alice.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def addresses(book: Book) -> list[str]:
    grant = Operation.objects.get(book=book, piece="R2")
    return [
        *(at(book, name) for name in ("registers", "inventory", "print_inventory", "new_item", "subsidies", "deliberations")),
        *(at(book, name) for name in ("print_deliberations", "new_deliberation")),
        at(book, "inventory_item", key=InventoryItem.objects.get().pk),
        at(book, "subsidy", key=book.subsidies.get().pk),
        f"{at(book, 'new_subsidy')}?operation={grant.pk}",
        at(book, "deliberation", key=book.deliberations.get().pk),
    ]


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(page: Page, kept: Book, viewport: ViewportSize) -> None:
    page.set_viewport_size(viewport)
    wrong = []
    for address in addresses(kept):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        wrong += [(address, one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        wrong += [(address, "too wide", [])] if wide else []
    assert wrong == []


def test_on_a_telephone_the_date_of_a_thing_stands_beside_its_name(page: Page, kept: Book) -> None:
    page.set_viewport_size(PHONE)
    page.goto(at(kept, "inventory"))
    tops = [
        page.locator(f".dated tbody tr > {cell}").first.evaluate("cell => cell.getBoundingClientRect().top") for cell in (".day", ".wide")
    ]
    assert abs(tops[0] - tops[1]) < 6


@pytest.mark.parametrize("name", ["inventory", "subsidies"])
def test_an_empty_page_has_no_patches_over_its_lines(page: Page, book: Book, name: str) -> None:
    page.goto(at(book, name))
    patches = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    assert set(page.locator(".empty > :is(h2, p)").evaluate_all(patches)) == {"rgba(0, 0, 0, 0)"}


def test_a_purchase_is_listed_in_one_click_and_taken_back_in_another(page: Page, kept: Book) -> None:
    page.goto(at(kept, "inventory"))
    page.get_by_role("button", name="Inscrire à l’inventaire").click()
    expect(page.get_by_text("est à l’inventaire. Dites où il est")).to_be_visible()
    page.get_by_role("link", name="Appareil photo").click()
    page.get_by_role("button", name="Retirer de l’inventaire").click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("La ligne est rétablie.")).to_be_visible()
    assert InventoryItem.objects.filter(label="Appareil photo").count() == 1


def test_on_a_phone_each_figure_of_a_subsidy_has_its_name(page: Page, kept: Book) -> None:
    page.set_viewport_size(PHONE)
    said = "cell => getComputedStyle(cell, '::before').content"
    for address, names in (
        (at(kept, "subsidies"), ["Montant", "Dépensé", "Reste"]),
        (at(kept, "subsidy", key=kept.subsidies.get().pk), ["À financer", "Payé"]),
    ):
        page.goto(address)
        figures = page.locator("tbody tr").first.locator("td.number")
        assert [figures.nth(place).evaluate(said).split('"')[1].strip() for place in range(figures.count())] == names
