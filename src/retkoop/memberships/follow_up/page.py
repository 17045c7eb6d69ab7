"""What the follow-up of an AD's adhésions shows: the coops asked for, their totals, the years side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.http import Http404

from retkoop.domain.fees import Cycle, Level
from retkoop.domain.membership import MembershipState
from retkoop.domain.money import Cents
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.access import MONEY
from retkoop.memberships.follow_up.queries import Followed, FollowedYear, YearTotals, followed_in, membership_due, totals_of
from retkoop.memberships.follow_up.selection import LATE, REFUND, STATES, FollowUpSelection, counts_of
from retkoop.network.access import AssociationAccess
from retkoop.ui.addresses import address_of

AT_ONCE: Final = 100
"""Coops that a page shows at once: the others follow whoever comes down to them."""
COUNTED_WORDS: Final = {
    "a-declarer": ("à déclarer", "à déclarer"),
    "a-payer": ("à payer", "à payer"),
    "en-partie": ("payée en partie", "payées en partie"),
    "a-valider": ("à valider", "à valider"),
    "validees": ("validée", "validées"),
    "non-renouvelees": ("non renouvelée", "non renouvelées"),
    LATE: ("en retard", "en retard"),
    REFUND: ("à rembourser", "à rembourser"),
}
"""How the bar calls one adhésion, or several, of a word of the address."""
ALWAYS: Final = frozenset({"a-declarer", "validees"})


def year_asked(text: str | None, today: date) -> SchoolYear:
    """Return the year that an address names; where it names none, the one that runs. Raises Http404."""
    if not text:
        return SchoolYear.containing(today)
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class MembershipSum:
    """So many adhésions, and their money in cents."""

    count: int
    amount: Cents


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state of the bar: its word of the address, its name, how many, where a press leads (a second one shows all again)."""

    word: str
    label: str
    count: int
    href: str


class ColumnHead(NamedTuple):
    """The head of a column: where a press on it leads, and how it is sorted now (`ascending`, `descending`, or not)."""

    column: str
    title: str
    href: str
    sort: str | None


class LevelCount(NamedTuple):
    """The coopérateurs of a cycle, or of a level within it."""

    label: str
    classes: int
    pupils: int
    adults: int
    levels: tuple[LevelCount, ...] = ()


class YearLine(NamedTuple):
    """What a year adds up to beside the one before it."""

    label: str
    values: tuple[int, ...]
    """Of the year on show, then of those before."""
    is_money: bool = False

    @property
    def gap(self) -> int:
        return self.values[0] - self.values[1]


@dataclass
class FollowUpPage:
    """The adhésions of an AD in a year, as somebody asks for them; `whole`: all rows at once."""

    access: AssociationAccess
    year: SchoolYear
    today: date
    selection: FollowUpSelection
    whole: bool = False

    @cached_property
    def followed(self) -> FollowedYear:
        return followed_in(self.access.association, self.year)

    @property
    def coops(self) -> list[Followed]:
        return self.followed.coops

    @cached_property
    def due(self) -> date:
        return membership_due(self.access.association, self.year)

    @property
    def is_over(self) -> bool:
        """The last day to pay has passed."""
        return self.today > self.due

    @cached_property
    def shown(self) -> list[Followed]:
        return self.selection.chosen(self.coops, over=self.is_over)

    @property
    def first(self) -> list[Followed]:
        return self.shown if self.whole else self.shown[:AT_ONCE]

    @property
    def rest(self) -> list[Followed]:
        return self.shown[len(self.first) :]

    @cached_property
    def totals(self) -> YearTotals:
        return totals_of(self.coops)

    @cached_property
    def expected(self) -> MembershipSum:
        """All that adhere or should: what they declared, else what they declared the year before."""
        rows = [one for one in self.coops if one.is_expected]
        return MembershipSum(len(rows), sum(one.facts.due if one.facts.declared else one.former or 0 for one in rows))

    @cached_property
    def unestimated(self) -> int:
        """Coops that have declared neither this year nor the one before."""
        return sum(one.is_expected and not one.facts.declared and one.former is None for one in self.coops)

    @cached_property
    def may_validate(self) -> bool:
        """Whether adhésions are paid and wait for whoever looks to validate them."""
        return self.access.role in MONEY and any(one.state is MembershipState.PAID for one in self.coops)

    @cached_property
    def paid(self) -> MembershipSum:
        """Adhésions that nothing is owed on any more, and all the money that was received."""
        return MembershipSum(
            sum(one.state in {MembershipState.PAID, MembershipState.VALIDATED} for one in self.coops), self.totals.received
        )

    @cached_property
    def validated(self) -> MembershipSum:
        rows = [one for one in self.coops if one.state is MembershipState.VALIDATED]
        return MembershipSum(len(rows), sum(one.facts.due for one in rows))

    @cached_property
    def owed(self) -> Cents:
        """What declared adhésions still wait for."""
        return sum(max(one.facts.owed, 0) for one in self.coops if one.is_expected)

    @cached_property
    def counts(self) -> dict[str, int]:
        return counts_of(self.selection.searched(self.coops), over=self.is_over)

    @cached_property
    def bar(self) -> list[StateCount]:
        asked = self.selection.etat
        told = [(word, words, self.counts[word]) for word, words in COUNTED_WORDS.items() if self.counts[word] or word in ALWAYS | {asked}]
        return [StateCount(word, words[count > 1], count, self.href(etat="" if asked == word else word)) for word, words, count in told]

    @cached_property
    def drawing(self) -> list[tuple[str, float, float]]:
        """The states as parts of one line: where each begins and how long it is, in hundredths."""
        total, x, parts = sum(self.counts[word] for word in STATES) or 1, 0.0, []
        for word in STATES:
            width = 100 * self.counts[word] / total
            parts.append((word, round(x, 2), round(width, 2)))
            x += width
        return parts

    @cached_property
    def cycles(self) -> list[LevelCount]:
        """The coopérateurs that are declared, by cycle and level."""
        classes = [one for coop in self.coops for one in coop.classes]
        return counted_by_cycle(classes)

    @property
    def magazines(self) -> int:
        return sum(one.magazines for one in self.coops)

    @property
    def years(self) -> tuple[SchoolYear, ...]:
        return (self.year, self.year.previous, self.year.previous.previous)

    @property
    def compared(self) -> list[YearLine]:
        """The year on show beside the two before it."""
        sums = (self.totals, *self.followed.before)
        return [
            YearLine("Coopératives qui ont déclaré", tuple(one.coops for one in sums)),
            YearLine("Coopérateurs", tuple(one.members for one in sums)),
            YearLine("Montant déclaré", tuple(one.due for one in sums), is_money=True),
            YearLine("Reçu", tuple(one.received for one in sums), is_money=True),
        ]

    def to(self, query: str = "", page: str = "memberships") -> str:
        """Return the address of this page, or of a file of it, for a query in this year."""
        words = "&".join(filter(None, ("" if self.is_usual_year else f"annee={self.year}", query)))
        path = address_of(page, department=self.access.association.department)
        return f"{path}?{words}" if words else path

    @property
    def is_usual_year(self) -> bool:
        return self.year == SchoolYear.containing(self.today)

    def href(self, **changes: str) -> str:
        """Return the address of what is shown, with other words in place of some."""
        return self.to(self.selection.query(**changes))

    def with_word(self, word: str) -> str:
        return f"{self.href()}{'&' if '?' in self.href() else '?'}{word}"

    def head(self, title: str, column: str, *, down: bool = True) -> ColumnHead:
        """Return the head of a column; `down`: the first press sorts the largest first."""
        now = self.selection.tri
        first, second = (f"-{column}", column) if down else (column, f"-{column}")
        sort = None if now.removeprefix("-") != column else "descending" if now.startswith("-") else "ascending"
        return ColumnHead(column, title, self.href(tri=second if now == first else first), sort)

    @cached_property
    def address(self) -> tuple[str, str]:
        """The address of the adhésion of a coop, cut where its RNE goes."""
        after = "/" if self.is_usual_year else f"/?annee={self.year}"
        return address_of("memberships", department=self.access.association.department), after


def counted_by_cycle(classes: Iterable[Sequence[Any]]) -> list[LevelCount]:
    """Return classes, pupils and adults by cycle, and within it by level, in the order of school."""
    counts, pupils, adults = Counter[str](), Counter[str](), Counter[str]()
    for level, some, others, _ in classes:
        counts[level] += 1
        pupils[level] += some
        adults[level] += others
    levels = [LevelCount(one.value, counts[one], pupils[one], adults[one]) for one in Level if counts[one]]
    cycles = {cycle: tuple(one for one in levels if Level(one.label).cycle is cycle) for cycle in Cycle}
    return [_added(cycle.value, its) for cycle, its in cycles.items() if its]


def _added(label: str, levels: tuple[LevelCount, ...]) -> LevelCount:
    sums = (sum(one.classes for one in levels), sum(one.pupils for one in levels), sum(one.adults for one in levels))
    return LevelCount(label, *sums, levels)
