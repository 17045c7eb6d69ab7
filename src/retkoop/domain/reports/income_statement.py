"""Income statement (compte de fonctionnement): each charge and each produit of the year, and the résultat they leave."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from retkoop.domain.chart import Chart, national_code
from retkoop.domain.ledger import AccountTotals
from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class IncomeStatementRow:
    """What one national 6 or 7 account has come to, in cents: positive in the account's own sense, refunds deducted."""

    account: str
    alias: str
    label: str
    amount: Cents


@dataclass(frozen=True, slots=True)
class IncomeStatement:
    """The accounts that moved, charges and produits apart, each in the order of the chart."""

    charges: tuple[IncomeStatementRow, ...]
    produits: tuple[IncomeStatementRow, ...]

    @property
    def total_charges(self) -> Cents:
        return sum(row.amount for row in self.charges)

    @property
    def total_produits(self) -> Cents:
        return sum(row.amount for row in self.produits)

    @property
    def result(self) -> Cents:
        """Résultat: an excédent where positive, a déficit where negative."""
        return self.total_produits - self.total_charges


def income_statement(totals: AccountTotals, chart: Chart) -> IncomeStatement:
    """Draw the compte de fonctionnement from kept totals; an account that the chart lost still counts, under its code.

    A sub-account counts in its national account.
    """
    nets: defaultdict[str, Cents] = defaultdict(int)
    for account in sorted(totals):
        if totals[account].has_moved:
            nets[national_code(account)] += totals[account].net
    return IncomeStatement(
        charges=tuple(_row(account, net, chart) for account, net in nets.items() if account.startswith("6")),
        produits=tuple(_row(account, -net, chart) for account, net in nets.items() if account.startswith("7")),
    )


def _row(account: str, amount: Cents, chart: Chart) -> IncomeStatementRow:
    return IncomeStatementRow(account, chart.alias(account), chart.label(account), amount)
