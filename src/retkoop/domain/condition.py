"""What a question of a questionnaire waits for: an answer to another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retkoop.domain.questionnaire import Question


@dataclass(frozen=True, slots=True)
class Condition:
    """What a question waits for: one of some answers to a single choice that stands before it (`question`, its key)."""

    question: str
    answers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"question": self.question, "answers": list(self.answers)}


def why_unmet(questions: Iterable[Question]) -> str:
    """Say why a condition of one of these questions, in their order, can never be met, or hangs on another one; nothing where all can."""
    before: dict[str, Question] = {}
    for question in questions:
        if question.condition is not None:
            other = before.get(question.condition.question)
            if other is None or other.kind != "choice":
                return f"«\u202f{question.label}\u202f» dépend d’un choix, qui doit être posé avant elle."
            told = f"«\u202f{other.label}\u202f»"
            if other.condition is not None:
                return f"«\u202f{question.label}\u202f» dépend de {told}, qui dépend déjà d’une autre question."
            answers = set(question.condition.answers)
            if not answers or answers - set(other.choices):
                return f"«\u202f{question.label}\u202f» dépend d’une réponse que {told} ne propose pas."
        before[question.key] = question
    return ""
