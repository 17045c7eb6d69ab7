"""Payments of adhésions into the cahier: each once, made or recognised; those that came back; what keeps one out, and is told."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from retkoop.audit.services import SYSTEM, AlreadySubmitted, writing
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.queries import books_of
from retkoop.books.services import delete_operation, edit_operation
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused
from retkoop.domain.entry import Part
from retkoop.memberships.models import BookedPayment, Membership, PaymentState
from retkoop.memberships.validating.booking import BookingProposal, KeptBooking, PaymentBooks, book_payments
from retkoop.memberships.validating.queries import membership_to_prove, told_lines
from retkoop.network.access import Access
from tests.books.coops import YEAR, a_book, keeper, line, note, plain
from tests.clock import Clock
from tests.memberships.at_hand import faults_of_rows
from tests.memberships.validating.at_hand import CLASSES, DUE, FEES, INSURANCE, came_back, declared, received

pytestmark = pytest.mark.django_db

LATER = date(2025, 11, 3)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 20, 10, 0)
    return clock


@pytest.fixture
def access() -> Access:
    return keeper()


@pytest.fixture
def book(access: Access) -> Book:
    return a_book(access)


def waiting(access: Access, row: Membership) -> list[BookingProposal]:
    return books_of_payments(access, row).proposals


def books_of_payments(access: Access, row: Membership) -> PaymentBooks:
    told = membership_to_prove(access.coop, row.year)
    assert told is not None
    return PaymentBooks(access.coop, told, told_lines(told), books_of(access.coop))


def kept(access: Access, row: Membership) -> list[KeptBooking]:
    return books_of_payments(access, row).kept


def written(book: Book) -> list[tuple[str, int, dict[str, int]]]:
    rows = with_lines(Operation.objects.filter(book=book)).order_by("pk")
    return [(row.piece, row.bank, {part.account: part.amount for part in operation_value(row).parts}) for row in rows]


def refusal_of(access: Access, row: Membership) -> str:
    with pytest.raises(Refused) as refused:
        book_payments(access=access, membership=row)
    return plain(str(refused.value))


def test_the_coop_books_a_payment_as_the_next_piece_with_its_proof(access: Access, book: Book) -> None:
    note(access, book, "D7", "2025-09-20", "Fournitures", -12_00)
    row = declared(access.coop)
    received(row)
    book_payments(access=access, membership=row, submission=uuid.uuid4())
    assert written(book)[1:] == [("D8", -DUE, {"62810008": FEES, "61681008": INSURANCE})]
    operation = Operation.objects.get(piece="D8")
    assert (operation.date, operation.proof, operation.proof_place) == (
        date(2025, 10, 12),
        Proof.PAPER,
        "Adhésion OCCE 2025-2026, dans Retkoop",
    )
    assert (waiting(access, row), refusal_of(access, row)) == ([], "Tout est déjà dans le cahier.")
    assert faults_of_rows() == []


def test_a_button_pressed_twice_books_once(access: Access, book: Book) -> None:
    row, submission = declared(access.coop), uuid.uuid4()
    received(row)
    received(row, 5_00)
    book_payments(access=access, membership=row, submission=submission)
    with pytest.raises((AlreadySubmitted, Refused)):
        book_payments(access=access, membership=row, submission=submission)
    assert Operation.objects.count() == 2


def test_the_database_holds_one_booking_a_payment_and_direction(access: Access, book: Book) -> None:
    row = declared(access.coop)
    payment = received(row)
    book_payments(access=access, membership=row)
    kept = BookedPayment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedPayment.objects.create(coop=access.coop, payment=payment, operation_id=kept.operation_id)


def test_partial_payments_are_split_as_the_lines_are_paid(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row, 100_00)
    received(row, 19_60, LATER)
    book_payments(access=access, membership=row)
    assert written(book) == [("D01", -100_00, {"62810008": 100_00}), ("D02", -19_60, {"62810008": 6_60, "61681008": 13_00})]


def test_an_operation_that_the_coop_typed_itself_is_tied_and_left_as_it_is(access: Access, book: Book) -> None:
    typed = note(access, book, "D1", "2025-09-30", "Cotisation", -DUE, 0, ("62810008", DUE))
    row = declared(access.coop)
    received(row)
    [proposal] = waiting(access, row)
    assert proposal.noted is not None
    assert (proposal.noted.key, proposal.noted_year) == (typed.pk, YEAR)
    book_payments(access=access, membership=row)
    [one] = kept(access, row)
    assert (one.found, one.operation_key, one.differs, one.split, one.year) == (True, typed.pk, True, {"62810008": DUE}, YEAR)
    assert written(book) == [("D1", -DUE, {"62810008": DUE})]
    fixed = line("D1", "2025-09-30", "Cotisation", -DUE, 0, ("62810008", FEES), ("61681008", INSURANCE))
    edit_operation(access=access, book=book, key=typed.pk, version=1, operation=fixed)
    assert [one.differs for one in kept(access, row)] == [False]


def test_an_operation_with_the_same_cheque_is_recognised_on_any_account(access: Access, book: Book) -> None:
    typed = note(access, book, "D1", "2025-09-05", "OCCE", -DUE, 0, ("61800008", DUE), cheque="2000101")
    row = declared(access.coop)
    received(row, cheque="2000101")
    book_payments(access=access, membership=row)
    assert [(one.operation_id, one.found) for one in BookedPayment.objects.all()] == [(typed.pk, True)]


def test_one_operation_is_tied_to_one_payment_alone(access: Access, book: Book) -> None:
    note(access, book, "D1", "2025-10-10", "Cotisation", -50_00, 0, ("62810008", 50_00))
    row = declared(access.coop)
    for _ in range(2):
        received(row, 50_00)
    book_payments(access=access, membership=row)
    assert sorted(BookedPayment.objects.values_list("found", flat=True)) == [False, True]
    assert Operation.objects.count() == 2
    received(row, 19_60)
    book_payments(access=access, membership=row)
    assert [bank for _, bank, _ in written(book)] == [-50_00, -50_00, -19_60]


def test_an_operation_of_the_year_before_is_recognised_although_it_is_sealed(access: Access, book: Book, clock: Clock) -> None:
    former = a_book(access, YEAR.previous)
    typed = note(access, former, "D9", "2025-08-30", "Cotisation", -DUE, 0, ("62810008", FEES), ("61681008", INSURANCE))
    Book.objects.filter(pk=former.pk).update(sealed_at=clock.time)
    row = declared(access.coop)
    received(row, day=date(2025, 9, 4))
    book_payments(access=access, membership=row)
    assert [(one.operation_key, one.differs, one.year) for one in kept(access, row)] == [(typed.pk, False, YEAR.previous)]


def test_a_payment_that_came_back_is_booked_again_the_other_way_on_its_day(access: Access, book: Book) -> None:
    row = declared(access.coop)
    payment = received(row)
    book_payments(access=access, membership=row)
    came_back(payment, LATER)
    [proposal] = waiting(access, row)
    assert (proposal.due.reversal, proposal.operation.date, proposal.operation.label) == (
        True,
        LATER,
        "Adhésion OCCE 2025-2026, paiement revenu",
    )
    book_payments(access=access, membership=row)
    received(row, day=date(2025, 11, 15))
    book_payments(access=access, membership=row)
    parts = {"62810008": FEES, "61681008": INSURANCE}
    back = {account: -amount for account, amount in parts.items()}
    assert written(book) == [("D01", -DUE, parts), ("D02", DUE, back), ("D03", -DUE, parts)]
    assert (waiting(access, row), faults_of_rows()) == ([], [])


def test_a_payment_that_came_back_before_it_was_booked_stays_out_of_the_cahier(access: Access, book: Book) -> None:
    row = declared(access.coop)
    came_back(received(row), LATER)
    assert waiting(access, row) == []


def test_an_announced_payment_is_none_yet(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row, state=PaymentState.ANNOUNCED, day=None)  # type: ignore[arg-type]  # no day yet
    received(row, state=PaymentState.ANNOUNCED)
    assert waiting(access, row) == []


def test_money_given_back_enters_the_bank(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row)
    book_payments(access=access, membership=row)
    declared(access.coop, CLASSES[:1])
    received(row, -27 * 2_30, LATER)
    book_payments(access=access, membership=row)
    assert written(book)[1] == ("D02", 27 * 2_30, {"62810008": -27 * 2_05, "61681008": -27 * 25})


def test_nothing_is_proposed_before_the_coop_has_declared(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row)
    row.declarations.update(declared_at=None)
    assert waiting(access, row) == []


def test_what_cannot_be_booked_now_says_why_and_keeps_nothing_else_out(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row, 100_00, date(2025, 8, 30))
    received(row, 19_60)
    told = book_payments(access=access, membership=row)
    assert [one.refusal for one in told] == ["Le cahier 2024-2025 n’est pas ouvert.", None]
    assert refusal_of(access, row) == "Le cahier 2024-2025 n’est pas ouvert."
    a_book(access, YEAR.previous)
    book_payments(access=access, membership=row)
    assert sum(sum(one.parts.values()) for one in BookedPayment.objects.all()) == DUE


def test_a_sealed_year_takes_nothing(access: Access, book: Book, clock: Clock) -> None:
    Book.objects.filter(pk=book.pk).update(sealed_at=clock.time)
    row = declared(access.coop)
    received(row)
    assert refusal_of(access, row).startswith("Les comptes de 2025-2026 sont validés et scellés")


def test_a_year_kept_elsewhere_has_no_operation(access: Access, book: Book) -> None:
    Book.objects.filter(pk=book.pk).update(direct=True)
    row = declared(access.coop)
    received(row)
    assert refusal_of(access, row) == "Pour 2025-2026, vous ne saisissez que le compte rendu : ce paiement se note dans ses totaux."


def test_an_operation_that_was_deleted_since_is_told(access: Access, book: Book) -> None:
    row = declared(access.coop)
    received(row)
    book_payments(access=access, membership=row)
    operation = Operation.objects.get()
    delete_operation(access=access, book=book, key=operation.pk, version=operation.version)
    assert [(one.operation, one.year, one.split, one.differs) for one in kept(access, row)] == [(None, None, {}, False)]
    assert waiting(access, row) == []


def test_a_line_on_another_account_keeps_its_own(access: Access, book: Book) -> None:
    row = declared(access.coop, contribution=10_00)
    with writing(access.coop.chain, SYSTEM) as trail:
        made = row.declarations.get()
        before = made.snapshot()
        made.lines = [*made.lines[:-1], ["malle", "Malle pédagogique", "61300008", 1, 10_00]]
        made.save()
        trail.changed(made, before, action="declaration.made")
    received(row, DUE + 10_00)
    [proposal] = waiting(access, row)
    assert proposal.operation.parts == (Part("62810008", FEES), Part("61681008", INSURANCE), Part("61300008", 10_00))
