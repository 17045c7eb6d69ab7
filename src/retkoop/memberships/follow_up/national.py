"""The federation's page of adhésions: every AD in a year, its share computed and declared, the years side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.books.cells import guarded
from retkoop.books.tables import FileCell
from retkoop.domain.federation_share import SharedMemberships, share_lines, share_of
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.follow_up.exporting import euros
from retkoop.memberships.follow_up.shares import federation_prices, shared_by_association
from retkoop.memberships.models import Declaration, ShareDeclaration
from retkoop.network.models import Coop, DepartmentalAssociation

NOBODY: Final = SharedMemberships()


class NationalShare(NamedTuple):
    """An AD in a year, or all of them: its coops, what they declared, what is validated, the share computed and declared (cents)."""

    association: DepartmentalAssociation | None
    coops: int
    declared: int
    members: int
    shared: SharedMemberships
    computed: Cents
    said: Cents = 0
    number: int = 0
    said_on: date | None = None

    @property
    def gap(self) -> Cents:
        return self.computed - self.said

    @property
    def percent(self) -> int:
        return 100 * self.shared.coops // self.coops if self.coops else 0


class NationalYear(NamedTuple):
    """What a year adds up to for the whole country."""

    year: SchoolYear
    coops: int
    members: int
    computed: Cents
    said: Cents


@prepared
def _coops(first_day: date) -> QuerySet[Coop, tuple[Any, ...]]:
    there = Coop.objects.filter(Q(closed_on=None) | Q(closed_on__gte=first_day))
    return there.order_by().values_list("association").annotate(count=Count("pk"))


@prepared
def _declared(start: int) -> QuerySet[Declaration, tuple[Any, ...]]:
    later = Declaration.objects.filter(membership=OuterRef("membership"), number__gt=OuterRef("number"), declared_at__isnull=False)
    made = Declaration.objects.filter(~Exists(later), membership__start=start, declared_at__isnull=False)
    sums = made.order_by().values_list("membership__coop__association")
    return sums.annotate(count=Count("pk"), members=Sum(F("pupils") + F("adults")))


@dataclass
class NationalMemberships:
    """The adhésions of the country in a year."""

    year: SchoolYear

    @property
    def years(self) -> tuple[SchoolYear, ...]:
        return (self.year, self.year.previous, self.year.previous.previous)

    @cached_property
    def prices(self) -> dict[SchoolYear, dict[str, Cents]]:
        """What the federation asks in each of the years."""
        return {year: federation_prices(year) for year in self.years}

    @cached_property
    def _shared(self) -> dict[tuple[int, int], SharedMemberships]:
        return shared_by_association(tuple(year.start for year in self.years))

    @cached_property
    def _said(self) -> dict[tuple[int, int], ShareDeclaration]:
        rows = ShareDeclaration.objects.filter(start__in=[year.start for year in self.years]).defer("facts").order_by("number")
        return {(row.start, row.association_id): row for row in rows}

    def _computed(self, year: SchoolYear, shared: SharedMemberships) -> Cents:
        return share_of(share_lines(self.prices[year], shared))

    @cached_property
    def lines(self) -> list[NationalShare]:
        """The ADs that have coops, by département."""
        coops: dict[int, int] = dict(_coops(self.year.first_day))
        declared = {key: (count, members) for key, count, members in _declared(self.year.start)}
        there = [one for one in DepartmentalAssociation.objects.all() if coops.get(one.pk)]
        return [self._line(one, coops[one.pk], *declared.get(one.pk, (0, 0))) for one in there]

    def _line(self, association: DepartmentalAssociation, coops: int, declared: int, members: int) -> NationalShare:
        key = (self.year.start, association.pk)
        shared, said = self._shared.get(key, NOBODY), self._said.get(key)
        line = NationalShare(association, coops, declared, members, shared, self._computed(self.year, shared))
        return line._replace(said=said.amount, number=said.number, said_on=timezone.localdate(said.declared_at)) if said else line

    @cached_property
    def total(self) -> NationalShare:
        def added(value: Callable[[NationalShare], int]) -> int:
            return sum(map(value, self.lines))

        shared = _together(one.shared for one in self.lines)
        counts = (added(lambda one: one.coops), added(lambda one: one.declared), added(lambda one: one.members))
        return NationalShare(None, *counts, shared, added(lambda one: one.computed), added(lambda one: one.said))

    @property
    def compared(self) -> list[NationalYear]:
        """The validated adhésions of the year and of the two before it."""
        return [self._year(year) for year in self.years]

    def _year(self, year: SchoolYear) -> NationalYear:
        shared = _together(one for (start, _), one in self._shared.items() if start == year.start)
        said = sum(row.amount for (start, _), row in self._said.items() if start == year.start)
        return NationalYear(year, shared.coops, shared.members, self._computed(year, shared), said)


def _together(several: Iterable[SharedMemberships]) -> SharedMemberships:
    sums = [(one.coops, one.members, one.insured, one.magazines) for one in several]
    return SharedMemberships(*map(sum, zip(*sums, strict=True)))


TITLES: Final = (
    *("N°", "Association", "Coopératives", "Déclarées", "Validées", "Coopérateurs déclarés", "Coopérateurs validés", "Assurés"),
    *("Abonnements", "Part calculée", "Part déclarée", "Déclaration n°", "Déclarée le", "Écart"),
)


def national_rows(page: NationalMemberships) -> list[list[FileCell]]:
    """Return the ADs as the lines of a file, the titles first."""
    there = [(line, line.association) for line in page.lines if line.association]
    return [list(TITLES), *([one.department, guarded(one.name), *_cells(line)] for line, one in there)]


def _cells(line: NationalShare) -> list[FileCell]:
    shared = line.shared
    said: list[FileCell] = [euros(line.said), line.number, f"{line.said_on:%d/%m/%Y}"] if line.said_on else ["", "", ""]
    counts: list[FileCell] = [line.coops, line.declared, shared.coops, line.members, shared.members, shared.insured, shared.magazines]
    return [*counts, euros(line.computed), *said, euros(line.gap)]
