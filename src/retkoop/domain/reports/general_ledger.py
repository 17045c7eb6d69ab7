"""General ledger (grand livre): account by account, each debit and credit with the solde that it leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from retkoop.domain.chart import BANK, Chart
from retkoop.domain.entry import Line, Operation, lines_of
from retkoop.domain.ledger import book_order
from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One debit or credit, in cents; `account_balance` is the solde after it, positive for a debit (débiteur)."""

    operation: int
    date: date
    piece: str
    label: str
    debit: Cents
    credit: Cents
    account_balance: Cents


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account that moved, its lines in the order of the book."""

    account: str
    label: str
    lines: tuple[LedgerLine, ...]

    @property
    def total_debit(self) -> Cents:
        return sum(line.debit for line in self.lines)

    @property
    def total_credit(self) -> Cents:
        return sum(line.credit for line in self.lines)

    @property
    def account_balance(self) -> Cents:
        """The solde of the account, positive for a debit."""
        return self.lines[-1].account_balance


def general_ledger(operations: Iterable[Operation], chart: Chart, bank_account: str = BANK) -> tuple[LedgerAccount, ...]:
    """Write the grand livre of a book, in the order of the accounts; `bank_account` is 512 or 514."""
    moved: defaultdict[str, list[tuple[Operation, Line]]] = defaultdict(list)
    for operation in sorted(operations, key=book_order):
        for line in lines_of(operation, bank_account):
            moved[line.account].append((operation, line))
    return tuple(LedgerAccount(account, chart.label(account), _followed(moved[account])) for account in sorted(moved))


def _followed(moved: Iterable[tuple[Operation, Line]]) -> tuple[LedgerLine, ...]:
    account_balance = 0
    lines = []
    for operation, line in moved:
        account_balance += line.net
        lines.append(LedgerLine(operation.key, operation.date, operation.piece, operation.label, line.debit, line.credit, account_balance))
    return tuple(lines)
