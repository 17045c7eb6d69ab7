"""The board in a real browser: the bar, the filters and the boxes; nothing that axe finds wrong, nothing wider than a phone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.network.access import AssociationAccess
from retkoop.network.models import RoleKind
from retkoop.oversight.board.services import follow, keep_view
from retkoop.users.models import User
from tests.cast import association, logged_in, make_coop
from tests.conftest import Listen
from tests.oversight.board.at_hand import JAURES, an_association

pytestmark = pytest.mark.django_db(transaction=True)

LAPTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def page(new_context: CreateContextCallback, no_complaint: Listen, live_server: LiveServer, transactional_db: None, adele: User) -> Page:
    access = AssociationAccess(adele, RoleKind.ADMINISTRATEUR, association())
    coops = an_association()
    follow(access=access, coop=coops[JAURES].coop, user=adele)
    keep_view(access=access, name="Les miennes", query="suivi=moi")
    context = new_context(base_url=live_server.url, viewport=LAPTOP)
    session = logged_in(adele).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    page.goto("/ad/91/")
    return page


def schools(page: Page) -> list[str]:
    return page.locator(".coops tbody .wide > a").all_inner_texts()


@pytest.mark.parametrize("address", ["/ad/91/", "/ad/91/?suivi=moi", "/ad/91/?circo=Massy&retard=oui", "/ad/91/circonscriptions/"])
def test_nothing_is_wrong_or_too_wide(page: Page, address: str) -> None:
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert Axe().run(page).response["violations"] == []


def test_the_bar_and_the_search_change_the_list_in_place(page: Page) -> None:
    page.evaluate("window.here = true")
    page.get_by_role("link", name="1 prêt", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?etat=pret$"))
    assert schools(page) == ["École des Tilleuls"]
    page.get_by_role("link", name="1 prêt", exact=True).click()
    expect(page.locator("#trouvees [role=status]")).to_have_text("4 coopératives")
    page.keyboard.press("/")
    page.keyboard.type("evry")
    expect(page).to_have_url(re.compile(r"[?&]q=evry"))
    assert schools(page) == ["École Jean-Jaurès", "École du Port"]
    expect(page.get_by_label("Chercher un RNE")).to_be_focused()
    page.get_by_role("link", name="École", exact=True).click()
    expect(page.locator("[aria-sort=ascending]")).to_have_text("École")
    page.get_by_text("Filtrer", exact=True).click()
    page.get_by_label("Suivies par").select_option("Moi")
    expect(page.locator("#trouvees [role=status]")).to_have_text("1 coopérative sur 4")
    assert (schools(page), page.evaluate("window.here")) == (["École Jean-Jaurès"], True)


def test_what_is_missing_is_told_on_demand(page: Page) -> None:
    row = page.locator("tr", has_text="École Neuve")
    expect(row.get_by_text("compte à activer, rien de saisi")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_text("compte à activer, rien de saisi")).to_be_visible()


def test_rows_are_ticked_one_by_one_in_a_run_or_all(page: Page) -> None:
    boxes, count, act = page.locator("input[name=rne]"), page.locator("[data-count]"), page.get_by_role("button", name="Relancer")
    expect(act).to_be_disabled()
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(count).to_have_text("3")
    page.get_by_role("link", name="Tout cocher").click()
    expect(count).to_have_text("4")
    page.get_by_role("link", name="Tout cocher").click()
    expect(count).to_have_text("0")
    page.locator("#tri-ecole").focus()
    page.keyboard.press("a")
    expect(count).to_have_text("4")
    expect(page.get_by_role("link", name="Tout cocher")).to_be_focused()
    page.keyboard.press("a")
    boxes.nth(1).check()
    page.keyboard.press("b")
    expect(page.locator(".bulk p")).to_be_focused()
    act.click()
    expect(page).to_have_url(re.compile("/relances/"))


def test_the_others_follow_whoever_comes_down_to_them(page: Page) -> None:
    for number in range(100):
        make_coop(f"0913{number:03d}A")
    page.goto("/ad/91/")
    boxes = page.locator("input[name=rne]")
    expect(boxes).to_have_count(100)
    page.get_by_role("link", name="Tout cocher").click()
    expect(page.locator("[data-count]")).to_have_text("104")
    page.goto("/ad/91/")
    boxes.nth(1).check()
    page.get_by_role("link", name="Afficher les 4 autres").scroll_into_view_if_needed()
    expect(boxes).to_have_count(104)
    assert (page.locator("input[name=rne]:checked").count(), page.locator(".rest").count()) == (1, 0)


def test_it_works_without_a_script(page: Page, new_context: CreateContextCallback, live_server: LiveServer) -> None:
    context = new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what it gave, it takes
    bare = context.new_page()
    bare.goto("/ad/91/?q=evry")
    bare.get_by_role("link", name="Tout cocher").click()
    assert bare.locator("input[name=rne]:checked").count() == 2
    bare.get_by_label("Chercher un RNE").fill("massy")
    bare.get_by_role("button", name="Chercher").click()
    assert schools(bare) == ["École des Tilleuls", "École Neuve"]
