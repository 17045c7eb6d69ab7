"""What is known of the adhésions of an AD in a year: a fixed number of queries, whatever the number of coops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet, Sum

from retkoop.audit.statements import prepared
from retkoop.domain.deadline import due_day
from retkoop.domain.membership import MembershipFacts, MembershipState
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, Payment, PaymentState
from retkoop.memberships.queries import facts_of, memberships
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.network.queries import given_settings


class Followed(NamedTuple):
    """A coop and where its adhésion of a year stands; amounts in cents.

    `former`: what it declared the year before, the estimate of what it will (None: it did not). `classes`: [level, pupils, adults, name].
    """

    rne: str
    name: str
    commune: str
    words: str
    facts: MembershipFacts
    state: MembershipState
    pupils: int = 0
    adults: int = 0
    magazines: int = 0
    classes: Sequence[Sequence[Any]] = ()
    former: Cents | None = None

    @property
    def members(self) -> int:
        return self.pupils + self.adults

    @property
    def is_expected(self) -> bool:
        return self.state is not MembershipState.LEFT

    @property
    def is_settled(self) -> bool:
        """The coop has nothing more to do: all is paid, or it does not renew."""
        return self.state in SETTLED


SETTLED: Final = frozenset({MembershipState.PAID, MembershipState.VALIDATED, MembershipState.LEFT})


class YearTotals(NamedTuple):
    """The adhésions declared in a year: coops, coopérateurs, what they asked and what was received, in cents."""

    coops: int = 0
    members: int = 0
    due: Cents = 0
    received: Cents = 0


def membership_due(association: DepartmentalAssociation, year: SchoolYear) -> date:
    """Return the last day on which an AD wants the adhésions of a year, paid."""
    return due_day(year.previous, given_settings(association, year).value("membership_due_days"))


@prepared
def _coops(association: int, start: int, first_day: date) -> QuerySet[Coop, tuple[Any, ...]]:
    coops = Coop.objects.filter(Q(closed_on=None) | Q(closed_on__gte=first_day), association=association)
    its = coops.annotate(its=FilteredRelation("memberships", condition=Q(memberships__start=start))).order_by("rne")
    return its.values_list("pk", "rne", "name", "commune", "words", "closed_on", "its__validated", "its__left_on")


@prepared
def _declarations(association: int, start: int) -> QuerySet[Declaration, tuple[Any, ...]]:
    made = Declaration.objects.filter(membership__coop__association=association, membership__start=start, declared_at__isnull=False)
    return made.order_by("number").values_list("membership__coop", "number", "total", "pupils", "adults", "magazines", "classes")


@prepared
def _former(association: int, starts: tuple[int, ...]) -> QuerySet[Declaration, tuple[Any, ...]]:
    made = Declaration.objects.filter(membership__coop__association=association, membership__start__in=starts, declared_at__isnull=False)
    return made.order_by("number").values_list("membership__start", "membership__coop", F("pupils") + F("adults"), "total")


@prepared
def _received(association: int, starts: tuple[int, ...]) -> QuerySet[Payment, tuple[Any, ...]]:
    paid = Payment.objects.filter(membership__coop__association=association, membership__start__in=starts, state=PaymentState.RECEIVED)
    return paid.order_by().values_list("membership__start", "membership__coop").annotate(sum=Sum("amount"))


class FollowedYear(NamedTuple):
    """The coops of an AD in a year, by RNE, and the totals of the two years before, the nearest first."""

    coops: list[Followed]
    before: tuple[YearTotals, YearTotals]


def followed_in(association: DepartmentalAssociation, year: SchoolYear) -> FollowedYear:
    """Return where the adhésion of each coop of an AD stands, in four queries; coops that had ended before the year are left out."""
    years = (year.start - 1, year.start - 2)
    former = {(start, coop): (members, total) for start, coop, members, total in _former(association.pk, years)}
    received: dict[tuple[int, int], Cents] = {
        (start, coop): amount for start, coop, amount in _received(association.pk, (year.start, *years))
    }
    latest = {row[0]: row[1:] for row in _declarations(association.pk, year.start)}
    coops = [
        _followed(row, latest.get(row[0]), received.get((year.start, row[0]), 0), former.get((years[0], row[0])))
        for row in _coops(association.pk, year.start, year.first_day)
    ]
    return FollowedYear(coops, (_year_totals(years[0], former, received), _year_totals(years[1], former, received)))


def _followed(row: tuple[Any, ...], latest: tuple[Any, ...] | None, received: Cents, former: tuple[int, Cents] | None) -> Followed:
    _, rne, name, commune, words, closed_on, validated, left_on = row
    number, total, pupils, adults, magazines, classes = latest or (0, 0, 0, 0, 0, ())
    facts = MembershipFacts(number, total, received, validated or 0, left_on or (None if number else closed_on))
    told = (pupils, adults, magazines, classes)
    return Followed(rne, name, commune, words, facts, facts.state, *told, former=former[1] if former else None)


def _year_totals(start: int, former: dict[tuple[int, int], tuple[int, Cents]], received: dict[tuple[int, int], Cents]) -> YearTotals:
    made = [value for (its, _), value in former.items() if its == start]
    paid = sum(amount for (its, _), amount in received.items() if its == start)
    return YearTotals(len(made), sum(members for members, _ in made), sum(total for _, total in made), paid)


def totals_of(coops: Iterable[Followed]) -> YearTotals:
    """Return what the coops that have declared add up to; what was received of the others counts too."""
    made = [one for one in coops if one.facts.declared]
    paid = sum(one.facts.received for one in coops)
    return YearTotals(len(made), sum(one.members for one in made), sum(one.facts.due for one in made), paid)


def unsettled_memberships(coop: Coop) -> list[tuple[SchoolYear, Cents]]:
    """Return the years whose adhésion a coop has not wholly paid, or paid too much, the latest first, with what is owed in cents."""
    rows = memberships().filter(coop=coop, left_on=None).order_by("-start")
    return [(row.year, facts_of(row).owed) for row in rows if facts_of(row).owed]
