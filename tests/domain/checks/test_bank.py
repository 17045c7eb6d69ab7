from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from retkoop.domain.checks.bank import bank_overdrawn, receipt_unpointed, reconciliation_gap
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import Days
from retkoop.domain.entry import Moves, Operation
from retkoop.domain.ledger import DayMoves
from retkoop.domain.reconciliation import Reconciliation
from retkoop.domain.standing import Standing
from tests.domain.checks.speaking import DIRECT, TERMS, made, received, remarks, said, spent
from tests.domain.strategies import standing_of


def reconciled(statement: int | None) -> Standing:
    return replace(standing_of(()), reconciliation=Reconciliation(1_028_20, statement, -64_20, 1))


@pytest.mark.parametrize(("statement", "sense"), [(1_104_40, "plus"), (1_080_40, "moins")])
def test_a_statement_that_the_book_does_not_explain(statement: int, sense: str) -> None:
    message = f"Le relevé a 12,00 € de {sense} que ce que le cahier explique : cherchez une opération oubliée ou pointée à tort."
    assert remarks(reconciliation_gap, reconciled(statement)) == [Remark(message, "Reprendre le rapprochement", Place.RECONCILIATION)]


def test_a_statement_that_totals_do_not_explain() -> None:
    message = (
        "Le relevé a 12,00\u202f€ de plus que ce que vos totaux expliquent\u202f: dites ce que le relevé ne montre pas encore, "
        "ou revoyez les totaux."
    )
    expected = Remark(message, "Revoir la banque", Place.RECONCILIATION)
    assert remarks(reconciliation_gap, reconciled(1_104_40), DIRECT) == [expected]


def test_a_right_reconciliation_is_praised_and_none_is_waited_for() -> None:
    assert said(reconciliation_gap, reconciled(1_092_40)) + said(reconciliation_gap, reconciled(None)) == []
    assert reconciliation_gap.praise(reconciled(1_092_40), TERMS) == "Bravo, le rapprochement bancaire est juste."
    assert reconciliation_gap.praise(reconciled(None), TERMS) is None


def test_an_account_overdrawn_even_for_a_day() -> None:
    days = Days((DayMoves(date(2025, 11, 3), -20_01, 0), DayMoves(date(2025, 11, 4), 50_00, 0)), opening_bank=20_00)
    message = "Le compte bancaire est à découvert le 3 novembre 2025 (−0,01 €)."
    expected = Remark(message, "Voir ce jour dans le cahier", Place.CAHIER, day=date(2025, 11, 3))
    assert remarks(bank_overdrawn, days) == [expected]


def test_an_account_that_opens_overdrawn() -> None:
    message = "Le compte bancaire ouvre l’année à découvert (−20,00 €) : vérifiez le report à nouveau."
    assert remarks(bank_overdrawn, Days(opening_bank=-20_00)) == [Remark(message, "Vérifier le report à nouveau", Place.OPENING)]


def test_an_account_that_is_never_overdrawn() -> None:
    assert said(bank_overdrawn, Days((DayMoves(date(2025, 11, 3), -20_00, -5_00),), opening_bank=20_00)) == []


def test_a_receipt_that_no_statement_shows_when_the_year_ends() -> None:
    message = "La pièce R04 (300,00 € à la banque) n’est sur aucun relevé au 31 août 2026 : la banque l’a-t-elle bien reçue ?"
    expected = Remark(message, "Voir l’opération", Place.OPERATION, 1, "R04", since=date(2026, 8, 31))
    assert remarks(receipt_unpointed, received(300_00, piece="R04")) == [expected]


@pytest.mark.parametrize(
    "operation",
    [received(10_00, pointed=True), spent(10_00), made(Moves(cash=10_00)), made(Moves(bank=812_40), opening=True)],
)
def test_no_receipt_is_waited_for(operation: Operation) -> None:
    assert said(receipt_unpointed, operation) == []
