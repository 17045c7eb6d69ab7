"""What the coops of an AD have answered in a year: how many have begun and finished, the count of each question, the texts, the files.

Each CRA is counted with the version that it answers: where two versions ask in one year, each has its own counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404

from retkoop.books.models import Book
from retkoop.domain.answers import Tally, count_answers
from retkoop.domain.condition import Condition
from retkoop.domain.money import format_amount
from retkoop.domain.questionnaire import Question, QuestionKind, Questionnaire, Section, read_questionnaire
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.templates import whole
from retkoop.year_end.cra.queries import published_version
from retkoop.year_end.cra.step import keys_of
from retkoop.year_end.models import ActivityAnswer, QuestionnaireKind, QuestionnaireVersion

A_PAGE: Final = 50
READ: Final = frozenset({QuestionKind.SHORT, QuestionKind.LONG, QuestionKind.TABLE})
"""The kinds of question whose answers are read one by one."""
TEXTS: Final = frozenset({QuestionKind.SHORT, QuestionKind.LONG})


def asked_year(text: str | None, today: date) -> SchoolYear:
    """Return the year that an address names; where it names none, the one that ends or has just ended. Raises Http404."""
    if text is None:
        current = SchoolYear.containing(today)
        return current if today.month in (6, 7, 8) else current.previous
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class CoopRow:
    """A coop in a year: its CRA's version, None where it has not begun, and whether it has finished."""

    book: int
    rne: str
    name: str
    commune: str
    version: int | None
    finished: bool

    @property
    def told(self) -> str:
        return "Terminé" if self.finished else "Commencé" if self.version else "Pas commencé"


@dataclass
class Counts:
    """The CRAs of an AD's coops in a year; `number` is the version asked for, `finished_only` leaves out those that are not finished."""

    association: DepartmentalAssociation
    year: SchoolYear
    number: str | None = None
    finished_only: bool = False

    @cached_property
    def coops(self) -> list[CoopRow]:
        """All coops with a cahier of the year, by RNE."""
        books = Book.objects.filter(coop__association=self.association, start=self.year.start).order_by("coop__rne")
        names = ("pk", "coop__rne", "coop__name", "coop__commune")
        told = ("activity_report__questionnaire", "activity_report__finished_at")
        rows = books.values_list(*names, *told)
        return [CoopRow(book, rne, name, commune, version, at is not None) for book, rne, name, commune, version, at in rows]

    @property
    def begun(self) -> int:
        return sum(one.version is not None for one in self.coops)

    @property
    def finished(self) -> int:
        return sum(one.finished for one in self.coops)

    @cached_property
    def versions(self) -> list[QuestionnaireVersion]:
        """The versions that are answered this year, the latest first; where nobody has begun, the one that asks."""
        keys = {one.version for one in self.coops if one.version is not None}
        rows = list(QuestionnaireVersion.objects.filter(pk__in=keys).order_by("-number")) if keys else []
        return rows or [published_version(QuestionnaireKind.CRA, self.year)]

    @cached_property
    def version(self) -> QuestionnaireVersion:
        """The version that was asked for, else the latest. Raises Http404 for one that nobody answers."""
        if not self.number:
            return self.versions[0]
        found = next((row for row in self.versions if str(row.number) == self.number), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return read_questionnaire(self.version.content)

    @cached_property
    def counted(self) -> list[CoopRow]:
        """The coops whose answers are counted."""
        return [one for one in self.coops if one.version == self.version.pk and (one.finished or not self.finished_only)]

    @cached_property
    def answers(self) -> dict[int, dict[str, Any]]:
        """What was answered, by book and question."""
        return self._by_book(self._rows)

    def _by_book(self, rows: Any) -> dict[int, dict[str, Any]]:  # noqa: ANN401 -- a QuerySet of answers
        given: dict[int, dict[str, Any]] = {one.book: {} for one in self.counted}
        for book, question, value in rows.values_list("book", "question", "value"):
            if book in given:
                given[book][question] = value
        return given

    @property
    def _rows(self) -> Any:  # noqa: ANN401 -- a QuerySet of answers
        here = ActivityAnswer.objects.filter(coop__association=self.association, book__start=self.year.start, value__isnull=False)
        here = here.filter(book__activity_report__questionnaire=self.version)
        for condition, keys in self._conditions.items():
            unmet = here.filter(question=condition.question).exclude(value__in=condition.answers)
            here = here.exclude(question__in=keys, book__in=unmet.values("book"))
        return here.filter(book__activity_report__finished_at__isnull=False) if self.finished_only else here

    @property
    def _conditions(self) -> dict[Condition, list[str]]:
        """The questions that do not always arise, remarks among them, by what they wait for."""
        found: dict[Condition, list[str]] = {}
        for one in self.questionnaire.questions:
            if one.condition is not None:
                found.setdefault(one.condition, []).extend(keys_of(one))
        return found

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """The count of each question, by its key; of texts, which are long and read elsewhere, the database counts how many."""
        texts = [one.key for one in self.questionnaire.asked if one.kind in TEXTS]
        others = self._by_book(self._rows.exclude(question__in=texts)).values()
        found = {one.question.key: one for one in count_answers(self.questionnaire, list(others))}
        written = self._rows.filter(question__in=texts).order_by().values_list("question").annotate(Count("pk"))
        return found | {key: replace(found[key], answered=count) for key, count in written}

    @property
    def sections(self) -> list[tuple[Section, list[Tally]]]:
        return [(section, [self.tallies[one.key] for one in section.asked]) for section in self.questionnaire.sections]

    @property
    def query(self) -> str:
        """What the addresses of the other pages say to stay with these coops."""
        return f"annee={self.year}&version={self.version.number}{'&etat=termines' if self.finished_only else ''}"

    def question(self, key: str) -> Question:
        """Return a question whose answers can be read. Raises Http404."""
        found = self.questionnaire.question(key)
        if found is None or found.kind not in READ:
            raise Http404
        return found

    def answers_to(self, question: Question, number: str | None) -> Page[ActivityAnswer]:
        """Return a page of the answers to a question, by RNE, each with its coop."""
        rows = self._rows.filter(question=question.key).select_related("coop").order_by("coop__rne")
        return Paginator(rows, A_PAGE).get_page(number)


def sum_of(tally: Tally) -> str:
    """Write the sum of a count: an amount in euros, a number as it is."""
    total = tally.total or 0
    return format_amount(int(total)) if tally.question.kind is QuestionKind.AMOUNT else whole(int(total))


def mean_of(tally: Tally) -> str:
    """Write the mean of the answers to one decimal, an amount to the cent; nothing where there is none."""
    if tally.mean is None:
        return ""
    if tally.question.kind is QuestionKind.AMOUNT:
        return format_amount(round(tally.mean))
    tenths = round(tally.mean * 10)
    return f"{whole(tenths // 10)}{f',{tenths % 10}' if tenths % 10 else ''}"


def share_of(count: int, tally: Tally) -> str:
    """Write how many hundredths of those who answered a count is."""
    return f"{round(100 * count / tally.answered)}\u202f%" if tally.answered else ""


def remark_owner(questionnaire: Questionnaire) -> Mapping[str, Question]:
    """Return the question of each remark, by the key of the remark."""
    return {one.remark.key: one for one in questionnaire.questions if one.remark is not None}
