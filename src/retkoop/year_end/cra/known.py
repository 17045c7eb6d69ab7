"""What the house knows already of a year: with it the answers of a CRA are proposed, to be kept or changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.db.models import Sum

from retkoop.books.models import Book, EntryLine
from retkoop.domain.answers import check_answer, is_answered, left_out
from retkoop.domain.money import Cents
from retkoop.domain.questionnaire import PROJECT_COLUMNS, InvalidAnswer, Known, Question, QuestionKind, Questionnaire, Section
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration
from retkoop.network.models import Coop
from retkoop.registers.models import Deliberation, Meeting
from retkoop.ui.days import format_full
from retkoop.year_end.cra.questionnaires import first_version
from retkoop.year_end.models import ActivityAnswer, QuestionnaireKind

SOURCES: Final = {
    Known.PROJECTS: "D’après les projets nommés dans le cahier",
    Known.MEETING_DATES: "D’après vos délibérations",
    Known.MEETING_COUNT: "D’après vos délibérations",
    Known.LAST_YEAR: "Votre réponse de l’an dernier",
    Known.CLASSES: "D’après votre adhésion",
    Known.PUPILS: "D’après votre adhésion",
    Known.ADULTS: "D’après votre adhésion",
}


DECLARED: Final = (Known.CLASSES, Known.PUPILS, Known.ADULTS)
"""What the adhésion of the year tells; as long as it is not declared, the answers of the year before do."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that is proposed, and where it comes from."""

    value: Any
    source: str


@dataclass
class _Project:
    name: str
    classes: list[str] = field(default_factory=list)
    received: Cents = 0
    spent: Cents = 0


def proposals_for(book: Book, questions: Iterable[Question]) -> dict[str, Proposal]:
    """Return what is proposed for some questions, by their keys: nothing that does not fit, a question a known thing."""
    asked: defaultdict[Known, list[Question]] = defaultdict(list)
    for question in questions:
        if question.known is not None:
            asked[question.known].append(question)
    found = [_READERS[known](book, of) for known, of in asked.items()]
    values = {key: value for one in found for key, value in one.items()}
    undeclared = [one for known in DECLARED for one in asked.get(known, ()) if one.key not in values]
    if undeclared:
        values |= _last_year(book, undeclared)
    return {
        question.key: Proposal(values[question.key], SOURCES[Known.LAST_YEAR if question in undeclared else known])
        for known, of in asked.items()
        for question in of
        if _fits(question, values.get(question.key))
    }


def _fits(question: Question, value: object) -> bool:
    try:
        check_answer(question, value)
    except InvalidAnswer:
        return False
    return is_answered(value)


def _projects(book: Book, questions: list[Question]) -> dict[str, Any]:
    projects = _projects_of(book)
    return {question.key: _rows(question, projects) for question in questions}


def _rows(question: Question, projects: Iterable[_Project]) -> list[dict[str, Any]]:
    """Return a row a project, of the columns that a table has; the longest list that it takes."""
    kinds = {column.key: column.kind for column in question.columns}
    money = [key for key in PROJECT_COLUMNS[2:] if kinds.get(key) is not QuestionKind.AMOUNT]
    rows = []
    for one in projects:
        told = dict(zip(PROJECT_COLUMNS, (one.name, ", ".join(one.classes), max(one.received, 0), max(one.spent, 0)), strict=True))
        rows.append({key: value for key, value in told.items() if key in kinds and key not in money and value})
    return [row for row in rows if row][: question.limit]


def _projects_of(book: Book) -> list[_Project]:
    """Return the projects that the cahier names, in the order of their names, with their produits and their charges."""
    lines = EntryLine.objects.filter(book=book, account__gte="6", account__lt="8", operation__opening=False)
    groups = lines.exclude(operation__project="").order_by().values_list("operation__project", "operation__classe", "account")
    found: dict[str, _Project] = {}
    for name, classe, account, debit, credit in sorted(groups.annotate(debits=Sum("debit"), credits=Sum("credit"))):
        project = found.setdefault(name.casefold(), _Project(name))
        if classe and classe not in project.classes:
            project.classes.append(classe)
        if account.startswith("7"):
            project.received += credit - debit
        else:
            project.spent += debit - credit
    return [found[key] for key in sorted(found)]


def _meetings(book: Book, questions: list[Question]) -> dict[str, Any]:
    """Tell the councils of the coop that the register knows; councils of teachers are no councils of pupils."""
    rows = Deliberation.objects.filter(book=book, kind=Meeting.COOPERATIVE).order_by("date").values_list("date", flat=True)
    days = list(dict.fromkeys(rows))
    told = {Known.MEETING_COUNT: len(days), Known.MEETING_DATES: ", ".join(map(format_full, days))}
    return {question.key: told[question.known] for question in questions if days and question.known in told}


def _last_year(book: Book, questions: list[Question]) -> dict[str, Any]:
    """Tell the answers of the year before; one that was left out then is not taken up again."""
    asked = {one.key for one in questions} | {one.condition.question for one in questions if one.condition}
    rows = ActivityAnswer.objects.filter(book__coop=book.coop_id, book__start=book.start - 1, question__in=asked)
    found = dict(rows.values_list("question", "value"))
    out = left_out(Questionnaire("", (Section("", "", questions=tuple(questions)),)), found)
    return {one.key: found[one.key] for one in questions if one.key in found and one.key not in out}


def _members(book: Book, questions: list[Question]) -> dict[str, Any]:
    """Tell the coopérateurs that the adhésion of the year declares, by its latest declaration."""
    rows = Declaration.objects.filter(membership__coop=book.coop_id, membership__start=book.start, declared_at__isnull=False)
    row = rows.order_by("-number").first()
    told = {Known.CLASSES: len(row.classes), Known.PUPILS: row.pupils, Known.ADULTS: row.adults} if row else {}
    return {question.key: told[question.known] for question in questions if question.known in told}


@cache
def _keys() -> tuple[str, ...]:
    questions = {question.known: question.key for question in first_version(QuestionnaireKind.CRA).questions}
    return tuple(questions[known] for known in DECLARED)


def reported_members(coop: Coop, year: SchoolYear) -> tuple[int, int, int] | None:
    """Return the classes, pupils and adults that a CRA told of a year, in one query; None where it lacks one of them.

    The questions are those that come with the house. Named by the setting REPORTED_MEMBERS.
    """
    rows = ActivityAnswer.objects.filter(book__coop=coop, book__start=year.start, question__in=_keys())
    told = dict(rows.values_list("question", "value"))
    classes, pupils, adults = (told.get(key) for key in _keys())
    if isinstance(classes, int) and isinstance(pupils, int) and isinstance(adults, int):
        return classes, pupils, adults
    return None


_READERS: Final[Mapping[Known, Callable[[Book, list[Question]], dict[str, Any]]]] = {
    Known.PROJECTS: _projects,
    Known.MEETING_DATES: _meetings,
    Known.MEETING_COUNT: _meetings,
    Known.LAST_YEAR: _last_year,
    Known.CLASSES: _members,
    Known.PUPILS: _members,
    Known.ADULTS: _members,
}
