"""The federation's pages on its questionnaires: the versions of each, and a draft with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.http import Http404

from retkoop.audit.services import Author
from retkoop.domain.questionnaire import KIND_LABELS, Question, QuestionKind, Questionnaire, Section, read_questionnaire
from retkoop.domain.school_year import SchoolYear
from retkoop.year_end.cra import editing
from retkoop.year_end.cra.queries import version_of, versions
from retkoop.year_end.cra.questionnaires import ASKED, change_draft
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion

GESTURES: Final[dict[str, Callable[[Questionnaire, str, bool], Questionnaire]]] = {
    "monter": lambda content, key, whole: _moved(content, key, -1, whole=whole),
    "descendre": lambda content, key, whole: _moved(content, key, 1, whole=whole),
    "supprimer": lambda content, key, whole: editing.without_section(content, key) if whole else editing.without_question(content, key),
}
"""What a button beside a section (`whole`) or a question does."""


def _moved(content: Questionnaire, key: str, by: int, *, whole: bool) -> Questionnaire:
    return editing.with_section_moved(content, key, by) if whole else editing.with_question_moved(content, key, by)


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the list: how many questions it has, and whether it is the one that asks this year."""

    row: QuestionnaireVersion
    questions: int
    asks: bool

    @property
    def from_year(self) -> SchoolYear | None:
        return SchoolYear(self.row.from_year) if self.row.from_year is not None else None


@dataclass(frozen=True, slots=True)
class ListedKind:
    """A questionnaire in the list, with its versions, the latest first."""

    kind: QuestionnaireKind
    versions: list[Listed]

    @property
    def draft(self) -> QuestionnaireVersion | None:
        return next((one.row for one in self.versions if one.row.published_at is None), None)


def listed_kinds(year: SchoolYear) -> list[ListedKind]:
    """Return all questionnaires with their versions; those that ask in a year are marked."""
    return [ListedKind(kind, [Listed(row, _count(row), row == _asking(rows, year)) for row in rows]) for kind, rows in versions()]


def _count(row: QuestionnaireVersion) -> int:
    return len(read_questionnaire(row.content).questions)


def _asking(rows: list[QuestionnaireVersion], year: SchoolYear) -> QuestionnaireVersion | None:
    """Return the version that asks in a year, as `queries.published_version` finds it."""
    out = [row for row in rows if row.published_at is not None]
    begun = [row for row in out if row.from_year is not None and row.from_year <= year.start]
    return begun[0] if begun else out[-1] if out else None


@dataclass
class Editor:
    """A version before somebody of the federation, who may change it while it is a draft."""

    author: Author
    row: QuestionnaireVersion

    @cached_property
    def content(self) -> Questionnaire:
        return read_questionnaire(self.row.content)

    @property
    def kind(self) -> QuestionnaireKind:
        return QuestionnaireKind(self.row.kind)

    @property
    def is_draft(self) -> bool:
        return self.row.published_at is None

    @property
    def prefills(self) -> bool:
        """Whether answers can be filled in beforehand: a vérificateur answers for themselves."""
        return self.kind is QuestionnaireKind.CRA

    @property
    def from_year(self) -> SchoolYear | None:
        return SchoolYear(self.row.from_year) if self.row.from_year is not None else None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of question that can be asked here, with their names."""
        return [(kind.value, KIND_LABELS[kind]) for kind in QuestionKind if kind in ASKED[self.kind]]

    def kind_named(self, name: str) -> QuestionKind:
        """Return the kind that an address names. Raises Http404."""
        if name not in dict(self.kinds):
            raise Http404
        return QuestionKind(name)

    def section(self, key: str) -> Section:
        """Return a section. Raises Http404."""
        section = self.content.section(key)
        if section is None:
            raise Http404
        return section

    def question(self, key: str) -> Question:
        """Return a question. Raises Http404."""
        question = next((one for one in self.content.questions if one.key == key), None)
        if question is None:
            raise Http404
        return question

    def waits(self, question: Question) -> str:
        """Tell when a question is asked, where that is not always."""
        other = self.content.question(question.condition.question) if question.condition else None
        if question.condition is None or other is None:
            return ""
        answers = " ou ".join(f"«\u00a0{one}\u00a0»" for one in question.condition.answers)
        return f"si {answers} est répondu à «\u00a0{other.label}\u00a0»"

    def change(self, content: Questionnaire, version: int) -> None:
        """Give the draft another content, made from its `version`. Raises Refused, InvalidQuestionnaire."""
        change_draft(author=self.author, key=self.row.pk, version=version, content=content)


def editor_of(author: Author, key: int, *, draft: bool = False) -> Editor:
    """Return a version before its editor. Raises Http404 for none, and for a published one where a draft is asked for."""
    editor = Editor(author, version_of(key))
    if draft and not editor.is_draft:
        raise Http404
    return editor
