from __future__ import annotations

from datetime import date

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.regies import regie_above_ceiling, regie_open_after_june, regie_open_at_end, regie_overdrawn
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import TERMS, made, remarks, said
from tests.domain.strategies import standing_of

PAID = made(Moves(bank=-120_00, regie=120_00), piece="D02")


def test_a_regie_up_to_the_ceiling() -> None:
    assert said(regie_above_ceiling, made(Moves(bank=-150_00, regie=150_00))) == []
    assert said(regie_above_ceiling, made(Moves(regie=200_00), opening=True)) == []


def test_a_regie_above_the_ceiling() -> None:
    operation = made(Moves(bank=-150_01, regie=150_01), piece="D02")
    message = "La pièce D02 verse une régie de 150,01 € : le plafond est de 150,00 €."
    assert remarks(regie_above_ceiling, operation) == [Remark(message, "Corriger le montant", Place.OPERATION, 1, "D02")]


def test_an_open_regie_is_an_alerte_in_summer_and_an_erreur_on_the_last_day() -> None:
    standing, last_day = standing_of([PAID]), date(2026, 8, 31)
    in_june = "Au 30 juin 2026, il reste 120,00 € de régies d’avance à justifier ou à rendre."
    in_august = "Au 31 août 2026, il reste 120,00 € de régies d’avance à justifier ou à rendre."
    summer = date(2026, 7, 1)
    assert remarks(regie_open_after_june, standing) == [Remark(in_june, "Solder les régies", Place.CAHIER, since=summer, until=last_day)]
    assert remarks(regie_open_at_end, standing) == [Remark(in_august, "Solder les régies", Place.CAHIER, since=last_day)]
    assert regie_open_at_end.praise(standing, TERMS) is None


def test_a_regie_that_gives_back_more_than_it_had_is_an_erreur_at_once() -> None:
    standing = standing_of([PAID, made(Moves(cash=25_00, regie=-25_00)), made(Moves(regie=-100_00), ("61800008", 100_00))])
    message = "Les régies d’avance ont rendu ou justifié 5,00 € de plus que versé : une avance manque, ou un montant est faux."
    assert remarks(regie_overdrawn, standing) == [Remark(message, "Vérifier les régies", Place.CAHIER)]
    assert said(regie_open_after_june, standing) + said(regie_open_at_end, standing) == []
    assert regie_open_at_end.praise(standing, TERMS) is None


def test_a_settled_regie_is_praised() -> None:
    standing = standing_of([PAID, made(Moves(regie=-83_70), ("61800008", 83_70)), made(Moves(bank=36_30, regie=-36_30))])
    assert said(regie_overdrawn, standing) + said(regie_open_after_june, standing) + said(regie_open_at_end, standing) == []
    assert regie_open_at_end.praise(standing, TERMS) == "Bravo, toutes les régies d’avance sont soldées."


def test_no_praise_without_a_regie() -> None:
    assert regie_open_at_end.praise(standing_of(()), TERMS) is None
