"""Who opens the coop after a handover, and from which day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Role
from retkoop.network.services import AlreadyThere, end_mandate, give_mandate, invite_keeper
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from retkoop.users.services import activate, return_to_initial_state
from retkoop.year_end.handover.passing import pass_access
from tests.banking.books_at_hand import count
from tests.books.coops import at, client_of
from tests.cast import ALICE, PASSWORD
from tests.clock import Clock
from tests.year_end.handover.at_hand import LAST_DAY, LEAVER, SUCCESSOR, administrateur, filled, planned, signed
from tests.year_end.verifiers.at_hand import letters

pytestmark = pytest.mark.django_db


FIRST_DAY = LAST_DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 8, 20, 10, 0)
    return clock


@pytest.fixture
def camille(alice: Access) -> User:
    """Somebody who keeps the coop's books with an account of their own."""
    user = invite_keeper(author=SYSTEM, coop=alice.coop, email="lea.perrin@exemple.fr", name=LEAVER, start=date(2025, 9, 1))
    return activate(user=user, password=PASSWORD)


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        verb()
    return str(refusal.value).replace("\u202f", " ")


class TestAccesses:
    def test_the_own_account_of_who_leaves_ends_by_itself(self, alice: Access, book: Book, camille: User, clock: Clock) -> None:
        role = Role.objects.get(user=camille)
        signed(alice, book, filled(alice, book, planned(alice, book, leaving_role=role.pk)))
        clock.set(2026, 8, 31, 23, 59)
        assert open_coop(camille, ALICE, to_write=True).coop == alice.coop
        clock.set(2026, 9, 1, 0, 1)
        with pytest.raises(Http404):
            open_coop(camille, ALICE)
        assert AuditEvent.objects.filter(actor=camille).count() > 0

    def test_who_comes_opens_the_coop_from_their_first_day_on(self, alice: Access, book: Book, clock: Clock) -> None:
        signed(alice, book, filled(alice, book, incoming_email="Camille@exemple.fr"))
        user = User.objects.get(username="camille@exemple.fr")
        assert (user.name, user.family, user.activated_at) == (SUCCESSOR, User.Family.PERSON, None)
        with pytest.raises(Http404):
            open_coop(user, ALICE)
        clock.set(2026, 9, 1, 8, 0)
        assert open_coop(user, ALICE, to_write=True).coop == alice.coop

    def test_the_shared_account_is_closed_the_day_after(self, alice: Access, book: Book, clock: Clock, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        signed(alice, book, filled(alice, book, incoming_email="camille@exemple.fr"))
        assert DBTaskResult.objects.ready().count() == 0
        assert User.objects.get(username=ALICE).activated_at is not None
        clock.set(2026, 9, 1, 0, 6)
        letters()
        assert User.objects.get(username=ALICE).activated_at is None
        letters()
        sent = {letter.subject: letter.to for letter in mail.outbox}
        assert sent == {
            "École Jean-Jaurès : choisissez le mot de passe du compte": ["camille@exemple.fr"],
            "École Jean-Jaurès : votre compte dans Retkoop": ["camille@exemple.fr"],
        }
        assert all("/activation/" in str(letter.body) for letter in mail.outbox)
        assert list(faults()) == []

    def test_from_midnight_on_nobody_is_in_it_before_any_task(self, alice: Access, book: Book, clock: Clock) -> None:
        signed(alice, book, filled(alice, book))
        clock.set(2026, 8, 31, 23, 59, 59)
        leaver, home = client_of(alice), at(book, "home")
        seen = [(leaver.get(home).status_code, Client().login(username=ALICE, password=PASSWORD))]
        clock.set(2026, 9, 1)
        seen.append((leaver.get(home).status_code, Client().login(username=ALICE, password=PASSWORD)))
        assert seen == [(200, True), (302, False)]
        clock.set(2026, 9, 1, 0, 6)
        letters()
        shared = User.objects.get(username=ALICE)
        assert (shared.closes_at, shared.activated_at) == (None, None)
        activate(user=shared, password=PASSWORD)
        assert Client().login(username=ALICE, password=PASSWORD)
        assert list(faults()) == []

    def test_an_account_that_was_not_activated_opens_again_too(self, alice: Access, book: Book, clock: Clock) -> None:
        return_to_initial_state(author=SYSTEM, user=User.objects.get(username=ALICE))
        signed(alice, book, filled(alice, book))
        clock.set(2026, 9, 1, 0, 6)
        letters()
        assert User.objects.get(username=ALICE).closes_at is None

    def test_a_day_that_is_over_does_it_at_once(self, alice: Access, book: Book) -> None:
        signed(alice, book, filled(alice, book, day=date(2026, 8, 19)))
        assert DBTaskResult.objects.ready().count() == 1

    def test_it_is_done_once(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book))
        pass_access(key=row.pk)
        activate(user=User.objects.get(username=ALICE), password=PASSWORD)
        pass_access(key=row.pk)
        assert User.objects.get(username=ALICE).activated_at is not None
        assert AuditEvent.objects.filter(action="handover.passed").count() == 1

    def test_the_shared_account_may_stay(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book, renews_account=False))
        pass_access(key=row.pk)
        shared = User.objects.get(username=ALICE)
        assert (shared.activated_at is not None, shared.closes_at) == (True, None)

    def test_an_account_that_is_there_is_not_made_twice(self, alice: Access, book: Book, camille: User) -> None:
        end_mandate(
            author=SYSTEM, mandate=give_mandate(author=SYSTEM, coop=alice.coop, holder="X", start=date(2025, 9, 1)), last_day=LAST_DAY
        )
        signed(alice, book, filled(alice, book, incoming_email=camille.email))
        assert Role.objects.filter(user=camille).count() == 1

    def test_the_address_of_another_account_is_not_taken(self, alice: Access) -> None:
        with pytest.raises(AlreadyThere):
            invite_keeper(author=SYSTEM, coop=alice.coop, email=ALICE, name="X", start=LAST_DAY)

    def test_the_ad_is_told(self, alice: Access, book: Book, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        user = administrateur().user
        User.objects.filter(pk=user.pk).update(email="ad@exemple.fr")
        signed(alice, book, filled(alice, book))
        (letter,) = letters()
        assert (letter.to, letter.subject) == (["ad@exemple.fr"], "École Jean-Jaurès (0910000A) : une passation est signée")


def test_an_operation_of_who_left_keeps_their_name(alice: Access, book: Book, camille: User) -> None:
    role = Role.objects.get(user=camille)
    theirs = open_coop(camille, ALICE, to_write=True)
    signed(alice, book, filled(alice, book, planned(alice, book, leaving_role=role.pk)))
    count(theirs, book, date(2026, 8, 30), {20_00: 1})
    names = set(AuditEvent.objects.filter(chain=alice.coop.chain, actor=camille).values_list("actor_name", flat=True))
    assert names == {LEAVER}
