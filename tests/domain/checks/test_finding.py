from __future__ import annotations

from datetime import date, timedelta

from retkoop.domain.checks.finding import Place, Remark, Severity

DAY = date(2026, 7, 1)


def test_severities_are_ranked_the_gravest_first() -> None:
    assert [severity.rank for severity in (Severity.ERREUR, Severity.ALERTE, Severity.CONSEIL)] == [0, 1, 2]


def test_a_remark_holds_always() -> None:
    assert Remark("Une phrase.", "Voir", Place.CAHIER).holds_on(DAY)


def test_a_remark_holds_from_since_until_the_day_before_until() -> None:
    remark = Remark("Une phrase.", "Voir", Place.CAHIER, since=DAY, until=DAY + timedelta(2))
    assert [remark.holds_on(DAY + timedelta(days)) for days in (-1, 0, 1, 2)] == [False, True, True, False]
