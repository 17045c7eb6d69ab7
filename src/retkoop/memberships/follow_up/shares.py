"""The federation's share: what the adhésions validated by ADs add up to, what is declared of it, the federation's prices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.http import Http404

from retkoop.audit.statements import prepared
from retkoop.domain.federation_share import SharedMemberships, ShareLine, share_lines, share_of, told_share
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, ShareDeclaration
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings

SETTING: Final = "federation_shares"


def federation_prices(year: SchoolYear, association: DepartmentalAssociation | None = None) -> dict[str, Cents]:
    """Return what the federation asks in a year, by the keys of SHARES: its own to set, whatever an AD does."""
    prices: dict[str, Cents] = given_settings(association, year).national_value(SETTING)
    return prices


@prepared
def _validated(starts: tuple[int, ...]) -> QuerySet[Declaration, tuple[Any, ...]]:
    return _sums(Declaration.objects.filter(membership__start__in=starts))


@prepared
def _validated_in(association: int, start: int) -> QuerySet[Declaration, tuple[Any, ...]]:
    return _sums(Declaration.objects.filter(membership__coop__association=association, membership__start=start))


def _sums(rows: QuerySet[Declaration]) -> QuerySet[Declaration, tuple[Any, ...]]:
    """Add up the declarations that were validated: one corrected since stands as long as the correction is not validated in its turn.

    Which lines it has is read in the text of its JSON, the same in both databases: 50,000 rows are not taken to Python for that.
    """
    made = rows.filter(number=F("membership__validated"), declared_at__isnull=False).annotate(told=Cast("lines", TextField()))
    members = F("pupils") + F("adults")
    sums = made.order_by().values_list("membership__start", "membership__coop__association")
    return sums.annotate(
        coops=Count("pk"),
        members=Sum(members),
        insured=Sum(members, filter=Q(told__contains='["insurance", "')),
        subscriptions=Sum("magazines", filter=Q(told__contains='["magazine", "')),
    )


def shared_by_association(starts: tuple[int, ...]) -> dict[tuple[int, int], SharedMemberships]:
    """Return what was validated, by the start of the year and the key of the AD, in one query."""
    return {(row[0], row[1]): _shared(row) for row in _validated(starts)}


def shared_of(association: DepartmentalAssociation, year: SchoolYear) -> SharedMemberships:
    """Return what an AD has validated of a year."""
    return next((_shared(row) for row in _validated_in(association.pk, year.start)), SharedMemberships())


def _shared(row: tuple[Any, ...]) -> SharedMemberships:
    return SharedMemberships(*(value or 0 for value in row[2:]))


def share_declarations(association: DepartmentalAssociation, year: SchoolYear) -> list[ShareDeclaration]:
    """Return what an AD has declared to the federation of a year, the latest first."""
    return list(ShareDeclaration.objects.filter(association=association, start=year.start).order_by("-number"))


def share_declaration(association: DepartmentalAssociation, year: SchoolYear, number: int) -> ShareDeclaration:
    """Return a declaration of an AD. Raises Http404."""
    row = ShareDeclaration.objects.filter(association=association, start=year.start, number=number).first()
    if row is None:
        raise Http404
    row.association = association
    return row


@dataclass
class ShareOfAssociation:
    """The federation's share of an AD in a year: as it is computed now, and as it was declared last."""

    association: DepartmentalAssociation
    year: SchoolYear

    @cached_property
    def counted(self) -> SharedMemberships:
        return shared_of(self.association, self.year)

    @cached_property
    def lines(self) -> tuple[ShareLine, ...]:
        return share_lines(federation_prices(self.year, self.association), self.counted)

    @property
    def amount(self) -> Cents:
        return share_of(self.lines)

    @cached_property
    def declarations(self) -> list[ShareDeclaration]:
        return share_declarations(self.association, self.year)

    @property
    def latest(self) -> ShareDeclaration | None:
        return next(iter(self.declarations), None)

    @property
    def is_declared(self) -> bool:
        """What is computed now is what was declared last."""
        latest = self.latest
        return latest is not None and told_share(latest.facts) == self.lines and latest.facts["coops"] == self.counted.coops

    @property
    def gap(self) -> Cents:
        """What is computed now beyond what was declared last."""
        return self.amount - (self.latest.amount if self.latest else 0)
