from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from retkoop.domain.chart import POSTAL
from retkoop.domain.entry import Part
from retkoop.domain.reports.balance_sheet import BalanceSheet, balance_sheet
from retkoop.domain.standing import Standing, standing_of
from tests.domain import musee
from tests.domain.drafts import draft_books
from tests.domain.strategies import YEAR, Book


def test_the_bilan_of_the_musee_book() -> None:
    sheet = balance_sheet(standing_of(musee.OPERATIONS, musee.YEAR))
    assert sheet == BalanceSheet(bank=1_028_20, postal=0, cash=21_50, regies=0, carried_forward=837_40, result=212_30)
    assert (sheet.total_assets, sheet.total_liabilities, sheet.is_balanced) == (1_049_70, 1_049_70, True)


def test_an_open_regie_is_an_asset() -> None:
    sheet = balance_sheet(standing_of(musee.OPERATIONS[:6], musee.YEAR))
    assert (sheet.regies, sheet.total_assets, sheet.is_balanced) == (120_00, 1_214_40, True)


def test_a_coop_may_bank_at_the_post_office() -> None:
    sheet = balance_sheet(standing_of(musee.OPERATIONS, musee.YEAR, bank_account=POSTAL))
    assert (sheet.bank, sheet.postal, sheet.total_assets, sheet.is_balanced) == (0, 1_028_20, 1_049_70, True)


def test_an_empty_book_balances() -> None:
    assert balance_sheet(Standing(YEAR)).is_balanced is True


def test_an_operation_that_is_not_fully_split_shows() -> None:
    unfinished = replace(musee.OUTING, parts=(Part("61800008", 300_00),))
    sheet = balance_sheet(standing_of([musee.OPENING, unfinished], musee.YEAR))
    assert (sheet.total_assets, sheet.total_liabilities, sheet.is_balanced) == (495_60, 537_40, False)


@given(draft_books())
def test_it_balances_when_nothing_is_left_unexplained_and_only_then(book: Book) -> None:
    sheet = balance_sheet(standing_of(book, YEAR))
    assert sheet.is_balanced == (sum(operation.remainder for operation in book) == 0)
