from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.services import point, record_statement
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.opening import (
    add_carried_item,
    carried_items_of,
    choose_bank_account,
    keep_opening,
    opening_of,
    proposed_moves,
    remove_carried_item,
    restore_carried_item,
)
from retkoop.books.queries import account_totals_of, books_of, operation_of, standing_of
from retkoop.books.services import EditedMeanwhile, delete_operation
from retkoop.books.writable import Refused
from retkoop.domain.chart import BANK, POSTAL
from retkoop.domain.entry import Moves
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from tests.books.coops import FORMER, YEAR, a_book, keeper, note, open_with, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture(autouse=True)
def _whole(db: None) -> Any:  # noqa: ANN401 -- a generator
    """Whatever a verb did, what is kept still follows and the trail holds."""
    yield
    assert list(faults()) == []


def now(book: Book) -> Book:
    return Book.objects.select_related("coop__association").get(pk=book.pk)


def keep(access: Access, book: Book, moves: Moves, version: int | None, submission: uuid.UUID | None = None) -> Operation:
    return keep_opening(access=access, book=book, moves=moves, version=version, submission=submission or uuid.uuid4())


def add(access: Access, book: Book, day: str = "2025-06-24", bank: int = -312_00, submission: uuid.UUID | None = None) -> CarriedItem:
    return add_carried_item(
        access=access,
        book=book,
        day=date.fromisoformat(day),
        label="Car de la classe de mer",
        bank=bank,
        piece="D58",
        cheque="1000098",
        submission=submission or uuid.uuid4(),
    )


def last_event() -> tuple[str, str]:
    event = AuditEvent.objects.order_by("-pk")[0]
    return event.action, event.actor_name


class TestOpening:
    def test_it_is_noted_on_the_first_day(self, alice: Access, book: Book) -> None:
        row = keep(alice, book, Moves(1200_00, 34_56), None)
        assert (row.piece, row.date, row.label) == ("RAN", date(2025, 9, 1), "Report à nouveau de l’année 2024-2025")
        assert [(line.account, line.debit, line.credit) for line in row.lines.all()] == [
            ("512", 1200_00, 0),
            ("530", 34_56, 0),
            ("110", 0, 1234_56),
        ]
        assert (now(book).has_opening, now(book).opening_bank, now(book).opening_cash) == (True, 1200_00, 34_56)
        assert last_event() == ("operation.recorded", "École Jean-Jaurès")

    def test_nothing_at_all_is_an_opening_too(self, alice: Access, book: Book) -> None:
        keep(alice, book, Moves(), None)
        assert now(book).has_opening

    def test_it_is_corrected(self, alice: Access, book: Book) -> None:
        first = keep(alice, book, Moves(1200_00, 34_56), None)
        keep(alice, book, Moves(1200_00, 34_65, 15_00), first.version)
        row = opening_of(book)
        assert row is not None
        assert (row.pk, row.bank, row.cash, row.regie) == (first.pk, 1200_00, 34_65, 15_00)
        assert last_event() == ("operation.edited", "École Jean-Jaurès")

    def test_a_resend_is_known(self, alice: Access, book: Book) -> None:
        submission = uuid.uuid4()
        keep(alice, book, Moves(1200_00), None, submission)
        with pytest.raises(AlreadySubmitted):
            keep(alice, book, Moves(1200_00), None, submission)

    def test_a_correction_sent_twice_changes_nothing_more(self, alice: Access, book: Book) -> None:
        row = keep(alice, book, Moves(1200_00), None)
        keep(alice, book, Moves(1300_00), row.version)
        assert keep(alice, book, Moves(1300_00), row.version).version == row.version + 1

    def test_two_first_times_tell_the_second_what_the_first_said(self, alice: Access, book: Book) -> None:
        keep(alice, book, Moves(1200_00), None)
        with pytest.raises(EditedMeanwhile) as meanwhile:
            keep(alice, book, Moves(1300_00), None)
        assert meanwhile.value.current == opening_of(book)

    def test_two_corrections_tell_the_second_what_the_first_said(self, alice: Access, book: Book) -> None:
        row = keep(alice, book, Moves(1200_00), None)
        keep(alice, book, Moves(1300_00), row.version)
        with pytest.raises(EditedMeanwhile) as meanwhile:
            keep(alice, book, Moves(1400_00), row.version)
        assert meanwhile.value.current == opening_of(book)
        assert now(book).opening_bank == 1300_00

    def test_one_that_is_gone_is_told(self, alice: Access, book: Book) -> None:
        row = keep(alice, book, Moves(1200_00), None)
        delete_operation(access=alice, book=book, key=row.pk, version=row.version)
        with pytest.raises(EditedMeanwhile) as meanwhile:
            keep(alice, book, Moves(1300_00), row.version)
        assert meanwhile.value.current is None


class TestProposal:
    def test_last_year_s_closing_is_proposed(self, alice: Access, book: Book) -> None:
        former = a_book(alice, FORMER)
        open_with(alice, former, 1000_00, 20_00, 30_00)
        note(alice, former, "D1", "2025-06-01", "Entrées au musée", -100_00)
        assert proposed_moves(book, books_of(alice.coop)) == Moves(900_00, 20_00, 30_00)

    def test_a_postal_account_is_a_bank_too(self, alice: Access, book: Book) -> None:
        former = a_book(alice, FORMER)
        choose_bank_account(access=alice, book=former, bank_account=POSTAL)
        open_with(alice, now(former), 1000_00)
        assert proposed_moves(book, books_of(alice.coop)) == Moves(1000_00)

    def test_nothing_is_proposed_of_a_year_that_is_unknown_or_empty(self, alice: Access, book: Book) -> None:
        assert proposed_moves(book, books_of(alice.coop)) is None
        a_book(alice, FORMER)
        open_with(alice, a_book(alice, FORMER.previous), 1000_00)
        assert proposed_moves(book, books_of(alice.coop)) is None


class TestBankAccount:
    def test_it_is_chosen(self, alice: Access, book: Book) -> None:
        choose_bank_account(access=alice, book=book, bank_account=POSTAL)
        assert now(book).bank_account == POSTAL
        assert last_event() == ("book.account_chosen", "École Jean-Jaurès")

    def test_the_same_leaves_no_trace(self, alice: Access, book: Book) -> None:
        events = AuditEvent.objects.count()
        choose_bank_account(access=alice, book=book, bank_account=BANK)
        assert AuditEvent.objects.count() == events

    def test_the_opening_follows(self, alice: Access, book: Book) -> None:
        opening = open_with(alice, book, 1200_00, 34_56)
        choose_bank_account(access=alice, book=book, bank_account=POSTAL)
        row = operation_of(now(book), opening.pk)
        assert row is not None
        assert [(line.account, line.debit, line.credit) for line in row.lines.all()] == [
            ("514", 1200_00, 0),
            ("530", 34_56, 0),
            ("110", 0, 1234_56),
        ]
        totals = account_totals_of(now(book))
        assert {account: total.net for account, total in totals.items()} == {"514": 1200_00, "530": 34_56, "110": -1234_56}
        assert list(faults()) == []

    def test_it_stays_once_the_bank_has_moved(self, alice: Access, book: Book) -> None:
        open_with(alice, book, 0, 20_00)
        choose_bank_account(access=alice, book=book, bank_account=POSTAL)
        note(alice, now(book), "R1", "2025-10-01", "Kermesse", 100_00)
        with pytest.raises(Refused) as refusal:
            choose_bank_account(access=alice, book=book, bank_account=BANK)
        assert str(
            refusal.value
        ) == "De l’argent est déjà passé par la banque cette année : ce compte ne peut plus changer de nature.".replace(" :", "\u202f:")
        assert now(book).bank_account == POSTAL


class TestCarriedItems:
    def test_one_is_written_down_and_counts_in_the_reconciliation(self, alice: Access, book: Book) -> None:
        later = a_book(alice, YEAR.next)
        item = add(alice, book)
        assert (item.piece, item.date, item.label, item.cheque, item.bank) == (
            "D58",
            date(2025, 6, 24),
            "Car de la classe de mer",
            "1000098",
            -312_00,
        )
        assert [now(book).has_carried_items, now(later).has_carried_items] == [True, False]
        for one in (book, later):
            bank = standing_of(now(one)).reconciliation
            assert (bank.unpointed, bank.unpointed_count) == (-312_00, 1)
        assert last_event() == ("carried_item.recorded", "École Jean-Jaurès")

    def test_the_findings_follow(self, alice: Access, book: Book) -> None:
        open_with(alice, book, 1000_00)
        later = a_book(alice, YEAR.next)
        for one in (book, later):
            record_statement(access=alice, book=one, number="", day=one.year.last_day, account_balance=1312_00, submission=uuid.uuid4())
        item = add(alice, book)
        assert not book.findings.filter(code="rapprochement").exists()
        remove_carried_item(access=alice, book=book, key=item.pk)
        assert book.findings.filter(code="rapprochement").exists()

    def test_a_resend_is_known(self, alice: Access, book: Book) -> None:
        submission = uuid.uuid4()
        add(alice, book, submission=submission)
        with pytest.raises(AlreadySubmitted):
            add(alice, book, submission=submission)
        assert len(carried_items_of(book)) == 1

    @pytest.mark.parametrize("day", ["2025-09-01", "2026-01-14", "2027-01-01"])
    def test_it_is_of_before(self, alice: Access, book: Book, day: str) -> None:
        with pytest.raises(Refused) as refusal:
            add(alice, book, day)
        assert plain(str(refusal.value)) == "Ici, les opérations d’avant le 1er septembre 2025. Notez celle-ci dans le cahier."
        assert carried_items_of(book) == []

    def test_they_stand_by_date(self, alice: Access, book: Book) -> None:
        late, early = add(alice, book, "2025-08-31"), add(alice, book, "2024-11-02", 20_00)
        assert carried_items_of(book) == [early, late]

    def test_one_is_taken_back_and_brought_again(self, alice: Access, book: Book) -> None:
        item = add(alice, book)
        remove_carried_item(access=alice, book=book, key=item.pk)
        assert (carried_items_of(book), now(book).has_carried_items) == ([], False)
        assert last_event() == ("carried_item.removed", "École Jean-Jaurès")
        again = restore_carried_item(access=alice, book=book, key=item.pk)
        assert (again.snapshot(), now(book).has_carried_items) == (item.snapshot(), True)
        assert last_event() == ("carried_item.restored", "École Jean-Jaurès")

    def test_taking_back_twice_changes_nothing_more(self, alice: Access, book: Book) -> None:
        item = add(alice, book)
        remove_carried_item(access=alice, book=book, key=item.pk)
        events = AuditEvent.objects.count()
        remove_carried_item(access=alice, book=book, key=item.pk)
        assert AuditEvent.objects.count() == events

    def test_another_book_s_item_is_not_touched(self, alice: Access, book: Book) -> None:
        item = add(alice, book)
        remove_carried_item(access=alice, book=a_book(alice, YEAR.next), key=item.pk)
        assert carried_items_of(book) == [item]

    def test_one_that_is_ticked_stays(self, alice: Access, book: Book) -> None:
        item = add(alice, book)
        statement = record_statement(access=alice, book=book, number="", day=date(2025, 9, 30), account_balance=0, submission=uuid.uuid4())
        point(access=alice, statement=statement, items=[item.pk])
        with pytest.raises(Refused) as refusal:
            remove_carried_item(access=alice, book=book, key=item.pk)
        assert str(refusal.value) == "Cette opération est pointée sur un relevé. Dépointez-la d’abord, puis retirez-la."

    def test_only_what_was_taken_back_comes_again(self, alice: Access, book: Book) -> None:
        item = add(alice, book)
        later = a_book(alice, YEAR.next)
        removed = add(alice, later, "2026-06-01")
        remove_carried_item(access=alice, book=later, key=removed.pk)
        for key in (item.pk, removed.pk, 999_999):
            with pytest.raises(Refused) as refusal:
                restore_carried_item(access=alice, book=book, key=key)
            assert str(refusal.value) == "Cette opération ne peut plus être rétablie."
