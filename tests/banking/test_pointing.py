from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.banking.models import BankStatement, Pointing
from retkoop.banking.services import close_statement, point, point_until, reopen_statement, unpoint
from retkoop.books.models import Book, KeptFinding, Operation
from retkoop.books.services import edit_operation
from retkoop.books.values import operation_value
from retkoop.books.writable import Refused
from retkoop.domain.entry import Moves
from retkoop.network.access import Access, open_coop
from tests.banking.books_at_hand import YEAR, add, carry, gap, musee, now, open_year, operation, payment, receipt, statement
from tests.cast import CHARLIE, account, make_coop

GONE = "Une des opérations cochées n’existe plus, ou n’est pas passée par la banque. Rechargez la page."


def unpointed(book: Book) -> tuple[int, int]:
    current = now(book)
    return current.unpointed_sum, current.unpointed_count


def test_ticking_explains_the_gap(alice: Access, book: Book, row: BankStatement) -> None:
    assert (gap(book), unpointed(book)) == (-64_20, (-64_20, 1))
    [tick] = point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    assert (tick.statement_id, tick.operation_id, operation(book, "D05").pointed_year) == (row.pk, operation(book, "D05").pk, 2025)
    assert (gap(book), unpointed(book)) == (0, (0, 0))


def test_unticking_opens_it_again(alice: Access, book: Book, row: BankStatement) -> None:
    key = operation(book, "D05").pk
    point(access=alice, statement=row, operations=[key])
    unpoint(access=alice, operations=[key])
    assert (gap(book), unpointed(book), operation(book, "D05").pointed_year) == (-64_20, (-64_20, 1), None)
    assert not Pointing.objects.exists()


def test_ticking_says_the_state_that_is_wanted(alice: Access, book: Book, row: BankStatement) -> None:
    key = operation(book, "D05").pk
    assert [len(point(access=alice, statement=row, operations=[key])) for _ in range(2)] == [1, 0]
    other = statement(alice, book, 1, date(2026, 7, 31))
    assert point(access=alice, statement=other, operations=[key]) == []
    for _ in range(2):
        unpoint(access=alice, operations=[key])
    assert AuditEvent.objects.filter(action="operation.pointed").count() == 1
    assert AuditEvent.objects.filter(action="operation.unpointed").count() == 1


def test_what_an_import_brought_ticked_can_be_unticked(alice: Access, book: Book) -> None:
    unpoint(access=alice, operations=[operation(book, "R04").pk])
    assert (operation(book, "R04").pointed_year, unpointed(book)) == (None, (300_00 - 64_20, 2))


def test_what_is_said_of_a_line_follows_its_tick(alice: Access, book: Book, row: BankStatement) -> None:
    def said() -> list[str]:
        return sorted(KeptFinding.objects.filter(book=book, operation__piece="D05").values_list("code", flat=True))

    assert said() == ["cheque-non-pointe", "cheque-perime"]
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    assert said() == []
    unpoint(access=alice, operations=[operation(book, "D05").pk])
    assert said() == ["cheque-non-pointe", "cheque-perime"]


@pytest.mark.parametrize("piece", ["R02", "RAN", "J01"])
def test_only_a_move_of_the_bank_is_ticked(alice: Access, book: Book, row: BankStatement, piece: str) -> None:
    with pytest.raises(Refused) as refusal:
        point(access=alice, statement=row, operations=[operation(book, "D05").pk, operation(book, piece).pk])
    assert (str(refusal.value), Pointing.objects.count()) == (GONE, 0)


def test_what_is_gone_or_another_coop_s_is_not_ticked(alice: Access, book: Book, row: BankStatement) -> None:
    charlie = open_coop(account(make_coop(CHARLIE, "École de Charlie")), CHARLIE)
    theirs = operation(musee(charlie), "D05").pk
    for key in (theirs, 0):
        with pytest.raises(Refused) as refusal:
            point(access=alice, statement=row, operations=[key])
        assert str(refusal.value) == GONE
    unpoint(access=alice, operations=[theirs])
    with pytest.raises(Refused):
        point(access=charlie, statement=row, operations=[theirs])


def test_an_operation_of_a_later_year_is_on_no_statement_of_this_one(alice: Access, book: Book, row: BankStatement) -> None:
    [later] = add(alice, open_year(alice, YEAR.next), [receipt("R01", date(2026, 9, 2), 10_00)])
    with pytest.raises(Refused) as refusal:
        point(access=alice, statement=row, operations=[later.pk])
    assert str(refusal.value) == GONE


def test_a_carried_item_is_ticked_like_an_operation(alice: Access, book: Book, row: BankStatement) -> None:
    item = carry(alice, book, "Chèque de juin", date(2025, 6, 3), -12_00)
    assert gap(book) == -64_20 - 12_00
    point(access=alice, statement=row, items=[item.pk], operations=[operation(book, "D05").pk])
    item.refresh_from_db()
    assert (item.pointed_year, gap(book)) == (2025, 0)
    unpoint(access=alice, items=[item.pk])
    item.refresh_from_db()
    assert (item.pointed_year, gap(book)) == (None, -12_00)
    assert list(faults()) == []


def test_all_is_ticked_up_to_a_day(alice: Access, book: Book, row: BankStatement) -> None:
    add(alice, book, [payment("D06", date(2026, 7, 2), 1_00), payment("D07", date(2026, 7, 3), 2_00)])
    carry(alice, book, "Chèque de juin", date(2025, 6, 3), -12_00)
    ticks = point_until(access=alice, statement=row, day=date(2026, 7, 2))
    assert sorted(tick.operation.piece if tick.operation else "carried" for tick in ticks) == ["D05", "D06", "carried"]
    assert [one.piece for one in Operation.objects.filter(pointed_year=None).exclude(bank=0)] == ["D07"]
    assert point_until(access=alice, statement=row, day=date(2026, 7, 2)) == []


def test_nothing_on_a_closed_statement_is_unticked(alice: Access, book: Book, row: BankStatement) -> None:
    key = operation(book, "D05").pk
    point(access=alice, statement=row, operations=[key])
    close_statement(access=alice, statement=row)
    with pytest.raises(Refused) as refusal:
        unpoint(access=alice, operations=[key])
    assert str(refusal.value) == "Le relevé du 31 août 2026 est clos. Rouvrez-le pour le changer."
    with pytest.raises(Refused):
        point_until(access=alice, statement=row, day=date(2026, 8, 31))
    assert operation(book, "D05").pointed_year == 2025


def test_a_tick_leaves_the_version_of_a_line_alone(alice: Access, book: Book, row: BankStatement) -> None:
    """Someone who has the line open can still save it."""
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    assert operation(book, "D05").version == 1


def test_a_tick_is_in_the_trail_twice_as_the_tick_and_as_the_line(alice: Access, book: Book, row: BankStatement) -> None:
    key = operation(book, "D05").pk
    point(access=alice, statement=row, operations=[key])
    unpoint(access=alice, operations=[key])
    actions = AuditEvent.objects.filter(action__contains="point").order_by("sequence").values_list("action", "actor_name", "role")
    assert list(actions) == [
        (action, "École Jean-Jaurès", "coop")
        for action in ("pointing.made", "operation.pointed", "pointing.removed", "operation.unpointed")
    ]
    assert list(faults()) == []


def test_many_ticks_ask_as_many_questions_as_one(alice: Access, book: Book, row: BankStatement) -> None:
    def asked(count: int) -> int:
        rows = add(alice, book, [payment(f"X{count}-{one}", date(2026, 5, 4), 1_00) for one in range(count)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            point(access=alice, statement=row, operations=[one.pk for one in rows])
        return len(queries)

    asked(1)
    assert asked(60) <= asked(1) + 2


class TestClosedStatement:
    @pytest.fixture
    def held(self, alice: Access, book: Book, row: BankStatement) -> Operation:
        """An operation that a closed statement holds."""
        point(access=alice, statement=row, operations=[operation(book, "D05").pk])
        close_statement(access=alice, statement=row)
        return operation(book, "D05")

    def edited(self, access: Access, row: Operation, **changes: Any) -> Operation:  # noqa: ANN401 -- any field of an operation
        value = replace(operation_value(row), **changes)
        return edit_operation(access=access, book=row.book, key=row.pk, version=row.version, operation=value)

    @pytest.mark.parametrize("changes", [{"date": date(2026, 7, 3)}, {"moves": Moves(bank=-60_00)}, {"moves": Moves(cash=-64_20)}])
    def test_what_it_holds_keeps_its_day_and_its_sum(self, alice: Access, held: Operation, changes: dict[str, Any]) -> None:
        before = operation_value(held)
        with pytest.raises(Refused) as refusal:
            self.edited(alice, held, **changes)
        assert str(refusal.value) == (
            "Cette opération est pointée sur le relevé du 31 août 2026, qui est clos : sa date et sa somme à la banque ne changent plus. "
            "Rouvrez d’abord ce relevé."
        )
        assert operation_value(Operation.objects.get(pk=held.pk)) == before

    def test_all_the_rest_can_be_corrected(self, alice: Access, held: Operation) -> None:
        assert self.edited(alice, held, label="Autre libellé", parts=()).label == "Autre libellé"

    def test_once_it_is_open_again_all_can(self, alice: Access, held: Operation, row: BankStatement) -> None:
        reopen_statement(access=alice, statement=row)
        assert self.edited(alice, held, date=date(2026, 7, 3)).date == date(2026, 7, 3)
