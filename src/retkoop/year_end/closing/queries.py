"""Reading where the closing of a year stands, and whether the year takes writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.books.home import HomeWord
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.domain.coop_end import readable_until
from retkoop.domain.dates import format_date
from retkoop.domain.deadline import DUE_DAYS, due_day, time_left
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop
from retkoop.network.queries import settings_of
from retkoop.year_end.models import (
    ActivityReport,
    EntryRule,
    Explanation,
    QuestionnaireVersion,
    Review,
    ReviewRemark,
    SealedReport,
    YearClosing,
)


def closing_of(book: Book) -> YearClosing:
    """Return the closing of a book: one in preparation, not saved, where nobody has done anything about it."""
    closing = YearClosing.objects.filter(book=book).first() or YearClosing(coop=book.coop, book=book)
    closing.book = book
    return closing


def closing_and_report_of(book: Book) -> tuple[YearClosing, ActivityReport | None]:
    """Return the closing of a book as `closing_of` does, and its CRA where one is begun: in one query, for a page that asks much."""
    [row] = _kept(book.pk)
    columns = iter(row)
    closing, report, version = (_read(model, columns) for model in _KEPT)
    closing = closing or YearClosing(coop=book.coop)
    closing.book = book
    if report is not None:
        report.book, report.questionnaire = book, version
    return closing, report


_KEPT: Final[dict[type[Model], str]] = {
    YearClosing: "closing",
    ActivityReport: "activity_report",
    QuestionnaireVersion: "activity_report__questionnaire",
}
"""What is read of a book at once, and the way there."""


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@prepared
def _kept(book: int) -> QuerySet[Book, tuple[Any, ...]]:
    return Book.objects.filter(pk=book).values_list(*(f"{way}__{name}" for model, way in _KEPT.items() for name in _names(model)))


def _read(model: type[Model], columns: Iterator[Any]) -> Any:  # noqa: ANN401 -- a row of the model, None where there is none
    names = _names(model)
    values = list(islice(columns, len(names)))
    return None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values)


def state_of(book: Book) -> ClosingState:
    return ClosingState(closing_of(book).state)


def entry_facts(day: Any) -> dict[str, Any]:  # noqa: ANN401 -- a date, or the place of one in a prepared query
    """Return the columns of a book that say whether it takes writing on a day. `books`, which knows no closing, asks by ENTRY_FACTS."""
    here, running = Q(coop=OuterRef("coop")) | Q(coop=None), Q(until=None) | Q(until__gte=day)
    rules = EntryRule.objects.filter(here, running, association=OuterRef("coop__association"), start=OuterRef("start"))
    latest = rules.order_by(F("coop").desc(nulls_last=True), "-id")  # the coop's own goes before one for all
    columns = {f"rule_{name}": Subquery(latest.values(name)[:1]) for name in ("blocked", "until", "reason")}
    return {"closed_on": F("coop__closed_on"), "closing_state": F("closing__state"), **columns}


@prepared
def _entry(book: int, day: date) -> QuerySet[Book, tuple[Any, ...]]:
    facts = entry_facts(day)
    return Book.objects.filter(pk=book).annotate(**facts).values_list(*facts)


def entry_refusal(book: Book) -> str | None:
    """Say why a year takes no writing now; None where it does. Named by the setting ENTRY_REFUSAL: `books` knows no closing."""
    closed_on, state, *rule = book.entry_facts or _entry(book.pk, timezone.localdate())[0]
    if closed_on is not None:
        told = f"La coopérative est fermée depuis le {format_date(closed_on)}\u202f: rien ne s’y écrit plus."
        return f"{told} Elle se lit jusqu’au {format_date(readable_until(closed_on))}."
    if state == ClosingState.SENT:
        return f"Les comptes de {book.year} sont transmis à l’association départementale\u202f: rien n’y change en attendant sa réponse."
    return None if book.sealed_at is not None else _closed_by_the_association(book, *rule)


def _closed_by_the_association(book: Book, blocked: bool | None, until: date | None, reason: str | None) -> str | None:  # noqa: FBT001 -- a row
    if not blocked:
        return None
    told = f"L’association départementale a fermé la saisie de {book.year}{f' jusqu’au {format_date(until)}' if until else ''}."
    return f"{told} {reason}" if reason else told


DUE_SETTING: Final = "crf_due_days"


def due_in(settings: Mapping[str, object], year: SchoolYear) -> date:
    """Return the day by which an AD wants the accounts of a year, as its settings of that year say."""
    return due_day(year, int(str(settings.get(DUE_SETTING, DUE_DAYS))))


_PLACE: Final = ("closing", "Fin d’année")


def home_words(books: Sequence[Book], today: date) -> list[HomeWord]:
    """Return what home says of the ends of years, in one query at most; `books` come from `books_of`. Among HOME_WORDS."""
    ended = SchoolYear.containing(today).previous
    words = []
    for book in books:
        closed_on, state, *_ = book.entry_facts or (None, None)
        if closed_on is not None or book.sealed_at is not None:
            continue
        if state == ClosingState.TO_CORRECT:
            told = "L’association départementale vous les a renvoyés\u202f: lisez ses remarques."
            words.append(HomeWord(f"Les comptes {book.year} sont à corriger", told, book, True, *_PLACE))
        elif state != ClosingState.SENT and book.year == ended and (book.operation_count or book.has_opening or book.direct):
            words.append(_waited_for(book, today))
    return words


def _waited_for(book: Book, today: date) -> HomeWord:
    due = due_in(settings_of(book.coop.association, book.year, (DUE_SETTING,)), book.year)
    left, late = time_left(due, today), today > due
    was = "les attendait" if late else "les attend"
    told = f"{left}\u202f: l’association départementale {was} pour le {format_date(due)}. Voyez ce qu’il reste à faire."
    return HomeWord(f"Les comptes {book.year} ne sont pas encore transmis", told, book, late, *_PLACE)


def entry_rules_of(coop: Coop, book: Book) -> list[EntryRule]:
    """Return the rules of entry that an AD has made for a coop's year, the latest first."""
    return list(EntryRule.objects.filter(Q(coop=coop) | Q(coop=None), association=coop.association_id, start=book.start))


def explanations_of(book: Book) -> dict[tuple[str, int], Explanation]:
    """Return the explanations of a book, by the check and the operation (0: none) of which they speak."""
    rows = [_read(Explanation, iter(row)) for row in _explanations(book.pk)]
    return {(row.code, row.operation): row for row in rows}


@prepared
def _explanations(book: int) -> QuerySet[Explanation, tuple[Any, ...]]:
    return Explanation.objects.filter(book=book).values_list(*_names(Explanation))


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
