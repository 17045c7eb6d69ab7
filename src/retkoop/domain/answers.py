"""The answers to a questionnaire: whether each fits its question, which are missing, and how those of many coops add up.

Source: OCCE, compte rendu d’activités; what an AD counts of those of its coops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from retkoop.domain.condition import Condition
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.questionnaire import Answers, InvalidAnswer, Question, QuestionKind, Questionnaire


def is_answered(value: object) -> bool:
    """Tell whether a value says anything; zero does."""
    return value is not None and value not in ("", [], {})


def check_answer(question: Question, value: object) -> None:
    """Hold a value against its question. Raises InvalidAnswer."""
    if is_answered(value):
        _CHECKS[question.kind](question, value)


def check_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, str]:
    """Return why answers cannot be kept, by the keys of the questions; nothing where all fit."""
    found: dict[str, str] = {}
    for key, value in answers.items():
        question = questionnaire.question(key)
        if question is None:
            found[key] = "Cette question n’est pas posée."
            continue
        try:
            check_answer(question, value)
        except InvalidAnswer as refusal:
            found[key] = str(refusal)
    return found


def left_out(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """Return the keys of the questions, remarks among them, that do not arise: their condition has got another answer.

    While what they depend on has no answer, they are asked.
    """
    unmet = [one for one in questionnaire.questions if one.condition is not None and not _may_be_met(one.condition, answers)]
    return frozenset(one.key for question in unmet for one in (question, question.remark) if one is not None)


def _may_be_met(condition: Condition, answers: Answers) -> bool:
    answer = answers.get(condition.question)
    return not is_answered(answer) or answer in condition.answers


def missing(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """Return the questions that want an answer and have none; those that do not arise want none."""
    out = left_out(questionnaire, answers)
    wanted = (question for question in questionnaire.asked if question.required and question.key not in out)
    return [question for question in wanted if not is_answered(answers.get(question.key))]


def answered_count(questionnaire: Questionnaire, answers: Answers) -> int:
    """Return how many of the questions that arise, remarks left aside, have an answer."""
    out = left_out(questionnaire, answers)
    return sum(is_answered(answers.get(question.key)) for question in questionnaire.questions if question.key not in out)


def _check_text(question: Question, value: object) -> None:
    if not isinstance(value, str):
        raise InvalidAnswer("Écrivez un texte.")
    if len(value) > question.limit:
        raise InvalidAnswer(f"Ce texte a {len(value)} caractères, {question.limit} au plus.")


def _check_number(question: Question, value: object) -> None:
    if type(value) is not int or value < 0:
        raise InvalidAnswer("Écrivez un nombre entier, par exemple 24.")
    if value > question.limit:
        raise InvalidAnswer(f"Ce nombre est trop grand\u202f: {question.limit} au plus.")


def _check_amount(question: Question, value: object) -> None:
    if type(value) is not int or value < 0:
        raise InvalidAnswer("Indiquez un montant sans signe moins, par exemple 12,50.")
    if value > question.limit:
        raise InvalidAnswer(f"Ce montant est trop grand\u202f: {format_amount(question.limit)} au plus.")


def _check_choice(question: Question, value: object) -> None:
    if not isinstance(value, str) or value not in question.choices:
        raise InvalidAnswer("Choisissez dans la liste.")


def _check_several(question: Question, value: object) -> None:
    chosen = _rows(value)
    if any(not isinstance(one, str) or one not in question.choices for one in chosen) or len(set(chosen)) < len(chosen):
        raise InvalidAnswer("Choisissez dans la liste.")
    if len(chosen) > question.limit:
        raise InvalidAnswer(f"Choisissez-en {question.limit} au plus.")


def _check_table(question: Question, value: object) -> None:
    rows = _rows(value)
    if len(rows) > question.limit:
        raise InvalidAnswer(f"Ce tableau a {len(rows)} lignes, {question.limit} au plus.")
    columns = {column.key: column for column in question.columns}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not row or set(row) - set(columns):
            raise InvalidAnswer(f"La ligne {number} n’est pas une ligne de ce tableau.")
        for key, cell in row.items():
            try:
                check_answer(columns[key].question, cell)
            except InvalidAnswer as refusal:
                raise InvalidAnswer(f"Ligne {number}, «\u202f{columns[key].label}\u202f». {refusal}") from None


def _check_photos(question: Question, value: object) -> None:
    keys = _rows(value)
    if any(type(key) is not int or key < 1 for key in keys) or len(set(keys)) < len(keys):
        raise InvalidAnswer("Choisissez des photos de l’année.")
    if len(keys) > question.limit:
        raise InvalidAnswer(f"{question.limit} photos au plus\u202f: retirez-en une pour en ajouter une autre.")


def _rows(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidAnswer("Cette réponse n’est pas une liste.")
    return value


_CHECKS: Final[Mapping[QuestionKind, Callable[[Question, object], None]]] = {
    QuestionKind.SHORT: _check_text,
    QuestionKind.LONG: _check_text,
    QuestionKind.NUMBER: _check_number,
    QuestionKind.AMOUNT: _check_amount,
    QuestionKind.CHOICE: _check_choice,
    QuestionKind.SEVERAL: _check_several,
    QuestionKind.TABLE: _check_table,
    QuestionKind.PHOTOS: _check_photos,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What many answered to one question: how many did, and by its kind how often each choice, the sum, or the texts.

    `total` is a sum of numbers, or of cents for an amount. `columns` count the cells of a table, `rows` its rows.
    """

    question: Question
    answered: int
    choices: tuple[tuple[str, int], ...] = ()
    total: int | Cents | None = None
    texts: tuple[str, ...] = ()
    rows: int = 0
    columns: tuple[Tally, ...] = ()

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of the answers given; None where there is none, or they are no numbers."""
        return Fraction(self.total, self.answered) if self.total is not None and self.answered else None


def count_answers(questionnaire: Questionnaire, all_answers: Sequence[Answers]) -> list[Tally]:
    """Count the answers of many, question by question, remarks behind their own."""
    return [tally(question, [answers.get(question.key) for answers in all_answers]) for question in questionnaire.asked]


def tally(question: Question, values: Iterable[Any]) -> Tally:
    """Count the answers to one question; those who have not answered leave nothing."""
    given = [value for value in values if is_answered(value)]
    if question.kind in (QuestionKind.NUMBER, QuestionKind.AMOUNT):
        return Tally(question, len(given), total=sum(given))
    if question.kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL):
        chosen = Counter(one for value in given for one in ([value] if isinstance(value, str) else value))
        return Tally(question, len(given), choices=tuple((choice, chosen[choice]) for choice in question.choices))
    if question.kind is QuestionKind.TABLE:
        rows = [row for value in given for row in value]
        columns = tuple(tally(column.question, [row.get(column.key) for row in rows]) for column in question.columns)
        return Tally(question, len(given), rows=len(rows), columns=columns)
    if question.kind is QuestionKind.PHOTOS:
        return Tally(question, len(given), total=sum(map(len, given)))
    return Tally(question, len(given), texts=tuple(given))
