"""Reading where the closing of a year stands, and whether the year takes writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.domain.dates import format_date
from retkoop.network.models import Coop
from retkoop.year_end.models import EntryRule, Explanation, Review, ReviewRemark, SealedReport, YearClosing


def closing_of(book: Book) -> YearClosing:
    """Return the closing of a book: one in preparation, not saved, where nobody has done anything about it."""
    closing = YearClosing.objects.filter(book=book).first() or YearClosing(coop=book.coop, book=book)
    closing.book = book
    return closing


def state_of(book: Book) -> ClosingState:
    return ClosingState(closing_of(book).state)


@prepared
def _states(book: int) -> QuerySet[YearClosing, tuple[Any, ...]]:
    return YearClosing.objects.filter(book=book).values_list("state")


@prepared
def _rules(association: int, coop: int, start: int, day: date) -> QuerySet[EntryRule, tuple[Any, ...]]:
    here = Q(coop=coop) | Q(coop=None)
    running = Q(until=None) | Q(until__gte=day)
    return EntryRule.objects.filter(here, running, association=association, start=start).values_list("coop", "blocked", "until", "reason")


def entry_refusal(coop: Coop, book: Book) -> str | None:
    """Say why a year takes no writing now; None where it does. Named by the setting ENTRY_REFUSAL: `books` knows no closing."""
    for (state,) in _states(book.pk):
        if state == ClosingState.SENT:
            return (
                f"Les comptes de {book.year} sont transmis à l’association départementale\u202f: rien n’y change en attendant sa réponse."
            )
    return closed_by_the_association(coop, book)


def closed_by_the_association(coop: Coop, book: Book) -> str | None:
    """Say that the AD has closed entry in a year, until when and why; None where it is open."""
    rules = _rules(coop.association_id, coop.pk, book.start, timezone.localdate())
    own = next((row for row in rules if row[0] is not None), None)  # the latest one comes first
    rule = own or next(iter(rules), None)
    if rule is None or not rule[1]:
        return None
    _, _, until, reason = rule
    told = f"L’association départementale a fermé la saisie de {book.year}{f' jusqu’au {format_date(until)}' if until else ''}."
    return f"{told} {reason}" if reason else told


def entry_rules_of(coop: Coop, book: Book) -> list[EntryRule]:
    """Return the rules of entry that an AD has made for a coop's year, the latest first."""
    return list(EntryRule.objects.filter(Q(coop=coop) | Q(coop=None), association=coop.association_id, start=book.start))


def explanations_of(book: Book) -> dict[tuple[str, int], Explanation]:
    """Return the explanations of a book, by the check and the operation (0: none) of which they speak."""
    return {(row.code, row.operation): row for row in Explanation.objects.filter(book=book)}


def on_the_crf(book: Book) -> tuple[ClosingState, dict[tuple[str, int], str]]:
    """Return what the CRF tells of its closing, in one query: its state, and the explanations by check and operation."""
    rows = Book.objects.filter(pk=book.pk).values_list(
        "closing__state", "explanations__code", "explanations__operation", "explanations__text"
    )
    told = list(rows)
    explained = {(code, operation): text for _, code, operation, text in told if code}
    return ClosingState(told[0][0] or ClosingState.PREPARING), explained


def remarks_of(book: Book, *, sent: bool) -> list[ReviewRemark]:
    """Return the remarks of the AD on a book: those that it sent, or those that it still writes."""
    return list(ReviewRemark.objects.filter(book=book, review__isnull=not sent).select_related("review"))


def reviews_of(book: Book) -> list[Review]:
    """Return the decisions of the AD, the latest first."""
    return list(Review.objects.filter(book=book))


def sealed_reports_of(book: Book) -> list[SealedReport]:
    """Return the sealed reports of a book, the latest first."""
    return list(SealedReport.objects.filter(book=book).select_related("document"))
