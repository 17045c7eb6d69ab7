"""A year kept elsewhere beside the verbs and the years of the cahier."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.banking.queries import pointable_operations, unpointed_items_of
from retkoop.banking.services import point, unpoint
from retkoop.books import opening
from retkoop.books.entries import bring_back
from retkoop.books.importing import COLUMNS
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import books_of, registers_of, standing_of
from retkoop.books.services import (
    delete_operation,
    edit_operation,
    import_book,
    open_book,
    record_operation,
    record_operations,
    restore_operation,
)
from retkoop.books.writable import Refused
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.direct.queries import totals_said
from retkoop.year_end.direct.services import (
    keep_opening,
    leave_direct,
    record_grant,
    remove_unpointed,
)
from retkoop.year_end.verifiers.sample import operations_in
from tests.banking.books_at_hand import now, payment, statement
from tests.books.coops import YEAR, at, client_of, note, said
from tests.year_end.direct.at_hand import GRANT, TOTALS, direct, granted, opened, totalled, unpointed, whole

pytestmark = pytest.mark.django_db


CAHIER = "Pour 2025-2026, vous ne saisissez que le compte rendu\u202f: ce montant se note dans ses étapes, pas dans un cahier."


def held(book: Book) -> tuple[int, int]:
    standing = standing_of(now(book))
    return standing.bank, standing.cash


def summary(book: Book) -> Operation:
    return Operation.objects.get(book=book, summary=True)


def actions(access: Access) -> list[str]:
    return list(AuditEvent.objects.filter(chain=access.coop.chain).order_by("sequence").values_list("action", flat=True))


def test_no_verb_of_a_cahier_writes_in_it(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    row, submission = summary(book), uuid.uuid4()
    given: dict[str, Any] = {"access": alice, "book": book}
    operation = payment("D1", date(2025, 11, 3), 10_00)
    verbs: list[Callable[[], object]] = [
        lambda: record_operation(**given, operation=operation, submission=submission),
        lambda: record_operations(author=SYSTEM, coop=alice.coop, year=YEAR, operations=[operation]),
        lambda: edit_operation(**given, key=row.pk, version=row.version, operation=operation),
        lambda: delete_operation(**given, key=row.pk, version=row.version),
        lambda: restore_operation(**given, key=row.pk),
        lambda: import_book(author=SYSTEM, coop=alice.coop, year=YEAR, file_name="x.csv", rows=[list(COLUMNS)]),
        lambda: opening.keep_opening(**given, moves=Moves(bank=1), version=1, submission=submission),
        lambda: opening.keep_opening(**given, moves=Moves(bank=1), version=None, submission=submission),
        lambda: opening.choose_bank_account(**given, bank_account="514"),
        lambda: opening.add_carried_item(**given, day=date(2025, 6, 1), label="x", bank=1, submission=submission),
        lambda: opening.remove_carried_item(**given, key=1),
        lambda: opening.restore_carried_item(**given, key=1),
    ]
    for verb in verbs:
        with pytest.raises(Refused) as refusal:
            verb()
        assert str(refusal.value) == CAHIER


def test_the_totals_do_not_come_back_into_a_cahier(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    key = summary(book).pk
    leave_direct(access=alice, book=book)
    with pytest.raises(Refused, match="Cette opération ne peut plus être rétablie"):
        restore_operation(access=alice, book=book, key=key)


def test_nor_does_a_subsidy_that_no_statement_shows(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    totalled(alice, book)
    key = granted(alice, book).pk
    leave_direct(access=alice, book=book)
    with pytest.raises(Refused, match="Cette opération ne peut plus être rétablie"):
        restore_operation(access=alice, book=book, key=key)
    page = client_of(alice).get(at(book, "operation", key=key))
    assert ("l’a supprimée" in said(page), "La rétablir" in said(page)) == (True, False)


def test_an_operation_that_was_deleted_before_this_column_comes_back(alice: Access, book: Book) -> None:
    row = note(alice, book, "R1", "2025-10-01", "Kermesse", 10_00)
    state = {name: value for name, value in row.snapshot().items() if name != "summary"}
    row.delete()
    assert bring_back(state).summary is False


def test_its_money_is_on_no_statement_to_tick(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    keys = list(Operation.objects.filter(book=book).values_list("pk", flat=True))
    assert list(pointable_operations(book)) == []
    unpoint(access=alice, operations=keys)
    assert Operation.objects.filter(book=book, pointed_year=2025).count() == 2
    following = open_book(access=alice, year=YEAR.next)
    later = statement(alice, following, 0, day=date(2026, 10, 1))
    with pytest.raises(Refused, match="Une des opérations cochées n’existe plus"):
        point(access=alice, statement=later, operations=keys)


def test_what_its_bank_had_not_done_waits_in_the_next_cahier(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    following = open_book(access=alice, year=YEAR.next)
    item = CarriedItem.objects.get()
    books = books_of(alice.coop)
    assert [item.label for item in unpointed_items_of(following, books)] == ["Librairie"]
    point(access=alice, statement=statement(alice, following, 1028_20, day=date(2026, 10, 1)), items=[item.pk])
    assert unpointed_items_of(now(following), books) == []
    assert [one.label for one in unpointed_items_of(now(book), books)] == ["Librairie"]
    with pytest.raises(Refused, match="Cette opération est pointée sur un relevé"):
        leave_direct(access=alice, book=book)


def test_what_the_bank_had_not_done_can_be_taken_back(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    remove_unpointed(access=alice, book=book, key=CarriedItem.objects.get().pk)
    assert (CarriedItem.objects.count(), standing_of(now(book)).reconciliation.gap) == (0, 64_20)
    with pytest.raises(Refused, match="Le 2 septembre 2026 vient après l’année scolaire 2025-2026"):
        unpointed(alice, book, date=date(2026, 9, 2))


def test_a_cheque_of_a_former_cahier_can_still_be_ticked(alice: Access, book: Book) -> None:
    former = open_book(access=alice, year=YEAR.previous)
    row = note(alice, former, "D1", "2025-06-01", "Assurance", -40_00)
    book = direct(alice, book)
    at_the_end = statement(alice, book, 0)
    assert list(pointable_operations(book)) == [row]
    point(access=alice, statement=at_the_end, operations=[row.pk])
    assert standing_of(now(book)).reconciliation.unpointed_count == 0


def test_the_kind_of_account_can_change(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    opened(alice, book, version=1, account="514")
    totals = standing_of(now(book)).totals
    assert {account: totals[account].net for account in ("514", "530")} == {"514": 1028_20, "530": 21_50}
    assert "512" not in totals
    assert list(faults_of_book(now(book))) == []


def test_open_regies_of_the_year_before_are_settled_by_the_totals(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    keep_opening(access=alice, book=book, moves=Moves(bank=1, regie=20_00), bank_account="512", version=None, submission=uuid.uuid4())
    totalled(alice, book)
    assert standing_of(now(book)).net("54") == 0


def test_verifiers_draw_the_subsidies_alone(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    assert [row.piece for row in operations_in(book)] == ["SUB1"]


def test_durable_goods_of_the_totals_are_asked_for(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    totalled(alice, book, YearTotals(Moves(), (Part("68000008", 300_00),)))
    assert [(one.piece, one.amount) for one in registers_of(now(book)).purchases] == [("TOT", 300_00)]


def test_twins_of_a_summary_are_none(alice: Access, book: Book) -> None:
    """A subsidy of the last day that moves as much as the totals is not said to be one of them."""
    book = direct(alice, book)
    totalled(alice, book, YearTotals(Moves(bank=600_00), (Part("75600008", 300_00),)))
    record_grant(access=alice, book=book, grant=replace(GRANT, day=date(2026, 8, 31), spent=0), submission=uuid.uuid4())
    assert summary(book).bank == 300_00
    assert list(faults_of_book(now(book))) == []


def test_what_was_said_is_read_back(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    assert totals_said(book).totals == TOTALS
