"""Trial balance (balance des comptes): every account that moved, its debits, its credits and the solde they leave."""

from __future__ import annotations

from dataclasses import dataclass

from retkoop.domain.chart import Chart
from retkoop.domain.ledger import AccountTotals
from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account, in cents."""

    account: str
    label: str
    debit: Cents
    credit: Cents

    @property
    def debit_balance(self) -> Cents:
        """Solde débiteur: what debits exceed credits by, zero where they do not."""
        return max(self.debit - self.credit, 0)

    @property
    def credit_balance(self) -> Cents:
        """Solde créditeur: what credits exceed debits by, zero where they do not."""
        return max(self.credit - self.debit, 0)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The rows in the order of their codes, with their totals: equal two by two, or the book is broken."""

    rows: tuple[TrialBalanceRow, ...]

    @property
    def total_debit(self) -> Cents:
        return sum(row.debit for row in self.rows)

    @property
    def total_credit(self) -> Cents:
        return sum(row.credit for row in self.rows)

    @property
    def total_debit_balance(self) -> Cents:
        return sum(row.debit_balance for row in self.rows)

    @property
    def total_credit_balance(self) -> Cents:
        return sum(row.credit_balance for row in self.rows)


def trial_balance(totals: AccountTotals, chart: Chart) -> TrialBalance:
    """Draw the balance des comptes from kept totals."""
    moved = (totals[account] for account in sorted(totals) if totals[account].has_moved)
    return TrialBalance(tuple(TrialBalanceRow(total.account, chart.label(total.account), total.debit, total.credit) for total in moved))
