"""Kept findings: the checks run again on the groups that a change has touched, and on no other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from retkoop.audit.statements import Delete, Insert, prepared
from retkoop.books.models import Book, KeptFinding, Operation
from retkoop.books.neighbours import neighbour_views
from retkoop.books.queries import registers_of, standing_of, terms_of
from retkoop.books.values import operation_values, with_lines
from retkoop.domain import entry
from retkoop.domain.checks import CHECKS, findings_by_group, findings_of
from retkoop.domain.checks.finding import Finding, Severity
from retkoop.domain.checks.scope import Key, Scope

_RANKS: Final = {check.code: check.severity.rank * 1000 + position for position, check in enumerate(CHECKS)}
_INSERT: Final = Insert(KeptFinding)
_DELETE: Final = Delete(KeptFinding)
SHOWN: Final = 8
"""So many findings stand beside the cahier; the page « À corriger » holds all of them."""
COUNTED: Final = 99


class Told(NamedTuple):
    """What a check has to say, as it is kept: the columns that the remark of a finding fills."""

    code: str
    severity: str
    message: str
    mend: str
    place: str
    operation_id: int | None
    piece: str | None
    day: date | None
    since: date | None = None
    until: date | None = None


SAID: Final = Told._fields[:-2]
"""The columns that a page shows."""


@dataclass(frozen=True)
class KeptFindings:
    """The gravest findings of a book on a day, COUNTED of them and one more at the most: a page never counts thousands."""

    gravest: tuple[Told, ...]

    @property
    def shown(self) -> tuple[Told, ...]:
        """Those that stand beside the cahier."""
        return self.gravest[:SHOWN]

    @property
    def total(self) -> int:
        """How many there are; COUNTED + 1 stands for any more."""
        return len(self.gravest)

    @property
    def count(self) -> str:
        """How many there are, as it is shown: `12`, or `99+`."""
        return f"{COUNTED}+" if self.total > COUNTED else str(self.total)

    @cached_property
    def erreurs(self) -> int:
        return sum(told.severity == Severity.ERREUR for told in self.gravest)


def rank_of(code: str) -> int:
    """Return the `rank` of what a check found, by its code: graver checks come first."""
    return _RANKS[code]


def of_severity(severity: Severity) -> Q:
    """Return the condition of the findings of a severity; their rank tells it, which an index holds."""
    return Q(rank__gte=severity.rank * 1000, rank__lt=(severity.rank + 1) * 1000)


def holding_on(day: date) -> Q:
    """Return the condition of the findings that hold on a day."""
    return (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gt=day))


@prepared
def _holding(book: int, day: date) -> QuerySet[KeptFinding, tuple[Any, ...]]:
    return _in_order(book, day).values_list(*Told._fields)


@prepared
def _gravest(book: int, day: date) -> QuerySet[KeptFinding, tuple[Any, ...]]:
    return _in_order(book, day).values_list(*SAID)[: COUNTED + 1]


def _in_order(book: int, day: date) -> QuerySet[KeptFinding]:
    return KeptFinding.objects.filter(holding_on(day), book=book).order_by("rank", "operation_id", "pk")


def findings_on(book: Book, day: date) -> KeptFindings:
    """Return the gravest things to mend on a day, in one query."""
    return KeptFindings(tuple(Told(*row) for row in _gravest(book.pk, day)))


def all_findings_on(book: Book, day: date) -> list[Told]:
    """Return all that is to be mended on a day, the gravest first."""
    return [Told(*row) for row in _holding(book.pk, day)]


@prepared
def _of_operations(day: date, keys: tuple[int, ...]) -> QuerySet[KeptFinding, tuple[Any, ...]]:
    return KeptFinding.objects.filter(holding_on(day), operation__in=keys).order_by().values_list("rank", *SAID)


def findings_of_operations(keys: Sequence[int], day: date) -> dict[int, list[Told]]:
    """Return what is to be mended on a day in some operations, by their keys, the gravest first."""
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for _, *columns in sorted(_of_operations(day, tuple(keys)) if keys else (), key=itemgetter(0)):
        told = Told(*columns)
        found[told.operation_id or 0].append(told)
    return found


def refresh_groups(book: Book, keys: Iterable[Key], changed: Sequence[entry.Operation], at_hand: Mapping[Key, object]) -> frozenset[int]:
    """Run the checks of the groups named again, and return the operations of which something else is said now.

    `changed` are the operations as they are now; `at_hand` the views that the caller has (the days, the totals).
    """
    keys = frozenset(keys)
    views = {**neighbour_views(book, keys, changed), **at_hand}
    return _run(book, keys | views.keys(), views)


def refresh_totals(book: Book) -> None:
    """Run the checks of the totals again: the year before has changed, or the statement, or the count."""
    key = (Scope.TOTALS, "")
    _run(book, [key], {key: standing_of(book)})


def refresh_registers(book: Book) -> None:
    """Run the checks of the registers again: one of them has changed."""
    key = (Scope.REGISTERS, "")
    _run(book, [key], {key: registers_of(book)})


def refresh_all(book: Book, operations: Iterable[entry.Operation] | None = None) -> None:
    """Run every check on the whole book; `operations` are all of it, where the caller has them at hand."""
    if operations is None:
        operations = operation_values(with_lines(Operation.objects.filter(book=book)))
    found = rows_from_scratch(book, operations)
    KeptFinding.objects.filter(book=book).delete()
    _INSERT.many(found)


def rows_from_scratch(book: Book, operations: Iterable[entry.Operation]) -> list[KeptFinding]:
    """Return, unsaved, all that is to be kept of a book with these operations."""
    found = findings_by_group(operations, standing_of(book), terms_of(book), registers_of(book))
    return [row for key, findings in found.items() for row in _rows(book, key, findings)]


def _run(book: Book, keys: Iterable[Key], views: Mapping[Key, object]) -> frozenset[int]:
    """Run the checks of the views, and keep what they find in place of what was kept of these groups."""
    terms = terms_of(book)
    kept = _kept_of(book, keys)
    changed: list[Told] = []
    for key in keys:
        found = findings_of(key[0], views[key], terms) if key in views else ()
        told, before = list(map(_told, found)), kept[key].values()
        if Counter(told) != Counter(before):
            changed += [*told, *before]
            _DELETE.many(kept[key])
            _INSERT.many(_rows(book, key, found))
    return frozenset(told.operation_id for told in changed if told.operation_id is not None)


@prepared
def _in_groups(book: int, groups: tuple[str, ...]) -> QuerySet[KeptFinding, tuple[Any, ...]]:
    return KeptFinding.objects.filter(book=book, group__in=groups).order_by().values_list("scope", "group", "pk", *Told._fields)


def _kept_of(book: Book, keys: Iterable[Key]) -> defaultdict[Key, dict[int, Told]]:
    """Return what is kept of some groups, by the key of its row; groups of another scope may be there as well."""
    kept: defaultdict[Key, dict[int, Told]] = defaultdict(dict)
    for scope, group, row, *told in _in_groups(book.pk, tuple({group for _, group in keys})):
        kept[Scope(scope), group][row] = Told(*told)
    return kept


def kept_messages(book: Book, keys: Iterable[Key]) -> set[str]:
    """Return what is kept of some groups, the words alone."""
    return {told.message for group in _kept_of(book, keys).values() for told in group.values()}


def _told(finding: Finding) -> Told:
    remark = finding.remark
    return Told(
        code=finding.code,
        severity=finding.severity.value,
        message=remark.message,
        mend=remark.mend,
        place=remark.place.value,
        operation_id=remark.operation,
        piece=remark.piece,
        day=remark.day,
        since=remark.since,
        until=remark.until,
    )


def _rows(book: Book, key: Key, findings: Iterable[Finding]) -> list[KeptFinding]:
    return [
        KeptFinding(
            coop_id=book.coop_id, book_id=book.pk, scope=key[0].value, group=key[1], rank=_RANKS[finding.code], **_told(finding)._asdict()
        )
        for finding in findings
    ]
