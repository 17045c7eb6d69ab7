"""The vérificateurs' grid: what its answers need before somebody signs under them.

Source: OCCE, quitus of the vérificateurs aux comptes: whoever objects to something says what.
"""

from __future__ import annotations

from typing import Final

from retkoop.domain.answers import is_answered
from retkoop.domain.questionnaire import Answers, Question, Questionnaire

OBJECTION: Final = "Non"
"""The choice by which a vérificateur objects."""


def objections(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """Return the questions that were answered by an objection."""
    return [question for question in questionnaire.questions if answers.get(question.key) == OBJECTION]


def unexplained(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """Return the remarks that an objection wants and that are not given."""
    remarks = [question.remark for question in objections(questionnaire, answers)]
    return [remark for remark in remarks if remark is not None and not is_answered(answers.get(remark.key))]
