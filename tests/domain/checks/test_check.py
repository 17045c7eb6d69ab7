from __future__ import annotations

from collections.abc import Iterator

from retkoop.domain.checks.check import GoodNews, check
from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from tests.domain.checks.speaking import TERMS

REMARK = Remark("Il y a quelque chose.", "Voir", Place.CAHIER)


@check(
    code="essai",
    severity=Severity.CONSEIL,
    scope=Scope.TOTALS,
    rule="Il n’y a rien.",
    source="Essai",
    good_news=GoodNews("Bravo, il n’y a rien.", lambda number: number is not None),
)
def nothing_there(number: int | None, _: Terms) -> Iterator[Remark]:
    for _number in range(number or 0):
        yield REMARK


@check(code="muet", severity=Severity.CONSEIL, scope=Scope.TOTALS, rule="Rien.", source="Essai")
def silent(_view: int | None, _: Terms) -> Iterator[Remark]:
    yield from ()


def test_a_check_makes_findings_of_its_remarks() -> None:
    assert list(nothing_there.run(2, TERMS)) == [Finding("essai", Severity.CONSEIL, REMARK)] * 2


def test_good_news_are_told_of_what_is_known_and_right() -> None:
    assert [nothing_there.praise(number, TERMS) for number in (0, 1, None)] == ["Bravo, il n’y a rien.", None, None]
    assert silent.praise(0, TERMS) is None
