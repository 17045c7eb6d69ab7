"""The totals of the country by account, beside those of the year before; of one account, AD by AD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from retkoop.domain.chart import TREASURY, Chart
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import chart_of_settings, given_settings
from retkoop.oversight.national.models import Summing
from retkoop.oversight.national.queries import (
    CHARGES,
    PRODUITS,
    NationalSums,
    associations_by_key,
    is_awaited,
    summing,
    sums_by_account,
    sums_by_association,
)

_Key = TypeVar("_Key", int, str)


def chart_of(year: SchoolYear) -> Chart:
    """Return the chart of the federation in a year, without what ADs add to it."""
    return chart_of_settings(given_settings(None, year))


class Compared(NamedTuple):
    """Amounts of this year and of the one before, in cents; `coops` of this year, `share` in hundredths of the largest beside it."""

    amount: Cents
    former: Cents
    coops: int = 0
    share: float = 0

    @property
    def gap(self) -> Cents:
        return self.amount - self.former

    @property
    def gap_percent(self) -> str:
        """By how many hundredths it grew or shrank; nothing where there was nothing before."""
        if not self.former:
            return ""
        percent = round(100 * self.gap / abs(self.former))
        sign = "+" if percent > 0 else "\u2212" if percent < 0 else ""
        return f"{sign}\u202f{abs(percent)}\u00a0%".removeprefix("\u202f")


class AccountLine(NamedTuple):
    """An account of the country, with the label of the national chart."""

    account: str
    alias: str
    label: str
    sums: Compared


class AssociationLine(NamedTuple):
    """An AD on one account."""

    association: DepartmentalAssociation
    sums: Compared


@dataclass
class TotalsPage:
    """The totals of a year."""

    year: SchoolYear

    @cached_property
    def chart(self) -> Chart:
        return chart_of(self.year)

    @cached_property
    def summing(self) -> Summing:
        return summing()

    @property
    def is_awaited(self) -> bool:
        return is_awaited(self.summing)

    @cached_property
    def _sums(self) -> dict[tuple[int, str], NationalSums]:
        return sums_by_account(self.year, self.year.previous)

    @property
    def is_empty(self) -> bool:
        return not self._sums

    def _lines(self, kept: Iterable[str]) -> list[AccountLine]:
        found = {account: _compared(self._sums, account, self.year) for account in sorted(set(kept))}
        most = max((abs(one.amount) for one in found.values()), default=0)
        return [AccountLine(code, self.chart.alias(code), self.chart.label(code), _shared(one, most)) for code, one in found.items()]

    def _of_class(self, kind: str) -> list[AccountLine]:
        known = (account.code for account in self.chart.accounts if account.code.startswith(kind))
        return self._lines([*known, *(account for _, account in self._sums if account.startswith(kind))])

    @cached_property
    def charges(self) -> list[AccountLine]:
        return self._of_class(CHARGES)

    @cached_property
    def produits(self) -> list[AccountLine]:
        return self._of_class(PRODUITS)

    @cached_property
    def owned(self) -> list[AccountLine]:
        return self._lines(account for _, account in self._sums if account in TREASURY)

    @property
    def sections(self) -> list[tuple[str, str, list[AccountLine], Compared]]:
        """The parts of the page: name, words of its total, accounts, total."""
        return [
            ("Charges", "Total des charges", self.charges, summed(self.charges)),
            ("Produits", "Total des produits", self.produits, summed(self.produits)),
            ("Trésorerie", "Total de la trésorerie", self.owned, summed(self.owned)),
        ]

    @property
    def result(self) -> Compared:
        """Résultat: produits less charges."""
        charges, produits = summed(self.charges), summed(self.produits)
        return Compared(produits.amount - charges.amount, produits.former - charges.former)


@dataclass
class AccountPage:
    """One account in a year, AD by AD, the largest first."""

    account: str
    year: SchoolYear

    @cached_property
    def chart(self) -> Chart:
        return chart_of(self.year)

    @property
    def label(self) -> str:
        return self.chart.label(self.account)

    @property
    def alias(self) -> str:
        return self.chart.alias(self.account)

    @cached_property
    def summing(self) -> Summing:
        return summing()

    @cached_property
    def lines(self) -> list[AssociationLine]:
        sums, associations = sums_by_association(self.account, self.year, self.year.previous), associations_by_key()
        found = {key: _compared(sums, key, self.year) for key in associations}
        most = max((abs(one.amount) for one in found.values()), default=0)
        lines = [AssociationLine(associations[key], _shared(one, most)) for key, one in found.items() if one.amount or one.former]
        return sorted(lines, key=lambda line: -line.sums.amount)

    @property
    def total(self) -> Compared:
        return summed(self.lines)


def _compared(sums: Mapping[tuple[int, _Key], NationalSums], key: _Key, year: SchoolYear) -> Compared:
    now, before = sums.get((year.start, key), NationalSums()), sums.get((year.previous.start, key), NationalSums())
    return Compared(now.amount, before.amount, now.coops)


def _shared(one: Compared, most: Cents) -> Compared:
    return one._replace(share=round(100 * abs(one.amount) / most, 1) if most else 0)


def summed(lines: Iterable[AccountLine | AssociationLine]) -> Compared:
    """Return what lines come to; coops are not summed, since one books on several accounts."""
    sums = [line.sums for line in lines]
    return Compared(sum(one.amount for one in sums), sum(one.former for one in sums))
