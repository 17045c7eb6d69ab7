from __future__ import annotations

from dataclasses import replace
from datetime import date

from retkoop.domain.entry import Moves, Part
from retkoop.domain.reports.subsidies import Subsidy, TabledSubsidy, subsidies_of
from tests.domain import musee


def test_the_book_knows_who_gave_and_what_for_but_not_what_is_left() -> None:
    assert subsidies_of(musee.OPERATIONS) == (
        Subsidy(date(2026, 1, 20), "Mairie", "Subvention, projet musée", 300_00, spent=None, left=None),
    )


def test_only_the_part_that_is_a_subsidy_counts() -> None:
    mixed = replace(
        musee.SUBSIDY, moves=Moves(bank=470_00), parts=(Part("74100008", 300_00), Part("75800008", 50_00), Part("74800008", 120_00))
    )
    assert [subsidy.amount for subsidy in subsidies_of([mixed])] == [300_00, 120_00]


def test_a_subsidy_that_is_paid_back_is_negative() -> None:
    repaid = replace(musee.SUBSIDY, moves=Moves(bank=-80_00), parts=(Part("74100008", -80_00),))
    assert [subsidy.amount for subsidy in subsidies_of([repaid])] == [-80_00]


def test_subsidies_stand_in_the_order_of_the_book() -> None:
    earlier = replace(musee.SUBSIDY, key=20, date=date(2025, 12, 1), tiers="Fondation")
    assert [subsidy.body for subsidy in subsidies_of([musee.SUBSIDY, earlier])] == ["Fondation", "Mairie"]


def test_the_table_tells_what_the_book_does_not_know() -> None:
    line = TabledSubsidy(musee.SUBSIDY.key, "Commune d’Évry", "Projet musée", 184_50)
    assert subsidies_of(musee.OPERATIONS, [line]) == (
        Subsidy(date(2026, 1, 20), "Commune d’Évry", "Projet musée", 300_00, spent=184_50, left=115_50),
    )


def test_a_line_of_the_table_without_spending_leaves_what_is_left_unknown() -> None:
    mixed = replace(musee.SUBSIDY, parts=(Part("74100008", 300_00), Part("74800008", 120_00)))
    line = TabledSubsidy(musee.SUBSIDY.key, "Mairie", "Projet musée")
    assert subsidies_of([mixed], [line]) == (Subsidy(date(2026, 1, 20), "Mairie", "Projet musée", 420_00),)


def test_the_amount_is_the_book_s_alone() -> None:
    repaired = replace(musee.SUBSIDY, parts=(Part("75800008", 300_00),))
    assert subsidies_of([repaired], [TabledSubsidy(musee.SUBSIDY.key, "Mairie", "Projet musée", 0)]) == ()
