"""The accounts of the grand livre: those that moved, and the one that somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from retkoop.domain.chart import TREASURY, Chart
from retkoop.domain.money import Cents
from retkoop.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account that moved: its code, the short number that people know, its label, its totals in cents."""

    account: str
    alias: str
    label: str
    debit: Cents
    credit: Cents

    @property
    def net(self) -> Cents:
        """The solde, positive for a debit (débiteur)."""
        return self.debit - self.credit


def accounts_of(standing: Standing, chart: Chart) -> list[ListedAccount]:
    """Return the accounts that moved, in the order of their codes."""
    totals = standing.totals
    return [
        ListedAccount(account, chart.alias(account), chart.label(account), totals[account].debit, totals[account].credit)
        for account in sorted(totals)
        if totals[account].has_moved
    ]


def choose_account(accounts: Sequence[ListedAccount], asked: str | None) -> ListedAccount | None:
    """Return the account asked for by its code or its short number; without a question the first one that holds money.

    None in a book where nothing has moved. Raises Http404 for an account that has not moved.
    """
    if asked:
        found = next((one for one in accounts if asked in (one.account, one.alias)), None)
        if found is None:
            raise Http404
        return found
    return next((one for one in accounts if one.account in TREASURY), next(iter(accounts), None))
