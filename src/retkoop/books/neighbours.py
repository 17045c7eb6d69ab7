"""The views that checks look at, made from the few operations that matter: twins, cheques nearby, habits of a tiers.

Each answers for operations that have changed, or that are not even saved (live checks): what the database still says of
them is left aside, what they are now stands in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Value

from retkoop.audit.statements import prepared
from retkoop.books.models import Book, Operation
from retkoop.books.values import operation_values, with_lines
from retkoop.domain import entry
from retkoop.domain.chart import fold
from retkoop.domain.checks.scope import (
    CHEQUE_RUN,
    ChequeRun,
    ChequeUse,
    Habit,
    Key,
    Scope,
    TiersHabits,
    cheque_runs,
    own_cheque,
    sole_account,
    sorted_habits,
    twins_key,
)

_Operations = QuerySet[Operation, tuple[object, ...]]


def neighbour_views(book: Book, keys: Iterable[Key], changed: Sequence[entry.Operation]) -> dict[Key, object]:
    """Return the views of the groups that are told by operations, `changed` among them; none for a group that is now empty."""
    wanted: defaultdict[Scope, set[str]] = defaultdict(set)
    for scope, group in keys:
        wanted[scope].add(group)
    changed = [operation for operation in changed if not operation.summary]
    views: dict[Key, object] = {(Scope.LINE, str(operation.key)): operation for operation in changed}
    views |= {(Scope.TWINS, group): twins for group in wanted[Scope.TWINS] if (twins := _twins(book, group, changed))}
    views |= _cheque_runs(book, {int(run) for run in wanted[Scope.CHEQUES]}, changed)
    views |= {(Scope.TIERS, tiers): habits_of(book, tiers, changed) for tiers in wanted[Scope.TIERS]}
    return views


@prepared
def _twin_keys(book: int, day: date, bank: int, cash: int, regie: int) -> _Operations:
    """The operations of a day that may be twins: what moved is the same, by the bank or in cash."""
    # Value(False): `opening = 0`, where SQLite uses the index; a bare False makes `NOT opening`, where it does not.
    moved = Q(bank=bank, cash=cash) | Q(bank=cash, cash=bank)
    return Operation.objects.filter(moved, book=book, opening=Value(False), date=day, regie=regie).values_list("pk")


def _twins(book: Book, group: str, changed: Sequence[entry.Operation]) -> list[entry.Operation]:
    day, *moves = group.split()
    known = {operation.key for operation in changed}
    others = [key for (key,) in _twin_keys(book.pk, date.fromisoformat(day), *map(int, moves)) if key not in known]
    twins = [operation for operation in changed if not operation.opening and twins_key(operation) == group]
    loaded = operation_values(with_lines(Operation.objects.filter(pk__in=others))) if others else []
    return twins + [operation for operation in loaded if twins_key(operation) == group and not operation.summary]


@prepared
def _cheques_between(book: int, first: int, end: int) -> _Operations:
    """A run is long, its operations are not needed: the coop's own cheques from `first` on, `end` left out."""
    own = Operation.objects.filter(book=book, opening=False, bank__lt=0, cheque_number__gte=first, cheque_number__lt=end)
    return own.values_list("cheque_number", "cheque", "pk", "piece", "date")


def _cheque_runs(book: Book, runs: set[int], changed: Sequence[entry.Operation]) -> dict[Key, object]:
    if not runs:
        return {}
    known = {operation.key for operation in changed}
    rows = _cheques_between(book.pk, (min(runs) - 1) * CHEQUE_RUN, (max(runs) + 1) * CHEQUE_RUN)
    uses = [ChequeUse(*row) for row in rows if row[2] not in known]
    uses += [
        ChequeUse(number, operation.cheque, operation.key, operation.piece, operation.date)
        for operation in changed
        if (number := own_cheque(operation)) is not None
    ]
    return {
        (Scope.CHEQUES, str(run)): ChequeRun(run * CHEQUE_RUN, tuple(use for use in uses if run in cheque_runs(use.number))) for run in runs
    }


@prepared
def _uses_of_accounts(book: int, tiers: str, known: tuple[int, ...]) -> _Operations:
    """How often a tiers met each account that it met alone, counted in the index."""
    alone = Operation.objects.filter(book=book, tiers_key=tiers, opening=False).exclude(accounts="").exclude(accounts__contains=" ")
    return alone.exclude(pk__in=known).order_by().values_list("accounts").annotate(Count("pk"), Min("pk"))


@prepared
def _pieces(keys: tuple[int, ...]) -> _Operations:
    return Operation.objects.filter(pk__in=keys).values_list("pk", "piece")


def habits_of(book: Book, tiers: str, changed: Sequence[entry.Operation] = ()) -> TiersHabits:
    """Return the habits of a tiers (its folded name)."""
    known = tuple(operation.key for operation in changed) or (0,)
    rows = _uses_of_accounts(book.pk, tiers, known)
    once = tuple(key for _, uses, key in rows if uses == 1)
    pieces: dict[int, str] = dict(_pieces(once)) if once else {}
    habits = {account: Habit(account, uses, key, pieces.get(key, "")) for account, uses, key in rows}
    for operation in changed:
        account = sole_account(operation)
        if account and fold(operation.tiers) == tiers:
            uses = habits[account].uses if account in habits else 0
            habits[account] = Habit(account, uses + 1, operation.key, operation.piece)
    return sorted_habits(tiers, habits.values())
