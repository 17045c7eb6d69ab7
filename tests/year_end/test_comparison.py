from __future__ import annotations

import pytest

from retkoop.domain.chart import national_chart
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing, standing_of
from retkoop.year_end.comparison import ComparedRow, income_sides, sheet_sides, year_told
from tests.domain.musee import OPERATIONS

CHART = national_chart()
NOW = standing_of(OPERATIONS, SchoolYear(2025))
BEFORE = SchoolYear(2024)


def former(*operations: Operation) -> Standing:
    return standing_of(operations, BEFORE)


def test_charges_and_produits_have_one_scale() -> None:
    produits, charges = income_sides(NOW, None, CHART)
    assert (produits.title, produits.total, produits.former_total, produits.key) == ("Produits", 826_50, None, "a")
    assert produits.rows == (
        ComparedRow("741", "Subventions de l’État et des collectivités", 300_00, None, 57.0),
        ComparedRow("756", "Participations volontaires des familles", 526_50, None, 100.0),
    )
    assert (charges.title, charges.total, charges.key) == ("Charges", 614_20, "b")
    assert [(row.account, row.amount, row.percent) for row in charges.rows] == [
        ("616", 16_25, 3.1),
        ("618", 464_70, 88.3),
        ("628", 133_25, 25.3),
    ]


def test_last_year_stands_beside_with_its_own_accounts() -> None:
    loto = Operation(1, "R1", BEFORE.first_day, "Loto", Moves(bank=90_00), (Part("70800008", 90_00),))
    families = Operation(2, "R2", BEFORE.first_day, "Familles", Moves(bank=40_00), (Part("75600008", 40_00),))
    produits, charges = income_sides(NOW, former(loto, families), CHART)
    assert [(row.account, row.amount, row.former) for row in produits.rows] == [
        ("708", 0, 90_00),
        ("741", 300_00, 0),
        ("756", 526_50, 40_00),
    ]
    assert (produits.former_total, charges.former_total) == (130_00, 0)


def test_the_bilan_on_two_sides() -> None:
    assets, liabilities = sheet_sides(
        NOW, former(Operation(1, "R1", BEFORE.first_day, "Loto", Moves(bank=90_00), (Part("70800008", 90_00),)))
    )
    assert [(row.account, row.label, row.amount, row.former) for row in assets.rows] == [
        ("512", "Banque", 1028_20, 90_00),
        ("530", "Caisse", 21_50, 0),
    ]
    assert [(row.account, row.label, row.amount, row.former) for row in liabilities.rows] == [
        ("", "Report à nouveau", 837_40, 0),
        ("", "Résultat de l’année", 212_30, 90_00),
    ]
    assert (assets.total, liabilities.total, assets.former_total, liabilities.former_total) == (1049_70, 1049_70, 90_00, 90_00)


def test_a_negative_amount_has_no_bar() -> None:
    overdrawn = former(Operation(1, "D1", BEFORE.first_day, "Livres", Moves(cash=-10_00), (Part("61800008", 10_00),)))
    assets, liabilities = sheet_sides(overdrawn, None)
    assert [(row.label, row.amount, row.percent) for row in (*assets.rows, *liabilities.rows)] == [
        ("Caisse", -10_00, 0.0),
        ("Report à nouveau", 0, 0.0),
        ("Résultat de l’année", -10_00, 0.0),
    ]


def test_an_empty_book_has_sides_too() -> None:
    sides = (*income_sides(Standing(BEFORE), None, CHART), *sheet_sides(Standing(BEFORE), None))
    assert [(side.title, len(side.rows), side.total) for side in sides] == [
        ("Produits", 0, 0),
        ("Charges", 0, 0),
        ("Actif", 1, 0),
        ("Passif", 2, 0),
    ]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (NOW, "L’année a commencé avec 837,40 €. La coopérative a reçu 826,50 € et dépensé 614,20 € : elle possède 1 049,70 €."),
        (Standing(BEFORE), "La coopérative a reçu 0,00 € et dépensé 0,00 € : elle possède 0,00 €."),
        (
            former(Operation(1, "D1", BEFORE.first_day, "Livres", Moves(bank=-10_00), (Part("61800008", 8_00),))),
            "La coopérative a reçu 0,00 € et dépensé 8,00 €.",
        ),
    ],
    ids=["a year", "nothing", "not balanced"],
)
def test_the_year_in_words(standing: Standing, expected: str) -> None:
    assert year_told(standing).replace("\u202f", " ") == expected
