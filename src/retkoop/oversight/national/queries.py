"""Reading the national figures that the worker keeps: some thousand rows at the most, whatever the coops have written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import F, Sum
from django.db.models.functions import Substr
from django.utils import timezone

from retkoop.domain.chart import TREASURY
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.national.models import NationalState, NationalTotal, Summing

CHARGES, PRODUITS, OWNED = "6", "7", "5"
"""The classes of accounts that the federation looks at: charges, produits, and what the coops own."""
_PATIENCE: Final = timedelta(minutes=10)


def summing() -> Summing:
    """Return of when the figures are, and how far the worker is; an empty row before the first time."""
    return Summing.objects.first() or Summing()


def is_awaited(row: Summing) -> bool:
    """Tell whether figures are asked for or under way: the page then looks again by itself, for ten minutes at most."""
    since = row.beat_at if row.begun_at else row.asked_at
    return since is not None and timezone.now() - since < _PATIENCE


@dataclass(frozen=True, slots=True)
class Money:
    """Charges and produits of some coops in a year, and what they own at its end, in cents."""

    charges: Cents = 0
    produits: Cents = 0
    owned: Cents = 0

    @property
    def result(self) -> Cents:
        return self.produits - self.charges

    @classmethod
    def of(cls, nets: Iterable[tuple[str, Cents]]) -> Money:
        """Return what nets (debits less credits) by class of accounts make."""
        given = dict(nets)
        return cls(given.get(CHARGES, 0), -given.get(PRODUITS, 0), given.get(OWNED, 0))


NO_MONEY: Final = Money()


def money_by_association(year: SchoolYear) -> dict[int, Money]:
    """Return the money of each AD in a year, by the keys of the ADs, in one query."""
    classed = NationalTotal.objects.filter(start=year.start).annotate(kind=Substr("account", 1, 1))
    rows = classed.order_by().values_list("association", "kind")
    found: dict[int, list[tuple[str, Cents]]] = {}
    for association, kind, net in rows.annotate(net=Sum(F("debit") - F("credit"))):
        found.setdefault(association, []).append((kind, net))
    return {association: Money.of(nets) for association, nets in found.items()}


def states_of(year: SchoolYear) -> dict[int, NationalState]:
    """Return where the coops of each AD are in a year, by the keys of the ADs."""
    return {row.association_id: row for row in NationalState.objects.filter(start=year.start)}


def known_years() -> list[SchoolYear]:
    """Return the years of which something is kept, the latest first."""
    starts = NationalTotal.objects.order_by("-start").values_list("start", flat=True).distinct()
    return [SchoolYear(start) for start in starts]


@dataclass(frozen=True, slots=True)
class NationalSums:
    """What an account, or an AD on one account, comes to in a year (cents, as the account is read) and over how many coops."""

    amount: Cents = 0
    coops: int = 0


def sums_by_account(*years: SchoolYear) -> dict[tuple[int, str], NationalSums]:
    """Return what each account comes to in some years, by the start of the year and the account, in one query."""
    rows = NationalTotal.objects.filter(start__in=[year.start for year in years]).order_by().values_list("start", "account")
    told = rows.annotate(net=Sum(F("debit") - F("credit")), number=Sum("coops"))
    return {(start, account): NationalSums(as_read(account, net), number) for start, account, net, number in told}


def sums_by_association(account: str, *years: SchoolYear) -> dict[tuple[int, int], NationalSums]:
    """Return what one account comes to in each AD, by the start of the year and the key of the AD."""
    rows = NationalTotal.objects.filter(start__in=[year.start for year in years], account=account)
    told = rows.values_list("start", "association", F("debit") - F("credit"), "coops")
    return {(start, association): NationalSums(as_read(account, net), number) for start, association, net, number in told}


def as_read(account: str, net: Cents) -> Cents:
    """Return debits less credits as people read them: what was spent, received or is owned is positive."""
    return net if account.startswith(CHARGES) or account in TREASURY else -net


def associations_by_key() -> dict[int, DepartmentalAssociation]:
    return {row.pk: row for row in DepartmentalAssociation.objects.order_by("department")}
