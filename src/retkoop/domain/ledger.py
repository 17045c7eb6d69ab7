"""Ledger (grand livre) and its totals: what each account has had, by book and by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retkoop.domain.chart import BANK, TREASURY
from retkoop.domain.entry import Moves, Operation, lines_of, natural_key
from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """The debits and credits of one account over a book, in cents."""

    account: str
    debit: Cents = 0
    credit: Cents = 0

    @property
    def net(self) -> Cents:
        """Debit less credit (solde débiteur; negative: créditeur)."""
        return self.debit - self.credit

    @property
    def has_moved(self) -> bool:
        """False for an account whose operations are all gone: kept totals may still hold it."""
        return bool(self.debit or self.credit)

    def plus(self, debit: Cents, credit: Cents) -> AccountTotal:
        return AccountTotal(self.account, self.debit + debit, self.credit + credit)


AccountTotals = Mapping[str, AccountTotal]


@dataclass(frozen=True, slots=True)
class DayMoves:
    """What a whole day moved. The days of a year are 366 at most: running balances never need the operations."""

    day: date
    bank: Cents
    cash: Cents


def account_totals(operations: Iterable[Operation], bank_account: str = BANK) -> dict[str, AccountTotal]:
    """Return the totals of every account that moved, sorted by account."""
    totals: dict[str, AccountTotal] = {}
    for operation in operations:
        for line in lines_of(operation, bank_account):
            total = totals.get(line.account) or AccountTotal(line.account)
            totals[line.account] = total.plus(line.debit, line.credit)
    return dict(sorted(totals.items()))


def day_moves(operations: Iterable[Operation]) -> tuple[DayMoves, ...]:
    """Return what each day moved in bank and cash, in the order of the days; the opening stands before all of them."""
    days: defaultdict[date, list[Cents]] = defaultdict(lambda: [0, 0])
    for operation in operations:
        if operation.opening:
            continue
        days[operation.date][0] += operation.moves.bank
        days[operation.date][1] += operation.moves.cash
    return tuple(DayMoves(day, bank, cash) for day, (bank, cash) in sorted(days.items()) if bank or cash)


def cash_on(operations: Iterable[Operation], day: date) -> Cents:
    """Return what the book says of the cash at the end of a day; the opening counts whatever its date."""
    return sum(operation.moves.cash for operation in operations if operation.opening or operation.date <= day)


def net_of(totals: AccountTotals, account: str) -> Cents:
    """Return debit less credit of an account, zero where it never moved."""
    total = totals.get(account)
    return total.net if total else 0


def total_assets(totals: AccountTotals) -> Cents:
    """Return what the coop owns (l’avoir, total actif): bank + cash + open régies."""
    return sum(net_of(totals, account) for account in TREASURY)


def book_order(operation: Operation) -> tuple[bool, date, str, int]:
    """Sort key of the cahier: the opening, then by date, by pièce in natural order, and as entered."""
    return (not operation.opening, operation.date, natural_key(operation.piece), operation.key)


@dataclass(frozen=True, slots=True)
class RunningRow:
    """An operation with what bank and cash hold once it is done."""

    operation: Operation
    bank: Cents
    cash: Cents


def running(operations: Sequence[Operation], before: Moves = Moves()) -> Iterator[RunningRow]:  # noqa: B008 -- frozen
    """Follow bank and cash through operations in the given order, starting from what they held `before`."""
    bank, cash = before.bank, before.cash
    for operation in operations:
        bank += operation.moves.bank
        cash += operation.moves.cash
        yield RunningRow(operation, bank, cash)
