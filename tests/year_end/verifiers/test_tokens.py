"""What a token opens, and that a closed page alone answers any other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.models import Verifier
from retkoop.year_end.verifiers.invitations import end_invitation
from retkoop.year_end.verifiers.tokens import book_to_sign, teachers_token, token_of, verifier_of
from tests.books.coops import said
from tests.clock import Clock
from tests.pages import title
from tests.year_end.verifiers.at_hand import in_state, invited, signed, telephone

pytestmark = pytest.mark.django_db

CLOSED = (
    "Cette page n’est pas ouverte L’adresse est incomplète, ou elle ne sert plus. Demandez la bonne au mandataire de la coopérative : "
    "il peut vous en envoyer une autre."
)
PAGES = ("verifier", "verifier_crf", "verifier_search", "verifier_sign")


@pytest.fixture
def phone() -> Client:
    return telephone()


@pytest.fixture
def verifier(alice: Access, book: Book) -> Verifier:
    return invited(alice, book)


def opened(phone: Client, token: str) -> list[int]:
    """Return how all pages answer to a token; a page that is closed says nothing else."""
    things = [
        reverse("verifier_operation", kwargs={"token": token, "key": 1}),
        reverse("verifier_document_file", kwargs={"token": token, "key": 1}),
    ]
    answers = [phone.get(reverse(name, kwargs={"token": token})) for name in PAGES] + [phone.get(address) for address in things]
    if answers[0].status_code == 404:
        assert [said(answer) for answer in answers] == [CLOSED] * len(answers)
    return [answer.status_code for answer in answers]


def test_a_token_opens_the_pages_of_its_year(phone: Client, verifier: Verifier) -> None:
    assert opened(phone, token_of(verifier)) == [200, 200, 200, 200, 404, 404]
    assert "École Jean-Jaurès · 2025-2026 · Inès Moreau" in said(phone.get(reverse("verifier", kwargs={"token": token_of(verifier)})))


def test_a_guessed_token_shows_nothing(phone: Client, verifier: Verifier) -> None:
    token = token_of(verifier)
    guessed = ["x", "1.abc", f"{verifier.pk}.{verifier.nonce}", f"{token}x", token[:-1], token.replace(":", "."), f"9{token}", "é" * 20]
    assert {one: opened(phone, one) for one in guessed} == dict.fromkeys(guessed, [404] * 6)


def test_a_foreign_token_shows_nothing(phone: Client, book: Book, verifier: Verifier) -> None:
    closing = in_state(book, ClosingState.SIGNING)
    assert opened(phone, teachers_token(closing)) == [404] * 6
    assert phone.get(reverse("emargement", kwargs={"token": token_of(verifier)})).status_code == 404
    assert said(phone.get(reverse("emargement", kwargs={"token": token_of(verifier)}))) == CLOSED


def test_an_ended_invitation_shows_nothing(phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
    end_invitation(access=alice, book=book, key=verifier.pk)
    assert opened(phone, token_of(verifier)) == [404] * 6


def test_an_expired_one_shows_nothing_from_the_next_day_on(
    phone: Client, alice: Access, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 1, 12)
    token = token_of(invited(alice, book))
    clock.set(2026, 10, 16, 23, 59)
    assert opened(phone, token)[0] == 200
    clock.set(2026, 10, 17, 0, 1)
    assert opened(phone, token) == [404] * 6


@pytest.mark.parametrize("state", [ClosingState.SENT, ClosingState.ACCEPTED, ClosingState.CLOSED])
def test_a_year_that_was_sent_shows_nothing(phone: Client, book: Book, verifier: Verifier, state: ClosingState) -> None:
    in_state(book, state)
    assert opened(phone, token_of(verifier)) == [404] * 6


def test_one_that_was_used_thanks(phone: Client, book: Book, verifier: Verifier) -> None:
    in_state(book, ClosingState.SIGNING)
    signature = signed(verifier)
    assert opened(phone, token_of(verifier)) == [200] * 6
    answer = phone.get(reverse("verifier_crf", kwargs={"token": token_of(verifier)}))
    assert said(answer).startswith("Merci ! Inès Moreau, vous avez signé les comptes 2025-2026 de la coopérative « École Jean-Jaurès » le ")
    in_state(book, ClosingState.ACCEPTED)
    assert (title(phone.get(reverse("verifier", kwargs={"token": token_of(verifier)}))), signature.round) == ("Merci\u202f!", 1)


def test_no_browser_keeps_or_tells_the_address(phone: Client, verifier: Verifier) -> None:
    answer = phone.get(reverse("verifier", kwargs={"token": token_of(verifier)}))
    told = [answer[name] for name in ("Cache-Control", "Referrer-Policy", "X-Frame-Options")]
    assert told == ["private, no-store", "same-origin", "DENY"]


def test_a_new_nonce_ends_the_former_address(verifier: Verifier) -> None:
    token = token_of(verifier)
    assert verifier_of(token) == verifier
    new_nonce = Verifier.objects.get(pk=verifier.pk)
    new_nonce.nonce = "another"
    new_nonce.save()
    assert verifier_of(token) is None


def test_the_sheet_of_the_staff_room_opens_while_one_signs(book: Book) -> None:
    closing = in_state(book, ClosingState.SIGNING)
    token = teachers_token(closing)
    assert book_to_sign(token) == book
    in_state(book, ClosingState.SENT)
    assert book_to_sign(token) is None


def test_another_call_to_sign_ends_the_former_sheet(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    token = teachers_token(in_state(book, ClosingState.SIGNING))
    clock.advance(minutes=2)
    again = in_state(book, ClosingState.SIGNING)
    assert (book_to_sign(token), book_to_sign(teachers_token(again))) == (None, book)
