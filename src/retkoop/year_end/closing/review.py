"""What the AD sees of a year: its figures beside last year's, what differs, what the checks and the coop say, a drawn sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.findings import Told
from retkoop.books.models import Book, Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.domain.checks.finding import Severity
from retkoop.domain.closing import ClosingState
from retkoop.domain.reports.crf import Crf
from retkoop.network.models import DepartmentalAssociation
from retkoop.year_end.closing.preparation import STATEMENT, Preparation
from retkoop.year_end.closing.queries import remarks_of, reviews_of, sealed_reports_of
from retkoop.year_end.comparison import ComparedRow, Side, income_sides, sheet_sides
from retkoop.year_end.crf import crf_of
from retkoop.year_end.models import Review, ReviewRemark, SealedReport, YearClosing
from retkoop.year_end.queries import former_standing
from retkoop.year_end.verifiers.grid import Grid, grids_of
from retkoop.year_end.verifiers.queries import HeldSignature, signatures_of
from retkoop.year_end.verifiers.sample import operations_in, sample_of

LARGE: Final = 100_00
"""Cents from which a difference with last year matters…"""
SHARE: Final = 20
"""… where it is so many hundredths of last year's amount, or more."""
MOST: Final = 50
A_PAGE: Final = 50


def matters(row: ComparedRow) -> bool:
    """Tell whether an account differs from last year's so that the AD should look: by 100 € and a fifth, or more."""
    if row.former is None:
        return False
    gap = abs(row.amount - row.former)
    return gap >= LARGE and gap * 100 >= SHARE * abs(row.former)


@dataclass
class ReviewPage:
    """A year of a coop before its AD."""

    page: CoopPage

    @cached_property
    def preparation(self) -> Preparation:
        return Preparation(self.page)

    @property
    def closing(self) -> YearClosing:
        return self.preparation.closing

    @cached_property
    def sides(self) -> Sequence[Side]:
        former = former_standing(self.page.book, self.page.others)
        return (*income_sides(self.page.standing, former, chart_of(self.page.book)), *sheet_sides(self.page.standing, former))

    @property
    def differences(self) -> list[ComparedRow]:
        """The rows that differ from last year's so that one should look."""
        return [row for side in self.sides for row in side.rows if matters(row)]

    @cached_property
    def crf(self) -> Crf:
        return crf_of(self.page.book, self.page.books, self.page.standing, findings=(), most=MOST + 1)

    @cached_property
    def sample(self) -> list[Operation]:
        """Operations drawn for the AD, by a seed of its own, which follows from that of the vérificateurs."""
        if not self.closing.sample_seed:
            return []
        sample = sample_of(self.page.book, self.closing, suffix="ad")
        return list(operations_in(self.page.book).filter(pk__in=sample.keys))

    @property
    def to_mend(self) -> list[Told]:
        """What no explanation can excuse: the erreurs, and the last statement where it is missing."""
        return [told for told in self.preparation.findings if told.severity == Severity.ERREUR or told.code in STATEMENT]

    @cached_property
    def documents(self) -> list[tuple[str, int]]:
        """How many documents of each kind the year has, by the name of the kind."""
        rows = Document.objects.filter(coop=self.page.coop, start=self.page.book.start).order_by().values_list("kind")
        return sorted((str(DocumentKind(kind).label), count) for kind, count in rows.annotate(count=Count("pk")))

    @cached_property
    def signatures(self) -> list[HeldSignature]:
        return signatures_of(self.page.book)

    @cached_property
    def grids(self) -> dict[int, Grid]:
        """The grids of the vérificateurs, by the keys of their signatures."""
        return grids_of(one.signature for one in self.signatures)

    @cached_property
    def drafts(self) -> list[ReviewRemark]:
        return remarks_of(self.page.book, sent=False)

    @cached_property
    def remarks(self) -> list[ReviewRemark]:
        return remarks_of(self.page.book, sent=True)

    @cached_property
    def reviews(self) -> list[Review]:
        return reviews_of(self.page.book)

    @cached_property
    def sealed(self) -> list[SealedReport]:
        return sealed_reports_of(self.page.book)


STATES: Final = (
    ClosingState.SENT,
    ClosingState.TO_CORRECT,
    ClosingState.SIGNING,
    ClosingState.PREPARING,
    ClosingState.ACCEPTED,
    ClosingState.CLOSED,
)
"""The states of the list, those that wait for the AD first."""


def _followed(association: DepartmentalAssociation, start: int) -> QuerySet[Book]:
    """Return the books of an AD's coops in a year; a coop that has ended owes none any more, and shows those that it sent before."""
    gone = Q(coop__closed_on__isnull=False) & (Q(closing=None) | ~Q(closing__state__in=(ClosingState.ACCEPTED, ClosingState.CLOSED)))
    return Book.objects.filter(coop__association=association, start=start).exclude(gone)


def years_of(association: DepartmentalAssociation, start: int) -> dict[ClosingState, int]:
    """Return how many books of an AD's coops are in each state in a year; those without a closing are in preparation."""
    books = _followed(association, start)
    closings = YearClosing.objects.filter(book__in=books).order_by().values_list("state").annotate(count=Count("pk"))
    counts = {ClosingState(state): count for state, count in closings}
    counts[ClosingState.PREPARING] = counts.get(ClosingState.PREPARING, 0) + books.count() - sum(counts.values())
    return {state: counts.get(state, 0) for state in STATES}


def books_in(association: DepartmentalAssociation, start: int, state: ClosingState, number: str | None) -> Page[Book]:
    """Return a page of the books of an AD's coops that are in a state, those sent last first."""
    books = _followed(association, start).select_related("coop", "closing")
    if state is ClosingState.PREPARING:
        books = books.exclude(closing__state__in=[one for one in ClosingState if one is not ClosingState.PREPARING])
    else:
        books = books.filter(closing__state=state)
    return Paginator(books.order_by(F("closing__sent_at").desc(nulls_last=True), "coop__rne"), A_PAGE).get_page(number)
