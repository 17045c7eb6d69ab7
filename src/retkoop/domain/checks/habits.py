"""Habits (habitudes): the account on which a tiers is usually booked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retkoop.domain.chart import Chart
from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Habit, Scope, Terms, TiersHabits
from retkoop.domain.checks.wording import account_name, named, sentence

USES_OF_A_HABIT: Final = 3
SHARE_OF_A_HABIT: Final = 80
"""So many in a hundred of what a tiers meets (of its class, 6 or 7) make a habit; "Familles" pay on several accounts."""


@check(
    code="compte-inhabituel",
    severity=Severity.CONSEIL,
    scope=Scope.TIERS,
    rule="Un même tiers va d’habitude sur le même compte (au moins 3 fois, et 4 fois sur 5).",
    source="OCCE, nomenclature comptable",
)
def unusual_account(tiers: TiersHabits, terms: Terms) -> Iterator[Remark]:
    """An account met once, where another of its class (6 or 7) is the habit of the same tiers.

    Silent where a second account was met twice: such a tiers has several habits, and nothing surprises.
    """
    for nature in ("6", "7"):
        habits = [habit for habit in tiers.habits if habit.account.startswith(nature)]
        others = habits[1:]
        if others and all(habit.uses == 1 for habit in others) and _is_habit(habits[0].uses, len(others)):
            yield from (_remark(habit, habits[0], terms.chart) for habit in others)


def _is_habit(uses: int, exceptions: int) -> bool:
    return uses >= USES_OF_A_HABIT and 100 * uses >= SHARE_OF_A_HABIT * (uses + exceptions)


def _remark(unusual: Habit, usual: Habit, chart: Chart) -> Remark:
    text = (
        f"{named(unusual.piece)} est sur le compte {account_name(chart, unusual.account)}, alors que le même tiers "
        f"est d’habitude sur le compte {account_name(chart, usual.account)}."
    )
    return Remark(sentence(text), "Vérifier le compte", Place.OPERATION, unusual.operation, unusual.piece)
