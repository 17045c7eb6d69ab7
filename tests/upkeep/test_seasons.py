from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from retkoop.domain.checks import all_findings
from retkoop.domain.checks.finding import Severity
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Kind, Moves, Operation
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import standing_of
from retkoop.upkeep.seasons import made_up_year

YEAR = SchoolYear(2025)
OPENING = Moves(bank=900_00, cash=25_00)


def year_of(seed: int, count: int) -> list[Operation]:
    operations = made_up_year(Random(seed), YEAR, count, OPENING)  # noqa: S311 -- made-up figures
    return [replace(operation, key=key) for key, operation in enumerate(operations, start=1)]


@pytest.mark.parametrize("count", [0, 1, 2, 40, 200, 1000])
def test_a_year_has_as_many_operations_as_asked(count: int) -> None:
    assert len(year_of(1, count)) == count


def test_the_same_chance_makes_the_same_year() -> None:
    assert year_of(7, 120) == year_of(7, 120)
    assert year_of(7, 120) != year_of(8, 120)


@pytest.mark.parametrize("seed", range(8))
def test_a_made_up_year_is_in_order_explained_and_without_an_error(seed: int) -> None:
    operations = year_of(seed, 200)
    standing = standing_of(operations, YEAR)
    erreurs = [finding.remark.message for finding in all_findings(operations, standing, Terms(YEAR)) if finding.severity is Severity.ERREUR]
    assert erreurs == []
    assert [operation.date for operation in operations] == sorted(operation.date for operation in operations)
    assert (standing.imbalance, standing.net("54")) == (0, 0)
    assert all(operation.date in YEAR and operation.date.weekday() < 5 for operation in operations[1:])


def test_a_made_up_year_has_something_of_everything() -> None:
    kinds = Counter(operation.kind for operation in year_of(1, 200))
    assert set(kinds) == set(Kind) - {Kind.SUMMARY}  # which is of a year kept elsewhere


def test_an_adhesion_holds_its_insurance() -> None:
    [adhesion] = [operation for operation in year_of(1, 200) if operation.label == "Adhésion OCCE"]
    assert [part.account for part in adhesion.parts] == ["62810008", "61681008"]
    assert adhesion.remainder == 0


def test_the_year_begins_with_its_report_a_nouveau() -> None:
    opening = year_of(1, 1)[0]
    assert (opening.opening, opening.piece, opening.date, opening.moves, opening.pointed) == (True, "RAN", date(2025, 9, 1), OPENING, True)
