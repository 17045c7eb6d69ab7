from __future__ import annotations

import uuid
from datetime import date

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.cash import counts_of, last_quantities_of, suspects_of
from retkoop.banking.models import CashCountRecord
from retkoop.banking.services import record_cash_count, remove_cash_count, restore_cash_count
from retkoop.books.models import Book, KeptFinding
from retkoop.books.queries import standing_of
from retkoop.books.services import delete_operation
from retkoop.books.writable import Refused
from retkoop.domain.cash_count import CashCount, InvalidCount
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from tests.banking.books_at_hand import YEAR, add, count, now, open_year, operation

RIGHT = {20_00: 1, 1_00: 1, 50: 1}
"""21,50 €, what the book of the musée holds from 3 October on."""
OCTOBER, AUGUST = date(2025, 10, 3), date(2026, 8, 31)


def answer(book: Book) -> CashCount | None:
    return standing_of(now(book)).cash_count


def gap_findings(book: Book) -> list[str]:
    return list(KeptFinding.objects.filter(book=book, code="arrete-de-caisse").values_list("message", flat=True))


def sale(piece: str, day: date, cash: int) -> Operation:
    return Operation(0, piece, day, f"Vente {piece}", Moves(cash=cash), (Part("70800008", cash),))


def test_the_same_count_again_is_that_one(alice: Access, book: Book) -> None:
    wrong, right = count(alice, book, AUGUST, {20_00: 1}), count(alice, book, AUGUST, RIGHT)
    events = AuditEvent.objects.count()
    assert count(alice, book, AUGUST, RIGHT).pk == right.pk
    assert AuditEvent.objects.count() == events
    assert len({wrong.pk, right.pk, count(alice, book, AUGUST, {20_00: 1}).pk, count(alice, book, OCTOBER, {20_00: 1}).pk}) == 4


def test_a_count_is_kept_and_answered(alice: Access, book: Book) -> None:
    record = count(alice, book, AUGUST, {**RIGHT, 5_00: 0})
    assert (record.day, record.counted, record.quantities) == (AUGUST, 21_50, {"2000": 1, "100": 1, "50": 1})
    assert (answer(book), gap_findings(book)) == (CashCount(AUGUST, 21_50, 21_50), [])
    assert last_quantities_of(book) == RIGHT


def test_an_empty_box_can_be_counted(alice: Access) -> None:
    book = open_year(alice, YEAR)
    assert last_quantities_of(book) is None
    count(alice, book, AUGUST, {})
    assert (answer(book), last_quantities_of(book)) == (CashCount(AUGUST, 0, 0), {})


def test_money_that_is_missing_is_a_finding(alice: Access, book: Book) -> None:
    count(alice, book, AUGUST, {20_00: 1})
    assert len(gap_findings(book)) == 1


def test_a_count_is_held_against_the_book_of_its_own_day(alice: Access, book: Book) -> None:
    """Between the coins of 15 September and their deposit, the box held 121,50 €."""
    count(alice, book, date(2025, 9, 20), {100_00: 1, **RIGHT})
    assert answer(book) == CashCount(date(2025, 9, 20), 121_50, 121_50)


def test_the_latest_day_is_the_one_that_counts(alice: Access, book: Book) -> None:
    count(alice, book, AUGUST, RIGHT)
    count(alice, book, OCTOBER, {})
    assert answer(book) == CashCount(AUGUST, 21_50, 21_50)
    count(alice, book, AUGUST, {20_00: 1})
    assert answer(book) == CashCount(AUGUST, 20_00, 21_50)
    assert [(one.answer.day, one.answer.gap, one.quantities) for one in counts_of(now(book))] == [
        (AUGUST, -1_50, {20_00: 1}),
        (AUGUST, 0, RIGHT),
        (OCTOBER, -21_50, {}),
    ]


def test_an_old_count_is_answered_again_when_the_book_changes(alice: Access, book: Book) -> None:
    count(alice, book, AUGUST, {20_00: 1})
    add(alice, now(book), [Operation(0, "D09", date(2026, 1, 5), "Timbres", Moves(cash=-1_50), (Part("65000008", 1_50),))])
    assert (answer(book), counts_of(now(book))[0].answer.is_right) == (CashCount(AUGUST, 20_00, 20_00), True)
    assert list(faults_of_book(now(book))) == []


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2026, 9, 1)])
def test_a_day_of_another_year_is_refused(alice: Access, book: Book, day: date) -> None:
    with pytest.raises(Refused) as refusal:
        count(alice, book, day, RIGHT)
    assert (str(refusal.value), CashCountRecord.objects.count()) == ("Cette date n’est pas dans l’année scolaire 2025-2026.", 0)


@pytest.mark.parametrize("quantities", [{3_00: 1}, {5_00: -1}, {5_00: 100_001}])
def test_what_cannot_be_counted_is_refused(alice: Access, book: Book, quantities: dict[int, int]) -> None:
    with pytest.raises(InvalidCount):
        count(alice, book, AUGUST, quantities)
    assert (answer(book), CashCountRecord.objects.count()) == (None, 0)


def test_a_double_click_counts_once(alice: Access, book: Book) -> None:
    submission = uuid.uuid4()
    for again in (False, True):
        if again:
            with pytest.raises(AlreadySubmitted):
                record_cash_count(access=alice, book=book, day=AUGUST, quantities=RIGHT, submission=submission)
        else:
            record_cash_count(access=alice, book=book, day=AUGUST, quantities=RIGHT, submission=submission)
    assert CashCountRecord.objects.count() == 1


def test_a_count_goes_and_comes_back(alice: Access, book: Book) -> None:
    record = count(alice, book, AUGUST, RIGHT)
    for _ in range(2):
        remove_cash_count(access=alice, book=book, key=record.pk)
    assert (answer(book), CashCountRecord.objects.count()) == (None, 0)
    again = restore_cash_count(access=alice, book=book, key=record.pk)
    assert (again.pk, again.quantities, again.made_at, answer(book)) == (
        record.pk,
        record.quantities,
        record.made_at,
        CashCount(AUGUST, 21_50, 21_50),
    )
    actions = AuditEvent.objects.filter(subject=record.subject).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["cash_count.recorded", "cash_count.removed", "cash_count.restored"]
    assert list(faults()) == []


def test_only_what_was_removed_comes_back(alice: Access, book: Book) -> None:
    record = count(alice, book, AUGUST, RIGHT)
    other = open_year(alice, YEAR.next)
    for where, key in ((book, record.pk), (book, 0)):
        with pytest.raises(Refused) as refusal:
            restore_cash_count(access=alice, book=where, key=key)
        assert str(refusal.value) == "Ce comptage ne peut plus être rétabli."
    remove_cash_count(access=alice, book=other, key=record.pk)
    assert CashCountRecord.objects.count() == 1
    remove_cash_count(access=alice, book=book, key=record.pk)
    with pytest.raises(Refused):
        restore_cash_count(access=alice, book=other, key=record.pk)


def test_a_count_that_is_not_right_names_what_to_look_at(alice: Access, book: Book) -> None:
    """A sale noted twice comes first, with its reason; then the last cash operations, the latest first."""
    add(alice, now(book), [sale(f"R1{index}", date(2026, 3, index), 3_20 if index in (1, 2) else 5_00) for index in range(1, 9)])
    held = 21_50 + 2 * 3_20 + 6 * 5_00
    reason = "Cette opération vaut exactement l’écart\u202f: est-elle notée deux fois, ou passée par la banque\u202f?"
    found = suspects_of(now(book), CashCount(AUGUST, held - 3_20, held))
    assert [(suspect.piece, suspect.sentence) for suspect in found] == [
        ("R12", reason),
        ("R11", reason),
        ("R18", ""),
        ("R17", ""),
        ("R16", ""),
        ("R15", ""),
        ("R14", ""),
    ]
    assert (found[2].key, found[2].date, found[2].label, found[2].cash) == (operation(book, "R18").pk, date(2026, 3, 8), "Vente R18", 5_00)


def test_what_came_after_the_count_is_not_suspected(alice: Access, book: Book) -> None:
    assert [suspect.piece for suspect in suspects_of(now(book), CashCount(date(2025, 9, 20), 0, 121_50))] == ["R02"]


def test_an_operation_removed_changes_the_answer(alice: Access, book: Book) -> None:
    count(alice, book, AUGUST, RIGHT)
    deposit = operation(book, "V01")
    assert deposit.pointed_year == 2025
    delete_operation(access=alice, book=now(book), key=deposit.pk, version=1)
    assert answer(book) == CashCount(AUGUST, 21_50, 121_50)
