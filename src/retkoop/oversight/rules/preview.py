"""The effect of other rules before they are kept: which coops of an AD would have a remark more, which one less.

The checks concerned are run again, with the rules of today and with the others, on what the changed figures and words can touch at all:
a selection that the database makes. Nothing is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import Q, Sum

from retkoop.books.models import Book, EntryLine, Operation
from retkoop.books.values import operation_value, with_lines
from retkoop.domain.chart import CASH, fold
from retkoop.domain.checks.cash import cash_box_too_full, cash_payment_too_large
from retkoop.domain.checks.check import Check
from retkoop.domain.checks.cheques import cheque_unpointed
from retkoop.domain.checks.evidence import deposited_too_often
from retkoop.domain.checks.finding import Severity
from retkoop.domain.checks.labels import label_too_vague
from retkoop.domain.checks.purchases import durable_as_activity, forbidden_purchase, tolerated_purchase
from retkoop.domain.checks.regies import regie_above_ceiling
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.year import nothing_booked
from retkoop.domain.ledger import AccountTotal
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.network.queries import chart_for

MOST_OPERATIONS: Final = 4_000
"""So many are looked at while somebody waits: some seconds."""

_PURCHASES: Final = (forbidden_purchase, tolerated_purchase, durable_as_activity)
CONCERNED: Final[dict[str, tuple[Check[Any], ...]]] = {
    "regie_ceiling": (regie_above_ceiling,),
    "cash_payment_ceiling": (cash_payment_too_large,),
    "cash_ceiling": (cash_box_too_full,),
    "durable_threshold": (durable_as_activity,),
    "unpointed_days": (cheque_unpointed,),
    "silent_days": (nothing_booked,),
    "free_deposits": (deposited_too_often,),
    "forbidden_words": _PURCHASES,
    "tolerated_words": _PURCHASES,
    "harmless_phrases": _PURCHASES,
    "durable_words": _PURCHASES,
    "service_words": _PURCHASES,
    "vague_labels": (label_too_vague,),
}
"""The checks that each rule is for."""


@dataclass(frozen=True, slots=True)
class CoopEffect:
    """What a coop would see: remarks more and remarks less, by severity."""

    coop: Coop
    more: Counter[Severity]
    less: Counter[Severity]


@dataclass(frozen=True, slots=True)
class Effect:
    """The coops whose book would say something else, by RNE."""

    year: SchoolYear
    coops: tuple[CoopEffect, ...]
    whole: bool = True
    """False where so many operations could be touched that only the first ones were looked at."""

    @property
    def more(self) -> list[CoopEffect]:
        return [one for one in self.coops if one.more]

    @property
    def less(self) -> list[CoopEffect]:
        return [one for one in self.coops if one.less]


@dataclass(frozen=True)
class _Comparison:
    """Two sets of rules for the books of an AD in a year, on a day."""

    association: DepartmentalAssociation
    year: SchoolYear
    before: Rules
    after: Rules
    today: date
    asked: Q
    """Of which operations and lines."""

    @property
    def changed(self) -> list[str]:
        return [one.name for one in fields(Rules) if getattr(self.before, one.name) != getattr(self.after, one.name)]

    @cached_property
    def terms(self) -> dict[bool, tuple[Terms, Terms]]:
        """What books are held against, before and after: those kept here (False), those of a year kept elsewhere (True)."""
        chart = chart_for(self.association, self.year)
        old, new = (Terms(self.year, rules, chart) for rules in (self.before, self.after))
        return {direct: (replace(old, direct=direct), replace(new, direct=direct)) for direct in (False, True)}

    def checks(self, scope: Scope) -> list[Check[Any]]:
        found = dict.fromkeys(check for name in self.changed for check in CONCERNED[name])
        return [check for check in found if check.scope is scope]

    def differences(self, checks: list[Check[Any]], view: object, book: Book) -> Iterator[tuple[Severity, bool]]:
        """Yield a severity for each check that would begin to speak (True) or fall silent (False)."""
        old, new = self.terms[book.direct]
        for check in checks:
            was, is_now = (any(found.remark.holds_on(self.today) for found in check.run(view, terms)) for terms in (old, new))
            if was is not is_now:
                yield check.severity, is_now

    def low(self, name: str) -> int:
        return min(int(getattr(rules, name)) for rules in (self.before, self.after))

    def words(self, name: str) -> set[str]:
        return set(getattr(self.before, name)) ^ set(getattr(self.after, name))


def effect_of(association: DepartmentalAssociation, year: SchoolYear, *, before: Rules, after: Rules, today: date) -> Effect:
    """Return what other rules would change in the books of an AD in a year, in a fixed number of queries."""
    books = {one.pk: one for one in Book.objects.filter(coop__association=association, start=year.start).select_related("coop")}
    asked = Q(book__coop__association=association, book__start=year.start)
    return _effect(_Comparison(association, year, before, after, today, asked), books, MOST_OPERATIONS)


def effect_over(  # noqa: PLR0913 -- the same, and which books
    association: DepartmentalAssociation, year: SchoolYear, books: dict[int, Book], *, before: Rules, after: Rules, today: date
) -> Effect:
    """Return what other rules would change in some books of an AD, by their keys: all of their operations are looked at."""
    return _effect(_Comparison(association, year, before, after, today, Q(book__in=list(books))), books, None)


def _effect(compared: _Comparison, books: dict[int, Book], most: int | None) -> Effect:
    tallies: defaultdict[int, tuple[Counter[Severity], Counter[Severity]]] = defaultdict(lambda: (Counter(), Counter()))
    rows = _touched(compared, None if most is None else most + 1)
    for book, severity, comes in (*_of_totals(compared, books), *_of_lines(compared, books, rows[:most])):
        tallies[book][0 if comes else 1][severity] += 1
    told = (CoopEffect(books[key].coop, *tally) for key, tally in tallies.items())
    whole = most is None or len(rows) <= most
    return Effect(compared.year, tuple(sorted(told, key=lambda one: one.coop.rne)), whole=whole)


_Told = Iterator[tuple[int, Severity, bool]]


def _of_totals(compared: _Comparison, books: dict[int, Book]) -> _Told:
    checks = compared.checks(Scope.TOTALS)
    for key, book in books.items() if checks else ():
        cash = AccountTotal(CASH, max(book.cash, 0), max(-book.cash, 0))
        standing = Standing(compared.year, {CASH: cash}, last_operation=book.last_operation, deposit_count=book.deposit_count)
        yield from ((key, *told) for told in compared.differences(checks, standing, book))


def _touched(compared: _Comparison, most: int | None) -> list[Operation]:
    """Return the operations that the changed rules can touch, so many at most."""
    asked = Q()
    for name in compared.changed:
        if name in _TOUCHED:
            asked |= _TOUCHED[name](compared)
    if not asked:
        return []
    rows = with_lines(Operation.objects.filter(asked, compared.asked))
    return list(rows.filter(opening=False, summary=False).order_by("book", "pk")[:most])


def _of_lines(compared: _Comparison, books: dict[int, Book], rows: Iterable[Operation]) -> _Told:
    checks = compared.checks(Scope.LINE)
    for row in rows:
        told = compared.differences(checks, operation_value(row), books[row.book_id])
        yield from ((row.book_id, *one) for one in told)


def _dear_activities(compared: _Comparison) -> Q:
    lines = EntryLine.objects.filter(compared.asked)
    sums = lines.filter(account__startswith="618").order_by().values("operation").annotate(debits=Sum("debit"))
    return Q(pk__in=sums.filter(debits__gt=compared.low("durable_threshold")).values("operation"))


def _holding(name: str) -> Callable[[_Comparison], Q]:
    """Return what selects the operations that hold the longest word of one of the phrases that came or went."""

    def select(compared: _Comparison) -> Q:
        asked = Q(pk__in=())
        for phrase in compared.words(name):
            asked |= Q(words__contains=max(fold(phrase).split(), key=len, default=""))
        return asked

    return select


_TOUCHED: Final[dict[str, Callable[[_Comparison], Q]]] = {
    "regie_ceiling": lambda compared: Q(regie__gt=compared.low("regie_ceiling")),
    "cash_payment_ceiling": lambda compared: Q(cash__lt=-compared.low("cash_payment_ceiling")),
    "durable_threshold": _dear_activities,
    "unpointed_days": lambda _: Q(cheque_number__isnull=False, bank__lt=0, pointed_year=None),
    **{name: _holding(name) for name in CONCERNED if name.endswith(("words", "phrases", "labels"))},
}
"""What a rule can touch, among operations; rules that are not there speak of totals."""
