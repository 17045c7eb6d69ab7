from __future__ import annotations

from dataclasses import replace
from datetime import date

from retkoop.domain.checks.evidence import deposited_too_often, statement_missing, voucher_missing
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Moves
from retkoop.domain.rules import Rules
from tests.domain.checks.speaking import TERMS, made, received, remarks, said, spent
from tests.domain.strategies import YEAR, standing_of

AUGUST = "Le relevé bancaire d’août n’est pas dans les documents : il accompagne le compte rendu financier."
JULY = "Le relevé bancaire de juillet n’est pas dans les documents : il accompagne le compte rendu financier."
DEPOSIT = made(Moves(bank=20_00, cash=-20_00), piece="V01")
WITHDRAWAL = made(Moves(bank=-20_00, cash=20_00), piece="V02")


def test_one_voucher_is_missing() -> None:
    message = "Une opération n’a pas de justificatif : joignez-le, ou dites où il est."
    expected = Remark(message, "Voir ce qui manque", Place.MISSING_VOUCHERS)
    assert remarks(voucher_missing, standing_of([spent(5_00), spent(6_00, proven=True)])) == [expected]


def test_several_vouchers_are_missing() -> None:
    message = "3 opérations n’ont pas de justificatif : joignez-le, ou dites où il est."
    assert said(voucher_missing, standing_of([spent(5_00), received(6_00), DEPOSIT])) == [message]


def test_every_voucher_is_there() -> None:
    proven = standing_of([spent(5_00, proven=True)])
    assert said(voucher_missing, proven) == []
    assert voucher_missing.praise(proven, TERMS) == "Bravo, chaque opération a son justificatif."
    assert voucher_missing.praise(standing_of(()), TERMS) is None


def test_the_statement_of_the_last_month_that_moved_is_missing() -> None:
    moved_in_august = standing_of([spent(5_00, date=date(2026, 8, 3))])
    moved_in_june = standing_of([spent(5_00, date=date(2026, 6, 3))])
    assert remarks(statement_missing, moved_in_august) == [Remark(AUGUST, "Joindre le relevé", Place.DOCUMENTS, since=date(2026, 9, 1))]
    assert said(statement_missing, moved_in_june) == [JULY]
    assert said(statement_missing, replace(moved_in_august, statement_document=date(2026, 7, 31))) == [AUGUST]
    assert said(statement_missing, replace(moved_in_june, statement_document=date(2026, 6, 30))) == [JULY]


def test_the_statement_is_there_or_not_owed() -> None:
    moved_in_august = standing_of([spent(5_00, date=date(2026, 8, 3))])
    assert said(statement_missing, replace(moved_in_august, statement_document=date(2026, 8, 31))) == []
    assert said(statement_missing, replace(standing_of([spent(5_00)]), statement_document=date(2026, 7, 31))) == []
    assert said(statement_missing, standing_of([made(Moves(cash=5_00), ("75600008", 5_00))])) == []


def test_cash_is_deposited_more_often_than_the_free_ones() -> None:
    terms = Terms(YEAR, Rules(free_deposits=2))
    message = "Vous avez déposé des espèces 3 fois : au-delà de 2, la banque peut faire payer. Regroupez-les."
    assert remarks(deposited_too_often, standing_of([DEPOSIT] * 3), terms) == [Remark(message, "Voir le cahier", Place.CAHIER)]
    assert said(deposited_too_often, standing_of([DEPOSIT, DEPOSIT, WITHDRAWAL]), terms) == []
