from __future__ import annotations

import pytest

from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.splits import account_on_wrong_side, split_differs
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import made, received, remarks, said, spent


def test_a_split_to_the_cent_is_right() -> None:
    assert said(split_differs, made(Moves(bank=-149_50), ("62810008", 133_25), ("61681008", 16_25))) == []


def test_a_split_that_explains_too_little() -> None:
    operation = made(Moves(bank=-149_50), ("62810008", 133_25), piece="D03", key=7)
    message = "Il manque 16,25 € dans la ventilation de la pièce D03."
    assert remarks(split_differs, operation) == [Remark(message, "Compléter la ventilation", Place.OPERATION, 7, "D03")]


def test_a_split_that_explains_too_much() -> None:
    assert said(split_differs, made(Moves(bank=-10_00), ("61800008", 12_00))) == [
        "La ventilation de la pièce D01 dépasse de 2,00 € la somme payée ou reçue."
    ]


def test_an_operation_without_a_number_goes_by_its_label() -> None:
    assert said(split_differs, made(Moves(bank=-10_00), piece="", label="Livres")) == [
        "Il manque 10,00 € dans la ventilation de l’opération « Livres »."
    ]


@pytest.mark.parametrize("moves", [Moves(bank=100_00, cash=-95_00), Moves(bank=-100_00, regie=105_00)])
def test_money_that_passes_on_passes_whole(moves: Moves) -> None:
    assert said(split_differs, made(moves, piece="V01")) == ["Dans la pièce V01, ce qui sort et ce qui entre diffèrent de 5,00 €."]


def test_an_opening_is_not_split() -> None:
    opening = made(Moves(bank=100_00), ("75600008", 5_00), piece="RAN", opening=True)
    assert said(split_differs, opening) == ["Il manque 5,00 € dans la ventilation de la pièce RAN."]
    assert remarks(split_differs, opening)[0].place is Place.OPENING


def test_a_charge_on_a_receipt() -> None:
    operation = received(430_00, "61800008", piece="R01")
    message = "La pièce R01 est une recette, mais « 618, Charges des activités éducatives » est un compte de dépenses."
    assert remarks(account_on_wrong_side, operation) == [Remark(message, "Choisir un autre compte", Place.OPERATION, 1, "R01")]
    assert account_on_wrong_side.severity is Severity.ERREUR


def test_a_produit_on_an_expense_is_told_once_an_account() -> None:
    operation = made(Moves(bank=-30_00), ("70700008", 10_00), ("70700008", 20_00))
    message = "La pièce D01 est une dépense, mais « 707, Ventes de produits pour cession » est un compte de recettes."
    assert said(account_on_wrong_side, operation) == [message]


def test_a_wrong_side_alone_is_not_told_twice() -> None:
    assert said(split_differs, received(430_00, "61800008")) == []


def test_a_refund_is_a_negative_part_of_the_same_account() -> None:
    refund = made(Moves(bank=25_00), ("61800008", -25_00))
    assert said(account_on_wrong_side, refund) + said(split_differs, refund) == []


def test_a_refund_less_a_purchase_is_a_refund() -> None:
    refund = made(Moves(bank=20_00), ("61800008", -25_00), ("61800008", 5_00))
    assert said(account_on_wrong_side, refund) + said(split_differs, refund) == []


def test_a_fee_kept_back_from_a_sale_is_booked_apart() -> None:
    net = made(Moves(bank=95_00), ("70700008", 100_00), ("65000008", 5_00), piece="R05")
    assert said(account_on_wrong_side, net) == [
        "La pièce R05 est une recette, mais « 650, Autres charges courantes » est un compte de dépenses."
    ]


def test_an_account_that_the_chart_lost_goes_by_its_number() -> None:
    assert said(account_on_wrong_side, spent(5_00, "79990008")) == [
        "La pièce D01 est une dépense, mais « 79990008 » est un compte de recettes."
    ]
