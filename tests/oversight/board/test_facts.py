"""What is known of every coop of an AD in one year, and that it is what the coop's own pages know."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from retkoop.assistance.models import Thread
from retkoop.audit.services import SYSTEM
from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book
from retkoop.books.queries import books_of, standing_of
from retkoop.domain.board import CraProgress
from retkoop.domain.closing import ClosingState
from retkoop.domain.standing import LampState, lamps
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting, end_role, give_mandate
from retkoop.oversight.board.queries import facts_of, rule_of
from retkoop.oversight.board.services import follow
from retkoop.users.models import User
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.services import explain, rule_entry
from retkoop.year_end.models import EntryRule
from tests.books.coops import FORMER, YEAR, a_book, keeper, note, open_with
from tests.cast import FAR_AWAY, association, make_coop
from tests.clock import Clock
from tests.oversight.board.at_hand import JAURES, NEW, PORT, TILLEULS, an_association, facts
from tests.year_end.closing.at_hand import page_of, ready
from tests.year_end.cra.at_hand import begin_cra, finish_cra
from tests.year_end.verifiers.at_hand import in_state, invited, signed

pytestmark = pytest.mark.django_db


def told_lamps(book: Book) -> tuple[LampState, ...]:
    current = next(one for one in books_of(book.coop) if one.pk == book.pk)
    return tuple(lamp.state for lamp in lamps(standing_of(current)))


def test_a_coop_that_nobody_has_opened() -> None:
    make_coop(NEW, "École Neuve", "Massy")
    one = facts(NEW)
    assert (one.name, one.commune, one.activated, one.has_mandate, one.has_book, one.lamps) == (
        "École Neuve",
        "Massy",
        False,
        False,
        False,
        (LampState.TODO,) * 3,
    )
    assert (one.closing, one.cra, one.signatures, one.signatures_needed, one.followed_by) == (
        ClosingState.PREPARING,
        CraProgress.NONE,
        0,
        2,
        "",
    )


def test_each_coop_of_the_ad_and_no_other() -> None:
    an_association()
    make_coop(FAR_AWAY, "École du Large", "Bordeaux")
    found = facts_of(association(), YEAR)
    assert [(one.rne, one.closing, one.mandataire, one.has_book, one.operation_count) for one in found] == [
        (JAURES, ClosingState.PREPARING, "Mme Perrin", True, 1),
        (TILLEULS, ClosingState.SENT, "M. Petit", True, 1),
        (PORT, ClosingState.ACCEPTED, "", True, 1),
        (NEW, ClosingState.PREPARING, "", False, 0),
    ]
    assert [one.has_book for one in facts_of(association(), FORMER)] == [False] * 4


def test_the_lamps_are_those_of_its_pages() -> None:
    alice = keeper()
    book = a_book(alice)
    assert facts().lamps == told_lamps(book) == (LampState.TODO,) * 3
    open_with(alice, book, bank=500_00, cash=40_00)
    note(alice, book, "D1", "2025-10-02", "Livres", -100_00)
    assert facts().lamps == told_lamps(book) == (LampState.GOOD, LampState.TODO, LampState.TODO)
    record_statement(access=alice, book=book, number="1", day=date(2026, 8, 31), account_balance=499_00, submission=uuid.uuid4())
    record_cash_count(access=alice, book=book, day=date(2026, 8, 31), quantities={20_00: 1}, submission=uuid.uuid4())
    assert facts().lamps == told_lamps(book) == (LampState.GOOD, LampState.BAD, LampState.BAD)
    note(alice, book, "R1", "2026-09-02", "Vente", 0, 5_00)
    assert facts().lamps == told_lamps(book)


def test_what_was_found_and_what_was_explained() -> None:
    alice = keeper()
    book = a_book(alice)
    note(alice, book, "D1", "2025-10-02", "Divers", -1_200_00)
    note(alice, book, "D2", "2025-10-02", "Divers", -1_200_00)
    page = Preparation(page_of(alice, book))
    waiting = [one for one in page.alertes if not one.done]
    one = facts()
    errors = sum(told.severity == "erreur" for told in page.findings)
    assert (one.errors, one.unexplained, one.unproven, one.lacks_statement) == (errors, len(waiting), 2, True)
    for number, alerte in enumerate(waiting, start=1):
        explain(
            access=alice, book=book, code=alerte.told.code, operation=alerte.operation, message=alerte.told.message, text="C’est normal."
        )
        assert facts().unexplained == len(waiting) - number
    first = waiting[0]
    explain(access=alice, book=book, code=first.told.code, operation=first.operation, message="Autre chose.", text="C’est normal.")
    assert facts().unexplained == 1


def test_a_finding_counts_from_its_day_on(clock: Clock) -> None:
    alice = keeper()
    note(alice, a_book(alice), "D1", "2025-10-02", "Livres", -10_00)
    clock.set(2026, 8, 31, 9)
    during = facts().lacks_statement
    clock.set(2026, 9, 1, 9)
    assert (during, facts().lacks_statement) == (False, True)


def test_a_year_that_is_ready_to_be_signed_misses_signatures_alone() -> None:
    alice = keeper()
    book = a_book(alice)
    note(alice, book, "D1", "2025-10-02", "Livres", -10_00)
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Mme Perrin", start=date(2025, 9, 1))
    ready(alice, book)
    assert (facts().unexplained, facts().lacks_statement, facts().cra) == (0, False, CraProgress.DONE)


def test_the_cra_and_the_signatures() -> None:
    alice = keeper()
    book = a_book(alice)
    begin_cra(alice, book)
    assert facts().cra is CraProgress.BEGUN
    finish_cra(alice, book)
    in_state(book, ClosingState.SIGNING)
    assert (facts().cra, facts().signatures) == (CraProgress.DONE, 0)
    signed(invited(alice, book))
    assert (facts().signatures, facts().signatures_needed) == (1, 2)


def test_mandates_of_today() -> None:
    coop = make_coop()
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Ancienne", start=date(2024, 9, 1), end=date(2026, 9, 19))
    assert facts().has_mandate is False
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=date(2025, 9, 1), end=date(2026, 9, 20))
    give_mandate(author=SYSTEM, coop=coop, holder="M. Petit", start=date(2025, 9, 1), end=date(2026, 12, 31))
    one = facts()
    assert (one.has_mandate, one.mandataire, one.mandate_end, one.signatures_needed) == (
        True,
        "Mme Perrin, M. Petit",
        date(2026, 12, 31),
        4,
    )
    give_mandate(author=SYSTEM, coop=coop, holder="M. Long", start=date(2025, 9, 1))
    assert facts().mandate_end is None


def test_when_it_logged_in_is_told_as_its_clock_does(alice: Access) -> None:
    User.objects.filter(pk=alice.user.pk).update(last_login=datetime(2026, 9, 1, 23, 30, tzinfo=ZoneInfo("UTC")))
    one = facts()
    assert (one.activated, one.last_login) == (True, date(2026, 9, 2))


@pytest.fixture
def alice(db: None) -> Access:
    return keeper()


def test_entry_that_the_ad_has_closed(alice: Access, adele: User) -> None:
    other = make_coop(NEW)
    admin = AssociationAccess(adele, RoleKind.ADMINISTRATEUR, association())
    rule_entry(access=admin, coop=None, start=2025, blocked=True, until=None)
    assert [facts(rne).entry_blocked for rne in (JAURES, NEW)] == [True, True]
    rule_entry(access=admin, coop=alice.coop, start=2025, blocked=False, until=None)
    assert [facts(rne).entry_blocked for rne in (JAURES, NEW)] == [False, True]
    rule_entry(access=admin, coop=other, start=2025, blocked=False, until=date(2026, 9, 19))
    assert [facts(rne).entry_blocked for rne in (JAURES, NEW)] == [False, True]
    assert EntryRule.objects.count() == 3


def test_help_that_nobody_has_closed(alice: Access) -> None:
    book = a_book(alice)
    for closed in (None, None, timezone.now()):
        Thread.objects.create(
            coop=alice.coop, book=book, topic="Aide", opened_by=alice.user, opener="Alice", opened_at=timezone.now(), closed_at=closed
        )
    assert facts().open_help == 2


def test_whoever_follows_it_as_long_as_their_role_runs(alice: Access, staff: AssociationAccess, bob: User) -> None:
    follow(access=staff, coop=alice.coop, user=bob)
    assert (facts().follower, facts().followed_by) == (bob.pk, "Bob")
    end_role(author=SYSTEM, role=bob.roles.get())
    assert (facts().follower, facts().followed_by) == (None, "")


def test_a_coop_that_had_ended_before_the_year_is_left_out(alice: Access) -> None:
    Coop.objects.filter(pk=alice.coop.pk).update(closed_on=date(2025, 8, 31))
    assert facts_of(association(), YEAR) == ()
    Coop.objects.filter(pk=alice.coop.pk).update(closed_on=date(2025, 9, 1))
    assert facts().closed_on == date(2025, 9, 1)


def test_what_an_ad_sets_for_a_year() -> None:
    assert (rule_of(association(), YEAR).due, rule_of(association(), YEAR).verifiers) == (date(2026, 9, 30), 2)
    change_setting(author=SYSTEM, association=association(), from_year=2025, name="verifier_count", value=3)
    change_setting(author=SYSTEM, association=association(), from_year=2025, name="crf_due_days", value=45)
    assert (rule_of(association(), YEAR).due, rule_of(association(), YEAR).verifiers) == (date(2026, 10, 15), 3)


def test_it_costs_the_same_for_any_number_of_coops(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    an_association()
    ad = association()
    rule = rule_of(ad, YEAR)
    with django_assert_num_queries(2):
        facts_of(ad, YEAR, rule)
    for number in range(56):
        make_coop(f"0913{number:03d}A")
    with django_assert_num_queries(2):
        assert len(facts_of(ad, YEAR, rule)) == 60
