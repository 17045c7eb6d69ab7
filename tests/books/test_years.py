"""From one year to the next: it opens by itself on 1 September, on what the year before ends with, until that one is accepted."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book, Operation
from retkoop.books.opening import keep_opening, opening_of
from retkoop.books.queries import standing_of
from retkoop.books.services import delete_operation
from retkoop.books.writable import Refused
from retkoop.books.years import catch_up, open_due_years, open_year, settle_next, year_to_open
from retkoop.domain.closing import ClosingState
from retkoop.domain.entry import Moves
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState, lamps
from retkoop.network.access import Access
from retkoop.network.models import Coop
from retkoop.upkeep.verification import faults
from retkoop.upkeep.worker import open_the_new_year
from retkoop.year_end.closing.changes import changes_since
from retkoop.year_end.closing.services import accept, reopen
from retkoop.year_end.direct import services as direct
from retkoop.year_end.models import EntryRule
from tests.banking.books_at_hand import YEAR, musee
from tests.books.coops import a_book, at, client_of, keeper, note, plain, said
from tests.cast import ALICE
from tests.year_end.closing.at_hand import reviewing
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

LAST_DAY, FIRST_DAY = date(2026, 8, 31), date(2026, 9, 1)


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """1 028,20 € at the bank, 21,50 € in the box."""
    return musee(alice)


def next_of(book: Book) -> Book:
    return Book.objects.get(coop=book.coop_id, start=book.start + 1)


def opens_with(book: Book) -> tuple[int, int, bool]:
    row = opening_of(book)
    assert row is not None
    return row.bank, row.cash, Book.objects.get(pk=book.pk).opening_follows


def test_on_1_september_and_not_before(alice: Access, book: Book) -> None:
    assert open_due_years(today=LAST_DAY, most=10) == 0
    assert open_due_years(today=FIRST_DAY, most=10) == 1
    assert (next_of(book).year, opens_with(next_of(book))) == (SchoolYear(2026), (1028_20, 21_50, True))
    assert open_due_years(today=FIRST_DAY, most=10) == 0
    assert open_due_years(today=date(2027, 8, 31), most=10) == 0


def test_a_29_february_is_a_day_like_another(alice: Access, book: Book) -> None:
    assert (open_due_years(today=date(2027, 9, 1), most=10), open_due_years(today=date(2028, 2, 29), most=10)) == (0, 0)


def test_some_at_a_time(alice: Access, book: Book) -> None:
    musee(keeper("0920002B"))
    assert [open_due_years(today=FIRST_DAY, most=1) for _ in range(3)] == [1, 1, 0]


def test_a_closed_coop_opens_no_more(alice: Access, book: Book) -> None:
    Coop.objects.filter(rne=ALICE).update(closed_on=date(2026, 7, 10))
    assert open_due_years(today=FIRST_DAY, most=10) == 0


def test_an_empty_year_carries_nothing_over_until_something_is_noted_in_it(alice: Access) -> None:
    empty = a_book(alice)
    assert open_due_years(today=FIRST_DAY, most=10) == 1
    assert opening_of(next_of(empty)) is None
    note(alice, empty, "R1", "2026-06-10", "Kermesse", 40_00)
    assert opens_with(next_of(empty)) == (40_00, 0, True)


def test_the_year_that_ended_may_be_opened_to_send_its_accounts(alice: Access) -> None:
    current = a_book(alice, YEAR.next)
    today = date(2026, 9, 14)
    assert (year_to_open([current], today), year_to_open([current], date(2027, 1, 4))) == (YEAR, None)
    former = open_year(access=alice, year=YEAR, today=today)
    note(alice, former, "R1", "2026-06-10", "Kermesse", 40_00)
    assert opens_with(current) == (40_00, 0, True)
    assert year_to_open([current, former], today) is None


def test_an_opening_typed_in_an_empty_year_stays(alice: Access, book: Book) -> None:
    empty = a_book(alice, YEAR.next)
    keep_opening(access=alice, book=empty, moves=Moves(900_00), version=None, submission=uuid4())
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert opens_with(empty) == (900_00, 0, False)


def test_it_follows_the_year_before(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=date(2026, 7, 4))
    row = note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert opens_with(later) == (1000_00, 21_50, True)
    edited = Operation.objects.get(pk=row.pk)
    delete_operation(access=alice, book=book, key=edited.pk, version=edited.version)
    assert opens_with(later) == (1028_20, 21_50, True)
    later.refresh_from_db()
    bilan = next(lamp for lamp in lamps(standing_of(later, others=[Book.objects.get(pk=book.pk)])) if lamp.name == "bilan")
    assert bilan.state is LampState.GOOD
    actions = AuditEvent.objects.filter(subject=f"books.operation:{opening_of(later).pk}").order_by("sequence")  # type: ignore[union-attr]  # it is there
    assert list(actions.values_list("action", flat=True)) == ["operation.carried"] * 3
    assert list(faults()) == []


def test_and_the_one_after_follows_too(alice: Access, book: Book) -> None:
    open_due_years(today=FIRST_DAY, most=10)
    open_due_years(today=date(2027, 9, 1), most=10)
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert [opens_with(later) for later in Book.objects.filter(start__gt=book.start).order_by("start")] == [(1000_00, 21_50, True)] * 2


def test_what_somebody_typed_stays(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    row = opening_of(later)
    assert row is not None
    keep_opening(access=alice, book=later, moves=Moves(900_00, 0), version=row.version, submission=uuid4())
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert opens_with(later) == (900_00, 0, False)


def test_the_same_typed_again_changes_nothing(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    row = opening_of(later)
    assert row is not None
    keep_opening(access=alice, book=later, moves=Moves(1028_20, 21_50), version=row.version - 1, submission=uuid4())
    assert opens_with(later) == (1028_20, 21_50, True)


def test_it_is_definitive_once_the_year_before_is_accepted(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    for accepted, follows in ((True, False), (False, True)):
        with writing(alice.coop.chain, SYSTEM) as trail:
            settle_next(trail, book, accepted=accepted)
        assert opens_with(later) == (1028_20, 21_50, follows)


def test_reopened_it_does_not_take_over_what_somebody_typed(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    row = opening_of(later)
    assert row is not None
    keep_opening(access=alice, book=later, moves=Moves(900_00, 0), version=row.version, submission=uuid4())
    with writing(alice.coop.chain, SYSTEM) as trail:
        settle_next(trail, book, accepted=False)
    assert opens_with(later) == (900_00, 0, False)


def test_its_page_says_that_it_is_provisional(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    told = "Provisoire, jusqu’à ce que l’année 2025-2026 soit validée"
    assert told in said(client_of(alice).get(at(later, "opening")))
    with writing(alice.coop.chain, SYSTEM) as trail:
        settle_next(trail, book, accepted=True)
    assert told not in said(client_of(alice).get(at(later, "opening")))


def test_the_worker_opens_it(alice: Access, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: FIRST_DAY)
    monkeypatch.setattr("retkoop.upkeep.worker._OPENED", set())
    open_the_new_year()
    open_the_new_year()
    assert opens_with(next_of(book)) == (1028_20, 21_50, True)


def test_the_next_cheque_is_carried_over(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    page = client_of(alice).get(at(later, "cahier") + "?noter=depense")
    assert 'value="2000105"' in page.content.decode()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-50_00, 80_00).filter(bool), min_size=1, max_size=4))
def test_whatever_is_noted_the_next_year_begins_with_it(alice: Access, book: Book, amounts: list[int]) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    for number, amount in enumerate(amounts):
        row = note(alice, book, f"X{number}", "2026-07-10", "Divers", amount)
        if number % 2:
            row = Operation.objects.get(pk=row.pk)
            delete_operation(access=alice, book=book, key=row.pk, version=row.version)
    kept = Book.objects.get(pk=book.pk)
    bank, cash, follows = opens_with(later)
    assert (bank + cash, cash, follows) == (kept.assets, kept.cash, True)


def test_what_could_not_follow_follows_once_the_year_before_is_accepted(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    association = alice.coop.association
    given = {"association": association, "coop": None, "start": later.start, "made_at": timezone.now()}
    EntryRule.objects.create(**given, blocked=True)
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert opens_with(later) == (1028_20, 21_50, True)
    EntryRule.objects.create(**given, blocked=False)
    with writing(alice.coop.chain, SYSTEM) as trail:
        settle_next(trail, book, accepted=True)
    assert opens_with(later) == (1000_00, 21_50, False)


def test_what_is_typed_in_a_year_kept_elsewhere_stays(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    direct.choose_direct(access=alice, book=later)
    row = opening_of(later)
    assert row is not None
    direct.keep_opening(
        access=alice, book=later, moves=Moves(900_00), bank_account=later.bank_account, version=row.version, submission=uuid4()
    )
    direct.leave_direct(access=alice, book=later)
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    assert opens_with(later) == (900_00, 0, False)


def test_a_coop_closed_meanwhile_keeps_no_other_waiting(alice: Access, book: Book) -> None:
    other = musee(keeper("0920002B"))
    due = list(Coop.objects.order_by("pk"))
    Coop.objects.filter(pk=due[0].pk).update(closed_on=date(2026, 9, 1))
    assert open_due_years(today=FIRST_DAY, most=10) == 1
    assert opens_with(next_of(other)) == (1028_20, 21_50, True)


def test_accepting_a_year_voids_no_signature_of_the_next(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    sequence = Chain.objects.get(pk=alice.coop.chain).sequence
    with writing(alice.coop.chain, SYSTEM) as trail:
        settle_next(trail, book, accepted=True)
    assert (opens_with(later)[2], changes_since(later, sequence)) == (False, [])


def test_a_year_that_was_sent_catches_up_once_it_comes_back(alice: Access, book: Book) -> None:
    later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
    in_state(later, ClosingState.SENT)
    note(alice, book, "D90", "2026-07-10", "Livres", -28_20)
    with writing(alice.coop.chain, SYSTEM) as trail:
        settle_next(trail, book, accepted=True, frozen=True)
    assert opens_with(later) == (1028_20, 21_50, True)
    with writing(alice.coop.chain, SYSTEM) as trail:
        catch_up(trail, next_of(book))
    assert opens_with(later) == (1000_00, 21_50, True)


class TestTheOrderOfYears:
    """No year is accepted on an opening that may still change, and none is reopened under one that stands on it."""

    def test_the_one_before_first(self, alice: Access, book: Book) -> None:
        later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
        in_state(later, ClosingState.SENT)
        with pytest.raises(Refused) as refused:
            accept(reviewing=reviewing(alice, next_of(book)))
        assert (
            plain(str(refused.value)) == "Le report à nouveau de cette année est encore provisoire : validez d’abord les comptes 2025-2026."
        )

    def test_none_is_reopened_under_another(self, alice: Access, book: Book) -> None:
        later = open_year(access=alice, year=YEAR.next, today=FIRST_DAY)
        in_state(book, ClosingState.SENT)
        accept(reviewing=reviewing(alice, book))
        in_state(later, ClosingState.SENT)
        with pytest.raises(Refused) as refused:
            reopen(reviewing=reviewing(alice, book), reason="Une erreur.")
        assert plain(str(refused.value)) == (
            "Les comptes 2026-2027 sont déjà transmis et partent de ceux-ci : renvoyez-les d’abord à la coopérative."
        )

    def test_nor_in_a_coop_that_is_closed(self, alice: Access, book: Book) -> None:
        in_state(book, ClosingState.SENT)
        accept(reviewing=reviewing(alice, book))
        Coop.objects.filter(rne=ALICE).update(closed_on=date(2026, 9, 10))
        with pytest.raises(Refused) as refused:
            reopen(reviewing=reviewing(alice, book), reason="Une erreur.")
        assert plain(str(refused.value)) == "Cette coopérative est fermée : ses comptes ne se rouvrent plus."
