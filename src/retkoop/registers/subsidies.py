"""The table of subsidies as its pages read it: its lines, the grants that are not in it, the operations that one may have paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import F, Sum
from django.http import Http404

from retkoop.books.listing import holding_words
from retkoop.books.models import Book, EntryLine, Operation
from retkoop.books.page import CoopPage
from retkoop.domain.money import Cents
from retkoop.domain.registers import report_due
from retkoop.registers.facts import SubsidyFacts
from retkoop.registers.models import Subsidy, SubsidySpending
from retkoop.registers.queries import CHARGES, TableLine, available_charges, received_by, registers_view, sums_of, table_of

SHOWN: Final = 30
"""So many operations to choose from at once; the search finds the others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table, with the day on which the money came; `date` is None where its operation is gone."""

    line: TableLine
    date: date | None

    @property
    def spent(self) -> Cents:
        return self.line.spent or 0

    @property
    def left(self) -> Cents:
        return self.line.amount - self.spent


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subsidy that was received and is not in the table, in cents."""

    operation: int
    piece: str
    date: date
    label: str
    body: str
    amount: Cents


@dataclass(frozen=True, slots=True)
class Charge:
    """An operation that a subsidy may have paid, in cents: what is left of its charges for this subsidy, and what it paid of them."""

    operation: int
    piece: str
    date: date | None
    label: str
    tiers: str
    left: Cents
    paid: Cents


@dataclass
class Table:
    """The table of subsidies of a year."""

    page: CoopPage

    @cached_property
    def lines(self) -> list[Line]:
        lines = table_of(self.page.book)
        days = dict(Operation.objects.filter(pk__in=[line.operation for line in lines]).values_list("pk", "date")) if lines else {}
        found = [Line(line, days.get(line.operation)) for line in lines]
        return sorted(found, key=lambda line: (line.date or date.max, line.line.key))

    @cached_property
    def proposals(self) -> list[Proposal]:
        return proposals_of(self.page.book)

    @property
    def total(self) -> Cents:
        return sum(line.line.amount for line in self.lines)

    @property
    def spent(self) -> Cents:
        return sum(line.spent for line in self.lines)


def proposals_of(book: Book) -> list[Proposal]:
    """Return the subsidies of a book that are not in its table, in the order of their dates."""
    grants = [grant for grant in registers_view(book).grants if grant.tabled is None and grant.received > 0]
    missing = {grant.operation: grant.received for grant in grants if grant.operation is not None}
    if not missing:
        return []
    rows = Operation.objects.filter(book=book, pk__in=missing).order_by("date", "pk").values_list("pk", "piece", "date", "label", "tiers")
    return [Proposal(*row, missing[row[0]]) for row in rows]


def proposal_of(book: Book, operation: int | None) -> Proposal:
    """Return what an operation proposes. Raises Http404 where it is no subsidy, or is in the table already."""
    found = next((proposal for proposal in proposals_of(book) if proposal.operation == operation), None)
    if found is None:
        raise Http404
    return found


def first_facts(book: Book, proposal: Proposal) -> SubsidyFacts:
    """Return what the cahier knows of a subsidy, and when the law wants its report."""
    return SubsidyFacts(proposal.body, proposal.label, proposal.amount, justify_before=report_due(book.year))


def subsidy_of(book: Book, key: int) -> Subsidy:
    """Return a line of the table with what it paid. Raises Http404."""
    subsidy = Subsidy.audited_rows().select_related("notification").filter(book=book, pk=key).first()
    if subsidy is None:
        raise Http404
    return subsidy


def operation_of_subsidy(subsidy: Subsidy) -> Operation | None:
    """Return the operation that received a subsidy, None where it was deleted."""
    return Operation.objects.filter(book=subsidy.book_id, pk=subsidy.operation_id).first()


@dataclass
class Spendings:
    """What a subsidy paid, and the other operations that it may have paid: those that a form `sent`, else those that hold some words."""

    book: Book
    subsidy: Subsidy
    searched: str = ""
    sent: Sequence[int] | None = None

    @cached_property
    def told(self) -> dict[int, Cents]:
        return {spending.operation_id: spending.amount for spending in self.subsidy.spendings.all()}

    @cached_property
    def rows(self) -> list[Charge]:
        """The operations that it paid first, then others with something left to pay, by their dates."""
        paid = self._charges(list(self.told))
        gone = [Charge(key, "", None, "", "", 0, amount) for key, amount in self.told.items() if key not in paid]
        keys = self._keys if self.sent is None else self.sent
        others = {key: charge for key, charge in self._charges(keys).items() if key not in paid and charge.left > 0}
        return [*paid.values(), *gone, *(list(others.values())[:SHOWN] if self.sent is None else others.values())]

    @property
    def has_more(self) -> bool:
        return len(self._keys) > SHOWN

    @property
    def spent(self) -> Cents:
        return sum(self.told.values())

    @property
    def left(self) -> Cents:
        return self.subsidy.amount - self.spent

    @cached_property
    def received(self) -> Cents:
        """What the cahier received of it, whatever the table says."""
        return received_by(self.book, self.subsidy.operation_id)

    @property
    def beyond(self) -> Cents:
        """How much more it is said to have paid than was received."""
        return max(self.spent - self.received, 0)

    @cached_property
    def paid(self) -> list[Charge]:
        return [charge for charge in self.rows if charge.paid]

    @cached_property
    def _keys(self) -> list[int]:
        """The operations with charges that hold the words, those that nobody has paid whole; one more than are shown."""
        lines = EntryLine.objects.filter(CHARGES, book=self.book).exclude(operation__in=list(self.told))
        if self.searched:
            lines = lines.filter(operation__in=Operation.objects.filter(holding_words(self.book, self.searched), book=self.book))
        elsewhere = SubsidySpending.objects.filter(subsidy__book=self.book).exclude(subsidy=self.subsidy)
        taken = sums_of(elsewhere.order_by().values("operation").annotate(sum=Sum("amount")).values_list("operation", "sum"))
        charged = lines.order_by("operation__date", "operation").values("operation", "operation__date")
        sums = charged.annotate(sum=Sum(F("debit") - F("credit"))).filter(sum__gt=0).values_list("operation", "sum")
        return [key for key, charges in sums[: SHOWN + 1 + len(taken)] if charges > taken.get(key, 0)][: SHOWN + 1]

    def _charges(self, keys: Sequence[int]) -> Mapping[int, Charge]:
        if not keys:
            return {}
        left = available_charges(self.book, keys, but=self.subsidy.pk)
        rows = (
            Operation.objects.filter(book=self.book, pk__in=keys)
            .order_by("date", "pk")
            .values_list("pk", "piece", "date", "label", "tiers")
        )
        return {row[0]: Charge(*row, max(left.get(row[0], 0), 0), self.told.get(row[0], 0)) for row in rows}
