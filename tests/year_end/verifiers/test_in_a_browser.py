"""A vérificateur on a telephone, a mandataire on a laptop: nothing for axe to find, nothing sticks out, by thumb and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.books.models import Book, Operation
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.models import Signature, Verifier
from retkoop.year_end.verifiers.sample import sample_of
from retkoop.year_end.verifiers.tokens import teachers_token, token_of
from tests.archive.sent import receive
from tests.banking.books_at_hand import musee
from tests.books.coops import at, client_of, keeper, note, prove
from tests.conftest import Listen
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws
from tests.year_end.verifiers.at_hand import OTHER, all_signed, code_in, in_state, invited, letters, mandate


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """The musée with a name without end and an invoice, waiting for signatures."""
    book = musee(alice)
    prove(alice, book)
    note(alice, book, "D9", "2026-03-02", "W" * 200, 0, -5_00)
    receive(alice, book, operation=Operation.objects.get(book=book, piece="D03").pk)
    mandate(alice)
    in_state(book, ClosingState.SIGNING)
    return book


@pytest.fixture
def verifier(alice: Access, book: Book) -> Verifier:
    return invited(alice, book)


def to(verifier: Verifier, name: str = "verifier", **parts: object) -> str:
    return reverse(name, kwargs={"token": token_of(verifier), **parts})


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Page:
    """A browser in which the coop is logged in."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


@pytest.fixture
def phone(live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Page:
    """A telephone on which nobody is logged in."""
    touch: dict[str, Any] = {**PHONE, "has_touch": True, "is_mobile": True}
    page = new_context(base_url=live_server.url, reduced_motion="reduce", **touch).new_page()
    no_complaint(page)
    return page


def test_axe_finds_nothing_on_the_pages_of_a_verificateur(page: Page, book: Book, verifier: Verifier) -> None:
    drawn = sample_of(book, book.closing)
    keys = [drawn.largest[0], Operation.objects.get(book=book, piece="D03").pk]
    addresses = [
        to(verifier),
        to(verifier, "verifier_search") + "?q=a",
        to(verifier, "verifier_sign"),
        *(to(verifier, "verifier_operation", key=key) for key in keys),
        reverse("emargement", kwargs={"token": teachers_token(book.closing)}),
        reverse("verifier", kwargs={"token": "x"}),
    ]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_axe_finds_nothing_on_the_page_of_the_coop(page: Page, alice: Access, book: Book, verifier: Verifier) -> None:
    address = at(book, "verifiers")
    found = [flaws(page, address)]
    Verifier.objects.all().delete()
    all_signed(alice, book)
    found.append(flaws(page, address))
    note(alice, book, "D10", "2026-05-04", "Livre", -10_00)
    found.append(flaws(page, address))
    assert found == [("", False)] * 3


def test_from_the_mail_to_the_signature_on_a_telephone(
    phone: Page, alice: Access, book: Book, settings: Settings, live_server: LiveServer
) -> None:
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, live_server.url
    invited(alice, book)
    (invitation,) = letters()
    phone.goto(next(line for line in str(invitation.body).splitlines() if line.startswith("http")))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Vérifier les comptes")
    phone.get_by_role("link", name="D03 Entrées et car, musée").tap()
    expect(phone.get_by_role("img", name="facture car, page 1 sur 1")).to_be_visible()
    phone.get_by_role("link", name="Retour aux opérations").tap()
    phone.get_by_role("link", name="Chercher une autre opération").tap()
    phone.get_by_label("Pièce, libellé, montant ou date").fill("300")
    phone.get_by_role("button", name="Chercher").tap()
    phone.get_by_role("button", name="R04 Subvention, projet musée").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("R04")
    phone.get_by_role("link", name="Les comptes").tap()
    phone.get_by_role("link", name="Répondre et signer").tap()
    expect(phone.get_by_role("radio", name="Oui", exact=True)).to_have_count(8)
    for yes in phone.get_by_role("radio", name="Oui", exact=True).all():
        yes.check()
    phone.get_by_label("Commentaire").fill("Comptes très clairs.")
    phone.get_by_label("Réserves").fill("Le ticket D12 manque.")
    phone.get_by_role("button", name="Recevoir un code par courriel").tap()
    expect(phone.get_by_label("Commentaire")).to_have_value("Comptes très clairs.")
    phone.get_by_label("Code à six chiffres").fill(code_in(letters()[-1]))
    phone.get_by_label("Code à six chiffres").press("Enter")  # signs, and asks for no other code
    expect(phone.get_by_role("heading", level=1)).to_have_text("Merci\u202f!")
    signature = Signature.objects.get()
    assert set(signature.answers["answers"].values()) == {"Oui"}
    assert (signature.name, signature.way, signature.comment, signature.reserves) == (
        "Inès Moreau",
        "mail",
        "Comptes très clairs.",
        "Le ticket D12 manque.",
    )


def test_a_teacher_signs_in_the_staff_room(phone: Page, book: Book) -> None:
    phone.goto(reverse("emargement", kwargs={"token": teachers_token(book.closing)}))
    phone.get_by_label("Votre nom et votre prénom").fill("Léo Petit")
    phone.get_by_role("button", name="Signer l’émargement").tap()
    expect(phone.get_by_text("Merci, Léo Petit")).to_be_visible()


def test_by_keyboard_alone_the_mandataire_invites_hands_a_code_and_signs(page: Page, alice: Access, book: Book) -> None:
    page.goto(at(book, "verifiers"))
    page.get_by_label("Nom et prénom", exact=True).focus()
    page.keyboard.type(OTHER.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Paul Girard")).to_be_visible()
    page.get_by_role("button", name="Donner un code à Paul Girard").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Code à remettre")
    page.get_by_role("link", name="C’est fait").press("Enter")
    page.get_by_label("Mot de passe du compte").focus()
    page.keyboard.type("quatre girafes violettes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mme Perrin a signé.")).to_be_visible()
