"""The totals of a year that was kept elsewhere, as one operation."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from retkoop.domain.checks.scope import Scope, keys_of
from retkoop.domain.direct import YearTotals, sum_of, summary_of, totals_of
from retkoop.domain.entry import Kind, Moves, Operation, Part
from retkoop.domain.ledger import account_totals
from tests.domain.strategies import YEAR, books

TOTALS = YearTotals(Moves(bank=1028_20, cash=21_50), (Part("61800008", 138_00), Part("70800008", 200_00), Part("75600008", 0)))


def test_a_summary_moves_what_the_others_do_not() -> None:
    assert summary_of(TOTALS, YEAR, Moves(bank=1000_00, cash=30_00, regie=20_00)) == Operation(
        key=0,
        piece="TOT",
        date=date(2026, 8, 31),
        label="Totaux de l’année 2025-2026",
        moves=Moves(bank=28_20, cash=-8_50, regie=-20_00),
        parts=(Part("61800008", 138_00), Part("70800008", 200_00)),
        pointed=True,
        proven=True,
        summary=True,
    )


def test_it_is_read_back_as_it_was_said() -> None:
    others = Moves(bank=1000_00, cash=30_00, regie=20_00)
    assert totals_of(summary_of(TOTALS, YEAR, others), others) == YearTotals(TOTALS.closing, TOTALS.parts[:2])
    assert totals_of(summary_of(TOTALS, YEAR)) == YearTotals(TOTALS.closing, TOTALS.parts[:2])


def test_it_is_no_operation_of_a_teacher() -> None:
    summary = summary_of(TOTALS, YEAR)
    assert summary.kind is Kind.SUMMARY
    assert keys_of(summary) == {(Scope.DAYS, ""), (Scope.TOTALS, ""), (Scope.REGISTERS, "")}


@given(books())
def test_a_year_has_the_same_accounts_told_by_its_totals(book: list[Operation]) -> None:
    opening = [operation for operation in book if operation.opening]
    others = [operation for operation in book if not operation.opening]
    split: dict[str, int] = {}
    for part in (part for operation in others for part in operation.parts):
        split[part.account] = split.get(part.account, 0) + part.amount
    totals = YearTotals(sum_of(operation.moves for operation in book), tuple(Part(*pair) for pair in split.items()))
    told = [*opening, summary_of(totals, YEAR, sum_of(operation.moves for operation in opening))]
    assert _nets(told) == _nets(book)


def _nets(operations: list[Operation]) -> dict[str, int]:
    return {account: total.net for account, total in account_totals(operations).items() if total.net}
