"""What checks look at (portée): a book cut into small views, so that a save re-runs only what it can have changed.

A scope cuts the book into groups, each with a key. A check is a function of one group's view and of the book's terms;
the findings of a book are those of all checks on all groups. An operation that comes, goes or changes touches the
groups of its keys before and after, and no other: re-running these is the same as starting from scratch (a property
that the tests hold). No view but the smallest grows with the book: days are 366, accounts some twenty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate
from typing import Final, Protocol

from retkoop.domain.chart import Chart, fold, national_chart
from retkoop.domain.entry import Operation, natural_key
from retkoop.domain.ledger import day_moves
from retkoop.domain.money import Cents
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear


class Scope(StrEnum):
    """How a book is cut: by line, by twins (same day and amount), by run of cheques, by tiers, by day, or not at all.

    REGISTERS is the whole book as well, held against the registers beside it.
    """

    LINE = "line"
    TWINS = "twins"
    CHEQUES = "cheques"
    TIERS = "tiers"
    DAYS = "days"
    TOTALS = "totals"
    REGISTERS = "registers"


WHOLE: Final = frozenset({Scope.DAYS, Scope.TOTALS, Scope.REGISTERS})
"""The scopes of a single group, which every operation touches."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A bank statement that was closed: its date, and the moment (aware of its zone) from which it should have changed no more."""

    date: date
    closed_at: datetime


@dataclass(frozen=True)
class Terms:
    """What a whole book is held against: its year, rules and chart, and the statements already closed.

    `direct`: the year was kept elsewhere; it has totals, and no cahier that a sentence could speak of.
    """

    year: SchoolYear
    rules: Rules = field(default_factory=Rules)
    chart: Chart = field(default_factory=national_chart)
    closings: tuple[Closing, ...] = ()
    direct: bool = False


@dataclass(frozen=True, slots=True)
class ChequeUse:
    """One of the coop's cheques, by its number and as it is written, with the operation that bears it."""

    number: int
    cheque: str
    operation: int
    piece: str
    date: date


CHEQUE_RUN: Final = 25
"""Width of a run of cheques; a gap of this many numbers is another chequebook, not a skipped cheque."""


@dataclass(frozen=True, slots=True)
class ChequeRun:
    """The cheques numbered from `first`, CHEQUE_RUN of them, with those of the run before to look back at; in any order."""

    first: int
    uses: tuple[ChequeUse, ...]

    @property
    def in_order(self) -> tuple[ChequeUse, ...]:
        """The cheques by number; one used twice, by date and pièce."""
        return tuple(sorted(self.uses, key=lambda use: (use.number, use.date, natural_key(use.piece), use.piece, use.operation)))

    @property
    def own_uses(self) -> tuple[ChequeUse, ...]:
        """The cheques of the run itself, in order; those of the run before have their own view."""
        return tuple(use for use in self.in_order if use.number >= self.first)


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a tiers met an account, with the only operation concerned where `uses` is 1."""

    account: str
    uses: int
    operation: int
    piece: str


@dataclass(frozen=True, slots=True)
class TiersHabits:
    """The accounts of the operations of one tiers that bear on a single account, the most used first.

    A real split (over several accounts) says nothing of habits: whoever splits has thought of it.
    """

    tiers: str
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class Dip:
    """An account below zero: what it held, in cents, at the end of a day; `day` is None where the year opens so."""

    day: date | None
    held: Cents


class MovedDay(Protocol):
    """What a day moved, in cents, in whatever form the book keeps its days."""

    @property
    def day(self) -> date: ...

    @property
    def bank(self) -> Cents: ...

    @property
    def cash(self) -> Cents: ...


@dataclass(frozen=True, slots=True)
class Days:
    """What each day of the book moved, in order, after the opening."""

    moves: Sequence[MovedDay] = ()
    opening_bank: Cents = 0
    opening_cash: Cents = 0

    @property
    def bank_dip(self) -> Dip | None:
        """The first time that the bank account is below zero."""
        return self._first_dip(self.opening_bank, [move.bank for move in self.moves])

    @property
    def cash_dip(self) -> Dip | None:
        """The first time that the cash box is below zero."""
        return self._first_dip(self.opening_cash, [move.cash for move in self.moves])

    def _first_dip(self, opening: Cents, moved: list[Cents]) -> Dip | None:
        held = list(accumulate(moved, initial=opening))
        if min(held) >= 0:  # as it is nearly always, and at every save: said without looking day by day
            return None
        place = next(place for place, left in enumerate(held) if left < 0)
        return Dip(self.moves[place - 1].day if place else None, held[place])


Key = tuple[Scope, str]


def keys_of(operation: Operation) -> frozenset[Key]:
    """Return the groups that an operation belongs to, and so all that its coming or going can change.

    The totals of a year kept elsewhere are no line, nobody's twin and no habit: they belong to the whole alone.
    """
    if operation.summary:
        return frozenset((scope, "") for scope in WHOLE)
    keys: set[Key] = {(Scope.LINE, str(operation.key)), *((scope, "") for scope in WHOLE)}
    if not operation.opening:
        keys.add((Scope.TWINS, twins_key(operation)))
    if sole_account(operation) and (tiers := fold(operation.tiers)):
        keys.add((Scope.TIERS, tiers))
    if (number := own_cheque(operation)) is not None:
        keys.update((Scope.CHEQUES, str(run)) for run in cheque_runs(number))
    return frozenset(keys)


def own_cheque(operation: Operation) -> int | None:
    """Return the number of the coop's own cheque, None for any other operation: what comes in bears the cheques of others."""
    return operation.cheque_number if operation.moves.bank < 0 and not operation.opening else None


def cheque_runs(number: int) -> tuple[int, int]:
    """Return the runs in which a cheque stands: its own, and the next one, which looks back at it."""
    return number // CHEQUE_RUN, number // CHEQUE_RUN + 1


def sole_account(operation: Operation) -> str | None:
    """Return the account of an operation that bears on a single one."""
    accounts = {part.account for part in operation.parts}
    return accounts.pop() if len(accounts) == 1 and not operation.opening else None


def twins_key(operation: Operation) -> str:
    """Return what twins share: the day and what moved, to the cent, be it by the bank or in cash."""
    moves = operation.moves
    bank, cash = (moves.bank, moves.cash) if moves.bank and moves.cash else (moves.bank + moves.cash, 0)
    return f"{operation.date.isoformat()} {bank} {cash} {moves.regie}"


def changed_keys(before: Operation | None, after: Operation | None) -> frozenset[Key]:
    """Return the groups to look at again when an operation becomes another, comes (None before) or goes."""
    return (keys_of(before) if before else frozenset()) | (keys_of(after) if after else frozenset())


def cheque_run(run: int, operations: Iterable[Operation]) -> ChequeRun:
    """Return the view of one run from the operations that bear its cheques and those of the run before."""
    uses = (
        ChequeUse(number, operation.cheque, operation.key, operation.piece, operation.date)
        for operation in operations
        if (number := own_cheque(operation)) is not None and run in cheque_runs(number)
    )
    return ChequeRun(run * CHEQUE_RUN, tuple(uses))


def tiers_habits(tiers: str, operations: Iterable[Operation]) -> TiersHabits:
    """Return the habits of one tiers (its folded name) from its operations."""
    by_account: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        if account := sole_account(operation):
            by_account[account].append(operation)
    return sorted_habits(tiers, (Habit(account, len(uses), uses[0].key, uses[0].piece) for account, uses in by_account.items()))


def sorted_habits(tiers: str, habits: Iterable[Habit]) -> TiersHabits:
    """Return habits in their order: the most used first, then by account."""
    return TiersHabits(tiers, tuple(sorted(habits, key=lambda habit: (-habit.uses, habit.account))))


def days_of(operations: Iterable[Operation]) -> Days:
    """Return the view of a whole book by day."""
    operations = tuple(operations)
    opening = [operation.moves for operation in operations if operation.opening]
    return Days(day_moves(operations), sum(moves.bank for moves in opening), sum(moves.cash for moves in opening))


def group_operations(operations: Iterable[Operation]) -> Mapping[Key, list[Operation]]:
    """Cut operations into the groups of all scopes."""
    groups: defaultdict[Key, list[Operation]] = defaultdict(list)
    for operation in operations:
        for key in keys_of(operation):
            groups[key].append(operation)
    return groups
