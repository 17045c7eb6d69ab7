"""The vérificateurs' grid: the version that asks in a year, whether it is filled in, what was answered in words, the empty one on paper.

A signature keeps its answers with the key of the version that asked (`{"questionnaire": 2, "answers": {…}}`): its words stay right
when the federation changes the grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.answers import check_answers, is_answered, missing
from retkoop.domain.grid import OBJECTION, unexplained
from retkoop.domain.questionnaire import Answers, Question, QuestionKind, Questionnaire, read_questionnaire
from retkoop.ui.templates import plural, whole
from retkoop.year_end.cra.queries import published_version
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion, Signature

CHANGED: Final = "Les questions de la grille ont changé pendant que vous répondiez. Relisez-les, puis signez."
INCOMPLETE: Final = "Répondez à toutes les questions de la grille avant de signer."


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer in words."""

    label: str
    answer: str
    remark: str = ""

    @property
    def objects(self) -> bool:
        return self.answer == OBJECTION


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid that was filled in."""

    rows: tuple[Row, ...]

    @property
    def objections(self) -> list[Row]:
        return [row for row in self.rows if row.objects]

    @property
    def told(self) -> str:
        """What it comes to, in a few words."""
        said = (
            plural(len(self.objections), "réponse «\u00a0Non\u00a0»", "réponses «\u00a0Non\u00a0»")
            if self.objections
            else "aucun «\u00a0Non\u00a0»"
        )
        return f"{plural(len(self.rows), 'réponse')}, {said}"


def grid_for(book: Book) -> QuestionnaireVersion:
    """Return the version of the grid that asks in the year of a book."""
    return published_version(QuestionnaireKind.GRID, book.year)


def kept_answers(book: Book, answers: Answers, seen: int) -> dict[str, Any]:
    """Return what a signature keeps of a grid; `seen` is the version that was before the person's eyes.

    Raises Refused where another one asks meanwhile, an answer does not fit or is missing, or an objection says nothing more.
    """
    version = grid_for(book)
    if version.pk != seen:
        raise Refused(CHANGED)
    questionnaire = read_questionnaire(version.content)
    given = {key: value for key, value in answers.items() if is_answered(value)}
    if check_answers(questionnaire, given) or missing(questionnaire, given) or unexplained(questionnaire, given):
        raise Refused(INCOMPLETE)
    return {"questionnaire": version.pk, "answers": given}


def grids_of(signatures: Iterable[Signature]) -> dict[int, Grid]:
    """Return the grids that were filled in before signing, by the keys of the signatures, in one query at most."""
    held = {row.pk: row.answers for row in signatures if row.answers}
    if not held:
        return {}
    rows = QuestionnaireVersion.objects.filter(pk__in={answers["questionnaire"] for answers in held.values()})
    versions = {row.pk: read_questionnaire(row.content) for row in rows}
    return {key: _grid(versions[answers["questionnaire"]], answers["answers"]) for key, answers in held.items()}


def _grid(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Grid:
    answered = [question for question in questionnaire.questions if is_answered(answers.get(question.key))]
    return Grid(tuple(Row(one.label, _words(answers[one.key]), _remark(one, answers)) for one in answered))


def _remark(question: Question, answers: Mapping[str, Any]) -> str:
    return str(answers.get(question.remark.key, "")) if question.remark else ""


def _words(value: Any) -> str:  # noqa: ANN401 -- an answer, as JSON holds it
    if isinstance(value, list):
        return ", ".join(value)
    return whole(value) if isinstance(value, int) else str(value)


def blank_grid(book: Book) -> list[dict[str, object]]:
    """Return the questions of the grid for a sheet of paper, each with the boxes to tick."""
    questionnaire = read_questionnaire(grid_for(book).content)
    boxes = {QuestionKind.CHOICE, QuestionKind.SEVERAL}
    return [{"label": one.label, "boxes": list(one.choices) if one.kind in boxes else []} for one in questionnaire.questions]
