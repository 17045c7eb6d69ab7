"""A handover on a laptop and on a telephone, an AD that closes a coop: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Mandate
from retkoop.year_end.handover.ending import CoopEnd, end_coop
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.services import LEAVING
from tests.banking.books_at_hand import musee
from tests.books.coops import a_book, at, client_of, keeper, prove
from tests.cast import CHARLIE, logged_in, make_coop
from tests.conftest import Listen
from tests.year_end.handover.at_hand import LEAVER, SUCCESSOR, administrateur, filled, mandate_of, planned, signed
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

Opened = Callable[[Client], Page]


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    book = musee(alice)
    prove(alice, book)
    return book


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def opened(request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Opened:
    """A browser in which somebody is logged in."""

    def open_for(client: Client) -> Page:
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        return page

    return open_for


def test_axe_finds_nothing_on_the_page_of_a_handover(opened: Opened, alice: Access, book: Book) -> None:
    page, address = opened(client_of(alice)), at(book, "handovers")
    found = [flaws(page, address)]
    mandate_of(alice)
    found.append(flaws(page, address))
    row = planned(alice, book, Mandate.objects.get(), incoming_name="W" * 150)
    found.append(flaws(page, address))
    row = signed(alice, book, filled(alice, book, row), LEAVING)
    found.append(flaws(page, address))
    signed(alice, book, row, "incoming")
    found.append(flaws(page, address))
    assert found == [("", False)] * 5


def test_axe_finds_nothing_on_the_pages_of_the_ad(opened: Opened, alice: Access, book: Book) -> None:
    page = opened(logged_in(administrateur().user))
    mandate_of(alice, "W" * 150, end=timezone.localdate())
    empty = make_coop("0911234B")
    end = {coop.rne: reverse("end_of_coop", kwargs={"department": "91", "rne": coop.rne}) for coop in (alice.coop, empty)}
    due = reverse("mandates_due", kwargs={"department": "91"})
    found = [flaws(page, address) for address in (*end.values(), due)]
    heir = keeper(CHARLIE)
    shut = a_book(heir, SchoolYear.containing(timezone.localdate()))
    how = CoopEnd(timezone.localdate(), "L’école ferme.", empty)
    end_coop(access=administrateur(), coop=heir.coop, end=how, today=timezone.localdate())
    closed = reverse("end_of_coop", kwargs={"department": "91", "rne": CHARLIE})
    found += [flaws(page, closed), flaws(page, at(shut, "cahier"))]
    assert found == [("", False)] * 5


def test_both_sign_by_keyboard_and_by_thumb(opened: Opened, alice: Access, book: Book) -> None:
    mandate_of(alice)
    page = opened(client_of(alice))
    page.goto(at(book, "handovers"))
    page.get_by_label("Son dernier jour").fill("31/08/2026")
    page.get_by_label("Qui arrive, nom et prénom").fill(SUCCESSOR)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="De Mme Perrin à Camille Durand")).to_be_visible()
    for one in page.get_by_role("radio", name="Fait").all():
        one.press("Space")
    page.get_by_label("Dans la caisse").fill("21,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La liste est complète")).to_be_visible()
    for name in (LEAVER, SUCCESSOR):
        page.get_by_label(f"Nom et prénom de {name}").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_text("La signature est enregistrée" if name == LEAVER else "signée des deux côtés")).to_be_visible()
    assert Handover.objects.get().done is True
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Le reçu en PDF").click()
    assert waiting.value.suggested_filename == "Passation-0910000A-2026-08-31.pdf"
