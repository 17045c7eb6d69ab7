from __future__ import annotations

from retkoop.domain.condition import Condition, why_unmet
from retkoop.domain.questionnaire import Question, QuestionKind

COUNCIL = Question("conseil", "Réuni ?", QuestionKind.CHOICE, choices=("Oui", "Non"))


def test_a_choice_that_stands_before_it_may_be_waited_for() -> None:
    dates = Question("dates", "Quand ?", condition=Condition("conseil", ("Oui",)))
    assert why_unmet([COUNCIL, dates]) == ""
    assert why_unmet([dates, COUNCIL]) == "«\u202fQuand ?\u202f» dépend d’un choix, qui doit être posé avant elle."


def test_it_is_written_as_json_holds_it() -> None:
    assert Condition("conseil", ("Oui",)).as_json() == {"question": "conseil", "answers": ["Oui"]}
