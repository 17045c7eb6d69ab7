from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from retkoop.domain.cash_count import CashCount
from retkoop.domain.checks.cash import cash_below_zero, cash_box_too_full, cash_count_differs, cash_payment_too_large
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import Days
from retkoop.domain.entry import Moves
from retkoop.domain.ledger import DayMoves
from tests.domain.checks.speaking import TERMS, made, remarks, said
from tests.domain.strategies import standing_of

HELD = standing_of([made(Moves(cash=21_50), ("70800008", 21_50))])
"""A box that holds 21,50 €."""


def days(*cash: int, opening: int = 0) -> Days:
    return Days(tuple(DayMoves(date(2025, 11, day), 0, moved) for day, moved in enumerate(cash, start=1)), opening_cash=opening)


def test_a_cash_box_that_always_holds_something() -> None:
    assert said(cash_below_zero, days(-25_00, 10_00, -10_00, opening=25_00)) == []
    assert cash_below_zero.praise(days(opening=25_00), TERMS) == "Bravo, la caisse n’est jamais négative."
    assert cash_below_zero.praise(days(10_00), TERMS) == "Bravo, la caisse n’est jamais négative."


def test_no_praise_for_a_cash_box_that_never_moved() -> None:
    assert cash_below_zero.praise(days(0), TERMS) is None


def test_a_cash_box_below_zero_even_if_it_recovers() -> None:
    message = "La caisse est négative le 3 novembre 2025 (−12,50 €) : il manque une recette ou un retrait, ou une date est fausse."
    expected = Remark(message, "Voir ce jour dans le cahier", Place.CAHIER, day=date(2025, 11, 3))
    assert remarks(cash_below_zero, days(10_00, -10_00, -12_50, -5_00, 100_00)) == [expected]
    assert cash_below_zero.praise(days(-1, 1), TERMS) is None


def test_a_cash_box_that_opens_below_zero() -> None:
    message = "La caisse ouvre l’année en négatif (−5,00 €) : corrigez le report à nouveau."
    assert remarks(cash_below_zero, days(10_00, opening=-5_00)) == [Remark(message, "Corriger le report à nouveau", Place.OPENING)]


@pytest.mark.parametrize(
    ("counted", "what"),
    [(18_30, "il manquait 3,20 € dans la caisse"), (22_00, "il y avait 0,50 € de trop dans la caisse")],
)
def test_a_count_that_differs_from_the_book(counted: int, what: str) -> None:
    standing = replace(HELD, cash_count=CashCount(date(2026, 6, 30), counted, 21_50))
    message = f"Au comptage du 30 juin 2026, {what}."
    assert remarks(cash_count_differs, standing) == [Remark(message, "Recompter la caisse", Place.CASH)]


def test_a_right_count_is_praised_and_none_is_waited_for() -> None:
    right = replace(HELD, cash_count=CashCount(date(2026, 6, 30), 21_50, 21_50))
    assert said(cash_count_differs, HELD) + said(cash_count_differs, right) == []
    assert cash_count_differs.praise(right, TERMS) == "Bravo, la caisse est juste."
    assert cash_count_differs.praise(HELD, TERMS) is None


@pytest.mark.parametrize("counted", [25_22, 20_00])
def test_a_count_before_the_cash_moved_is_neither_blamed_nor_praised(counted: int) -> None:
    stale = replace(HELD, cash_count=CashCount(date(2025, 10, 15), counted, 25_22))
    assert (said(cash_count_differs, stale), cash_count_differs.praise(stale, TERMS)) == ([], None)


def test_a_payment_in_cash_beyond_what_the_law_allows() -> None:
    operation = made(Moves(cash=-1_000_01), ("61800008", 1_000_01))
    message = "La pièce D01 paie 1 000,01 € en espèces : la loi l’interdit au-delà de 1 000,00 €."
    assert remarks(cash_payment_too_large, operation) == [Remark(message, "Corriger le mode de paiement", Place.OPERATION, 1, "D01")]


@pytest.mark.parametrize("moves", [Moves(cash=-1_000_00), Moves(cash=-1_500_00, bank=1_500_00), Moves(cash=-1_500_00, regie=1_500_00)])
def test_the_ceiling_itself_a_deposit_and_a_regie_are_no_such_payment(moves: Moves) -> None:
    assert said(cash_payment_too_large, made(moves)) == []


def test_an_opening_pays_nobody() -> None:
    assert said(cash_payment_too_large, made(Moves(cash=-1_500_00), opening=True)) == []


def test_a_cash_box_too_full() -> None:
    standing = standing_of([made(Moves(cash=300_01), ("70800008", 300_01))])
    message = "La caisse contient 300,01 € : au-delà de 300,00 €, déposez l’argent à la banque."
    assert remarks(cash_box_too_full, standing) == [Remark(message, "Noter un dépôt", Place.CAHIER)]
    assert said(cash_box_too_full, standing_of([made(Moves(cash=300_00), ("70800008", 300_00))])) == []
