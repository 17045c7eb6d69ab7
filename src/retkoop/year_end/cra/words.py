"""An answer in words: on the pages, on paper, and where two people have answered at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from retkoop.domain.answers import is_answered
from retkoop.domain.money import format_amount
from retkoop.domain.questionnaire import Question, QuestionKind
from retkoop.ui.templates import plural, whole

NOTHING: Final = "rien"


def told(question: Question, value: Any) -> str:  # noqa: ANN401 -- an answer, as JSON holds it
    """Return an answer in one line; photos and rows are counted."""
    if not is_answered(value):
        return NOTHING
    say = _SAID.get(question.kind)
    return say(question, value) if say else str(value)


def cells_of(question: Question, row: Mapping[str, Any]) -> list[str]:
    """Return a row of a table in the order of its columns; an empty cell is empty."""
    return [told(column.question, row[column.key]) if is_answered(row.get(column.key)) else "" for column in question.columns]


def row_told(question: Question, row: Mapping[str, Any]) -> str:
    """Return a row of a table in one line: what stands first in it, then the others with the names of their columns."""
    first, *others = question.columns
    cells = dict(zip([column.key for column in question.columns], cells_of(question, row), strict=True))
    named = [f"{column.label}\u202f: {cells[column.key]}" for column in others if cells[column.key]]
    return " · ".join(filter(None, [cells[first.key], *named]))


def set_aside_told(question: Question, answer: str, count: int) -> str:
    """Tell that answers are left out, and which answer does it."""
    said = "réponse qui en dépend est laissée" if count == 1 else "réponses qui en dépendent sont laissées"
    ends = ", ni comptée ni imprimée" if count == 1 else ", ni comptées ni imprimées"
    return f"Vous avez répondu «\u00a0{answer}\u00a0» à «\u00a0{question.label}\u00a0»\u202f: {count} {said} de côté{ends}."


def _rows(question: Question, rows: list[Mapping[str, Any]]) -> str:
    return "\u202f; ".join(", ".join(filter(None, cells_of(question, row))) for row in rows)


_SAID: Final[Mapping[QuestionKind, Callable[[Question, Any], str]]] = {
    QuestionKind.NUMBER: lambda _, value: whole(value),
    QuestionKind.AMOUNT: lambda _, value: format_amount(value),
    QuestionKind.SEVERAL: lambda _, value: ", ".join(value),
    QuestionKind.PHOTOS: lambda _, value: plural(len(value), "photo"),
    QuestionKind.TABLE: _rows,
}
