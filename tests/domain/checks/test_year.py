from __future__ import annotations

from dataclasses import replace
from datetime import date

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.year import balance_sheet_differs, nothing_booked, opening_differs, opening_split_differs
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import DIRECT, TERMS, made, received, remarks, said
from tests.domain.strategies import standing_of

OPENING = made(Moves(bank=812_40, cash=25_00), piece="RAN", date=date(2025, 9, 1), opening=True)
NOTHING = standing_of(())
MONEY_UNEXPLAINED = made(Moves(bank=-149_50), ("62810008", 133_25))


def test_a_balance_sheet_that_does_not_balance() -> None:
    message = "Le bilan n’est pas équilibré : 16,25 € d’écart entre l’actif et le passif."
    assert remarks(balance_sheet_differs, standing_of([MONEY_UNEXPLAINED])) == [Remark(message, "Voir le bilan", Place.BALANCE_SHEET)]


def test_a_balance_sheet_that_balances_is_praised() -> None:
    for standing in (standing_of([OPENING]), standing_of([received(430_00)])):
        assert said(balance_sheet_differs, standing) == []
        assert balance_sheet_differs.praise(standing, TERMS) == "Bravo, le bilan est équilibré."
    assert balance_sheet_differs.praise(NOTHING, TERMS) is None
    assert balance_sheet_differs.praise(replace(standing_of([OPENING]), awaits_totals=True), DIRECT) is None


def test_an_opening_that_is_not_last_year_s_avoir() -> None:
    message = "Le report à nouveau est de 837,40 €, mais l’année 2024-2025 s’est terminée avec 837,45 €."
    standing = replace(standing_of([OPENING]), previous_assets=837_45)
    assert remarks(opening_differs, standing) == [Remark(message, "Corriger le report à nouveau", Place.OPENING)]


def test_an_opening_that_is_missing() -> None:
    message = "Le report à nouveau manque : l’année 2024-2025 s’est terminée avec 837,40 €."
    standing = replace(NOTHING, previous_assets=837_40)
    assert remarks(opening_differs, standing) == [Remark(message, "Noter le report à nouveau", Place.OPENING)]


def test_an_opening_that_is_last_year_s_avoir_or_a_first_year() -> None:
    right = replace(standing_of([OPENING]), previous_assets=837_40)
    assert said(opening_differs, right) + said(opening_differs, standing_of([OPENING])) == []
    assert opening_differs.praise(right, TERMS) == "Bravo, le report à nouveau reprend l’avoir de l’année précédente."
    assert opening_differs.praise(NOTHING, TERMS) is None


def test_an_opening_of_the_right_sum_in_the_wrong_places() -> None:
    message = "Le report à nouveau met 25,00 € en caisse, mais la caisse contenait 250,00 € à la fin de l’année 2024-2025."
    standing = replace(standing_of([OPENING]), previous_assets=837_40, previous_cash=250_00)
    assert remarks(opening_split_differs, standing) == [Remark(message, "Corriger le report à nouveau", Place.OPENING)]


def test_an_opening_in_the_right_places_or_of_a_wrong_sum_or_of_a_first_year() -> None:
    opened = standing_of([OPENING])
    right = replace(opened, previous_assets=837_40, previous_cash=25_00)
    wrong_sum = replace(opened, previous_assets=800_00, previous_cash=250_00)
    assert [said(opening_split_differs, standing) for standing in (opened, right, wrong_sum)] == [[], [], []]


def test_nothing_booked_for_sixty_days() -> None:
    message = "Rien n’est noté depuis le 3 novembre 2025 : le cahier est-il à jour ?"
    standing = standing_of([received(10_00, date=date(2025, 11, 3)), received(10_00, date=date(2025, 10, 1))])
    expected = Remark(message, "Noter une opération", Place.CAHIER, since=date(2026, 1, 2), until=date(2026, 9, 1))
    assert remarks(nothing_booked, standing) == [expected]


def test_nothing_booked_at_all() -> None:
    message = "Rien n’est noté depuis le 1er septembre 2025 : le cahier est-il à jour ?"
    expected = Remark(message, "Noter une opération", Place.CAHIER, since=date(2025, 10, 31), until=date(2026, 9, 1))
    assert remarks(nothing_booked, standing_of([OPENING])) == [expected]


def test_totals_are_not_kept_as_the_year_goes() -> None:
    assert said(nothing_booked, standing_of([OPENING]), DIRECT) == []


def test_an_operation_of_the_summer_leaves_no_time_for_silence() -> None:
    assert said(nothing_booked, standing_of([received(10_00, date=date(2026, 7, 3))])) == []
