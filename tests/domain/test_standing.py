from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import BANK, CARRIED_LOSS, CASH, POSTAL
from retkoop.domain.entry import Moves, Operation
from retkoop.domain.ledger import AccountTotal, account_totals
from retkoop.domain.reconciliation import Reconciliation, UnpointedItem
from retkoop.domain.standing import Lamp, LampState, Standing, lamps, standing_of
from tests.domain import musee
from tests.domain.drafts import draft_books, shuffled
from tests.domain.strategies import YEAR, Book, books

MUSEE = standing_of(musee.OPERATIONS, musee.YEAR)


def test_where_the_musee_book_stands() -> None:
    expected = Standing(
        year=musee.YEAR,
        totals=account_totals(musee.OPERATIONS),
        operation_count=11,
        last_operation=date(2026, 7, 2),
        reconciliation=Reconciliation(1_028_20, None, unpointed=-64_20, unpointed_count=1),
        opening_cash=25_00,
        has_opening=True,
        unproven_count=11,
        deposit_count=1,
        last_bank_move=date(2026, 7, 2),
    )
    assert expected == MUSEE
    assert (MUSEE.bank, MUSEE.cash, MUSEE.assets, MUSEE.carried_forward) == (1_028_20, 21_50, 1_049_70, 837_40)
    assert (MUSEE.total_charges, MUSEE.total_produits, MUSEE.result, MUSEE.imbalance) == (614_20, 826_50, 212_30, 0)


def test_what_the_operations_do_not_tell_is_given() -> None:
    count = CashCount(date(2026, 6, 30), 21_50, 21_50)
    former = UnpointedItem("D31", date(2025, 6, 30), "Car de juin", -100_00, "2000090")
    standing = standing_of(
        musee.OPERATIONS,
        musee.YEAR,
        bank_account=POSTAL,
        statement_balance=1_192_40,
        former_items=[former],
        cash_count=count,
        previous_assets=837_40,
    )
    assert standing.reconciliation == Reconciliation(1_028_20, 1_192_40, unpointed=-164_20, unpointed_count=2)
    assert standing.reconciliation.is_right
    assert (standing.net(BANK), standing.net(POSTAL), standing.bank) == (0, 1_028_20, 1_028_20)
    assert (standing.cash_count, standing.valid_count, standing.previous_assets) == (count, count, 837_40)


def test_a_count_answers_for_nothing_once_cash_has_moved() -> None:
    """A box of 121,50 € on 20 September holds 21,50 € after the deposit of October: right or wrong, it is to be counted again."""
    for counted in (121_50, 120_00):
        standing = replace(MUSEE, cash_count=CashCount(date(2025, 9, 20), counted, 121_50))
        assert (standing.valid_count, lamps(standing)[2]) == (None, Lamp("caisse", LampState.TODO, "Caisse\u202f: à recompter"))


def test_a_book_may_open_in_debt() -> None:
    debt = Operation(1, "RAN", date(2025, 9, 1), "Report à nouveau", Moves(bank=-50_00), opening=True)
    standing = standing_of([debt], YEAR)
    assert standing.totals[CARRIED_LOSS] == AccountTotal(CARRIED_LOSS, 50_00, 0)
    assert (standing.carried_forward, standing.imbalance, standing.has_opening, standing.last_operation) == (-50_00, 0, True, None)


@given(books())
def test_the_bilan_of_sound_operations_balances(book: Book) -> None:
    assert standing_of(book, YEAR).imbalance == 0


@given(draft_books())
def test_the_bilan_balances_when_nothing_is_left_unexplained_and_only_then(book: Book) -> None:
    assert standing_of(book, YEAR).imbalance == sum(operation.remainder for operation in book)


@given(shuffled(draft_books()))
def test_the_order_of_entry_does_not_matter(both: tuple[Book, Book]) -> None:
    book, same_book = both
    assert standing_of(book, YEAR) == standing_of(same_book, YEAR)


EMPTY = Standing(YEAR)


def reconciled(statement_balance: int | None, unpointed_count: int = 0) -> Standing:
    return Standing(YEAR, reconciliation=Reconciliation(10_00, statement_balance, unpointed=0, unpointed_count=unpointed_count))


def counted(gap: int) -> Standing:
    return Standing(YEAR, {CASH: AccountTotal(CASH, 20_00, 0)}, cash_count=CashCount(date(2025, 11, 3), 20_00 + gap, 20_00))


UNBALANCED = Standing(YEAR, {BANK: AccountTotal(BANK, 7_60, 0)}, operation_count=1)


@pytest.mark.parametrize(
    ("standing", "state", "text"),
    [
        (EMPTY, LampState.TODO, "Bilan\u202f: rien de saisi"),
        (MUSEE, LampState.GOOD, "Bilan équilibré"),
        (Standing(YEAR, has_opening=True), LampState.GOOD, "Bilan équilibré"),
        (Standing(YEAR, has_opening=True, awaits_totals=True), LampState.TODO, "Bilan\u202f: totaux à saisir"),
        (UNBALANCED, LampState.BAD, "Bilan\u202f: écart de 7,60\u202f€"),
    ],
)
def test_the_lamp_of_the_bilan(standing: Standing, state: LampState, text: str) -> None:
    assert lamps(standing)[0] == Lamp("bilan", state, text)


@pytest.mark.parametrize(
    ("standing", "state", "text"),
    [
        (EMPTY, LampState.TODO, "Rapprochement\u202f: à faire"),
        (reconciled(None, 3), LampState.TODO, "Rapprochement\u202f: 3 à pointer"),
        (reconciled(10_00, 3), LampState.GOOD, "Rapprochement juste"),
        (reconciled(2_40), LampState.BAD, "Rapprochement\u202f: écart de 7,60\u202f€"),
    ],
)
def test_the_lamp_of_the_rapprochement(standing: Standing, state: LampState, text: str) -> None:
    assert lamps(standing)[1] == Lamp("rapprochement", state, text)


@pytest.mark.parametrize(
    ("standing", "state", "text"),
    [
        (EMPTY, LampState.TODO, "Caisse\u202f: rien de saisi"),
        (Standing(YEAR, operation_count=1), LampState.TODO, "Caisse\u202f: à compter"),
        (Standing(YEAR, has_opening=True), LampState.TODO, "Caisse\u202f: à compter"),
        (Standing(YEAR, {CASH: AccountTotal(CASH, 5_00, 0)}), LampState.TODO, "Caisse\u202f: à compter"),
        (counted(0), LampState.GOOD, "Caisse juste"),
        (counted(-3_20), LampState.BAD, "Caisse\u202f: écart de 3,20\u202f€"),
        (counted(3_20), LampState.BAD, "Caisse\u202f: écart de 3,20\u202f€"),
    ],
)
def test_the_lamp_of_the_caisse(standing: Standing, state: LampState, text: str) -> None:
    assert lamps(standing)[2] == Lamp("caisse", state, text)
