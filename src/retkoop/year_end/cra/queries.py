"""Reading questionnaires, and the compte rendu d’activités (CRA) of a year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, F, QuerySet, When
from django.http import Http404

from retkoop.audit.statements import prepared
from retkoop.books.models import Book
from retkoop.domain.answers import answered_count, is_answered, left_out, missing
from retkoop.domain.questionnaire import Question, Questionnaire, Section, read_questionnaire
from retkoop.domain.school_year import SchoolYear
from retkoop.year_end.models import ActivityAnswer, ActivityReport, QuestionnaireKind, QuestionnaireVersion

_VERSION: Final = [field.attname for field in QuestionnaireVersion._meta.concrete_fields]


@prepared
def _published(kind: str, start: int) -> QuerySet[QuestionnaireVersion, tuple[Any, ...]]:
    rank = Case(When(from_year__lte=start, then=F("number")), default=-F("number"))
    rows = QuestionnaireVersion.objects.filter(kind=kind, published_at__isnull=False)
    return rows.order_by(rank.desc()).values_list(*_VERSION)[:1]


def published_version(kind: QuestionnaireKind | str, year: SchoolYear) -> QuestionnaireVersion:
    """Return the version that asks in a year: the latest one published from that year on, or from one before.

    Before the first of them, the first one asks. Raises Http404 where nothing was ever published.
    """
    for row in _published(str(kind), year.start):
        return QuestionnaireVersion.from_db(DEFAULT_DB_ALIAS, _VERSION, row)
    raise Http404


def questionnaire_in(version: QuestionnaireVersion) -> Questionnaire:
    """Return what a version asks."""
    return _questionnaire(json.dumps(version.content))


@lru_cache(maxsize=16)
def _questionnaire(content: str) -> Questionnaire:
    """Each page of a year asks for the same one, and to read it takes longer than its queries."""
    return read_questionnaire(json.loads(content))


def published(kind: QuestionnaireKind | str, year: SchoolYear) -> Questionnaire:
    """Return the questionnaire that asks in a year."""
    return questionnaire_in(published_version(kind, year))


def version_of(key: int) -> QuestionnaireVersion:
    """Return a version of a questionnaire. Raises Http404."""
    row = QuestionnaireVersion.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def versions() -> list[tuple[QuestionnaireKind, list[QuestionnaireVersion]]]:
    """Return the versions of each kind, the latest first."""
    rows = list(QuestionnaireVersion.objects.all())
    return [(kind, [row for row in rows if row.kind == kind]) for kind in QuestionnaireKind]


@dataclass(frozen=True, slots=True)
class CraState:
    """How far a CRA has come: how many questions have an answer, of how many, and whether the coop said that it is finished."""

    answered: int
    of: int
    finished: bool

    @property
    def begun(self) -> bool:
        return self.answered > 0


@dataclass
class Cra:
    """The CRA of a book: what it asks, and what was answered. `report` is None while nobody has answered anything."""

    book: Book
    version: QuestionnaireVersion
    report: ActivityReport | None = None
    rows: Mapping[str, ActivityAnswer] = field(default_factory=dict)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return questionnaire_in(self.version)

    @cached_property
    def given(self) -> dict[str, Any]:
        """All that was answered, by the keys of the questions; what is empty is left out."""
        return {key: row.value for key, row in self.rows.items() if is_answered(row.value)}

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The keys of the questions that do not arise, after what was answered."""
        return left_out(self.questionnaire, self.given)

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What was answered to the questions that arise: what is shown, counted and printed."""
        return {key: value for key, value in self.given.items() if key not in self.left_out}

    @property
    def set_aside(self) -> list[tuple[Question, str, int]]:
        """Where answers were left out: the question whose answer does it, that answer, and how many they are."""
        out = [
            one.condition.question for one in self.questionnaire.questions if one.condition and one.key in self.left_out & set(self.given)
        ]
        return [(one, self.given[one.key], out.count(one.key)) for one in self.questionnaire.questions if one.key in out]

    @property
    def finished(self) -> bool:
        return self.report is not None and self.report.finished_at is not None

    @property
    def state(self) -> CraState:
        of = sum(self.asked_in(section) for section in self.questionnaire.sections)
        return CraState(answered_count(self.questionnaire, self.answers), of, self.finished)

    @property
    def missing(self) -> list[tuple[Section, Question]]:
        """The questions that want an answer and have none, with their sections."""
        lacking = {question.key for question in missing(self.questionnaire, self.answers)}
        return [(section, one) for section in self.questionnaire.sections for one in section.asked if one.key in lacking]

    def asked_in(self, section: Section) -> int:
        return sum(question.key not in self.left_out for question in section.questions)

    def answered_in(self, section: Section) -> int:
        return sum(question.key in self.answers for question in section.questions)


def cra_of(book: Book) -> Cra:
    """Return the CRA of a book, in two or three queries."""
    return cra_with(book, ActivityReport.objects.filter(book=book).select_related("questionnaire").first())


def cra_with(book: Book, report: ActivityReport | None) -> Cra:
    """Return the CRA of a book whose report, or that there is none, has been read with something else."""
    if report is None:
        return Cra(book, published_version(QuestionnaireKind.CRA, book.year))
    rows = {row.question: row for row in ActivityAnswer.objects.filter(book=book)}
    return Cra(book, report.questionnaire, report, rows)


def answers_of(book: Book) -> dict[str, Any]:
    """Return what was answered in a year, by the keys of the questions, in one query; what is empty is left out."""
    rows = ActivityAnswer.objects.filter(book=book).order_by("question").values_list("question", "value")
    return {key: value for key, value in rows if is_answered(value)}
