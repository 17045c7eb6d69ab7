"""A questionnaire: sections of questions as frozen values, read from JSON and written to it; the answers to one, and their count.

The compte rendu d’activités (CRA) and the vérificateurs' grid are questionnaires. Source: OCCE, compte rendu d’activités and quitus.

Answers are a mapping of question keys to plain JSON values: a text, an integer (cents for an amount), the label of a choice, a list of
labels, a list of rows (each a mapping of column keys), a list of document keys. An empty answer is no answer: it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from retkoop.domain.condition import Condition, why_unmet

Answers: TypeAlias = Mapping[str, Any]
"""What was answered, by the keys of the questions."""


class QuestionKind(StrEnum):
    """What an answer is."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    AMOUNT = "amount"
    CHOICE = "choice"
    SEVERAL = "several"
    TABLE = "table"
    PHOTOS = "photos"


KIND_LABELS: Final = {
    QuestionKind.SHORT: "Texte court",
    QuestionKind.LONG: "Texte long",
    QuestionKind.NUMBER: "Nombre",
    QuestionKind.AMOUNT: "Montant en euros",
    QuestionKind.CHOICE: "Un seul choix",
    QuestionKind.SEVERAL: "Plusieurs choix",
    QuestionKind.TABLE: "Tableau",
    QuestionKind.PHOTOS: "Photos",
}


class Known(StrEnum):
    """What the house knows already, with which the answer to a question is filled in beforehand."""

    PROJECTS = "projects"
    MEETING_DATES = "meeting_dates"
    MEETING_COUNT = "meeting_count"
    LAST_YEAR = "last_year"
    CLASSES = "classes"
    PUPILS = "pupils"
    ADULTS = "adults"


KNOWN_LABELS: Final = {
    Known.PROJECTS: "Les projets du cahier et leur argent",
    Known.MEETING_DATES: "Les dates des délibérations",
    Known.MEETING_COUNT: "Le nombre de délibérations",
    Known.LAST_YEAR: "La réponse de l’année d’avant",
    Known.CLASSES: "Les classes déclarées à l’adhésion",
    Known.PUPILS: "Les élèves déclarés à l’adhésion",
    Known.ADULTS: "Les adultes déclarés à l’adhésion",
}

FITTING: Final = {
    Known.PROJECTS: frozenset({QuestionKind.TABLE}),
    Known.MEETING_DATES: frozenset({QuestionKind.SHORT, QuestionKind.LONG}),
    Known.LAST_YEAR: frozenset(QuestionKind) - {QuestionKind.PHOTOS},
    **dict.fromkeys((Known.MEETING_COUNT, Known.CLASSES, Known.PUPILS, Known.ADULTS), frozenset({QuestionKind.NUMBER})),
}
"""The kinds of question that each known thing can fill in."""

PROJECT_COLUMNS: Final = ("projet", "classes", "recettes", "depenses")
"""The keys of the columns that the projects of the book fill in, where a table has them."""

MOST: Final = {
    QuestionKind.SHORT: (200, 500),
    QuestionKind.LONG: (2000, 10_000),
    QuestionKind.NUMBER: (100_000, 1_000_000_000),
    QuestionKind.AMOUNT: (10_000_000_00, 10_000_000_00),
    QuestionKind.CHOICE: (1, 1),
    QuestionKind.SEVERAL: (40, 40),
    QuestionKind.TABLE: (40, 100),
    QuestionKind.PHOTOS: (6, 20),
}
"""By kind: how much an answer holds where a question says nothing (`most`), the most it may say: characters, number, cents, rows."""

MOST_SECTIONS: Final = 20
MOST_QUESTIONS: Final = 40
"""In one section: a step is one page."""
MOST_CHOICES: Final = 40
MOST_COLUMNS: Final = 8
LONGEST_LABEL: Final = 300
LONGEST_HELP: Final = 1000
REMARK: Final = "_remarque"
"""What the key of the remark of a question ends with."""

CELL_KINDS: Final = frozenset({QuestionKind.SHORT, QuestionKind.LONG, QuestionKind.NUMBER, QuestionKind.AMOUNT, QuestionKind.CHOICE})
QUESTION_KINDS: Final = frozenset(QuestionKind) - {QuestionKind.AMOUNT}
"""Money is asked in tables alone, beside what it is the money of."""

CHOOSING: Final = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class InvalidQuestionnaire(ValueError):
    """Not a questionnaire; the message names the place and says why, in French."""


class InvalidAnswer(ValueError):
    """Not an answer to the question; the message says why, in French, for the person who answers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    label: str
    kind: QuestionKind = QuestionKind.SHORT
    choices: tuple[str, ...] = ()

    @property
    def question(self) -> Question:
        """A cell of this column, as a question."""
        return Question(self.key, self.label, self.kind, choices=self.choices)

    def as_json(self) -> dict[str, Any]:
        return _without_empty({"key": self.key, "label": self.label, "kind": self.kind.value, "choices": list(self.choices)})


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `most` limits the answer (see MOST), `known` fills it in beforehand, `remarked` asks a remark beside the choice.

    Where another answer is given than `condition` names, the question does not arise, whatever was answered to it.
    """

    key: str
    label: str
    kind: QuestionKind = QuestionKind.SHORT
    help: str = ""
    required: bool = False
    most: int | None = None
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    known: Known | None = None
    remarked: bool = False
    condition: Condition | None = None

    @property
    def limit(self) -> int:
        return self.most if self.most is not None else MOST[self.kind][0]

    @property
    def remark(self) -> Question | None:
        """The short text that goes with the choice; its answer has a key of its own."""
        return Question(f"{self.key}{REMARK}", "Remarque", most=500) if self.remarked else None

    def as_json(self) -> dict[str, Any]:
        """Return what `read_questionnaire` reads; what says nothing is left out."""
        return _without_empty(
            {
                "key": self.key,
                "label": self.label,
                "kind": self.kind.value,
                "help": self.help,
                "required": self.required,
                "most": self.most,
                "choices": list(self.choices),
                "columns": [column.as_json() for column in self.columns],
                "known": self.known.value if self.known else None,
                "remarked": self.remarked,
                "condition": self.condition.as_json() if self.condition else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together: one step, one page."""

    key: str
    title: str
    help: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def asked(self) -> tuple[Question, ...]:
        """All that is asked: the questions, each remark behind its own."""
        return tuple(one for question in self.questions for one in (question, question.remark) if one is not None)

    def as_json(self) -> dict[str, Any]:
        told = {"key": self.key, "title": self.title, "help": self.help, "questions": [one.as_json() for one in self.questions]}
        return _without_empty(told)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole questionnaire."""

    title: str
    sections: tuple[Section, ...] = ()
    help: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in their order, without their remarks."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def asked(self) -> tuple[Question, ...]:
        """All that is asked, remarks among it."""
        return tuple(one for section in self.sections for one in section.asked)

    def question(self, key: str) -> Question | None:
        """Return the question or the remark of a key."""
        return next((one for one in self.asked if one.key == key), None)

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def as_json(self) -> dict[str, Any]:
        """Return what `read_questionnaire` reads."""
        return _without_empty({"title": self.title, "help": self.help, "sections": [one.as_json() for one in self.sections]})


def _without_empty(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "", False, [])}


def read_questionnaire(data: object) -> Questionnaire:
    """Read a questionnaire from what JSON holds. Raises InvalidQuestionnaire, naming the place."""
    place = "Le questionnaire"
    given = _object(data, place, {"title", "help", "sections"})
    sections = tuple(_read_section(one, number) for number, one in enumerate(_list(given, "sections", place, MOST_SECTIONS), 1))
    read = Questionnaire(_text(given, "title", place), sections, _text(given, "help", place, LONGEST_HELP, needed=False))
    _refuse_twice((section.key for section in sections), "deux sections ont la clé", place)
    _refuse_twice((question.key for question in read.asked), "deux questions ont la clé", place)
    refusal = why_unmet(read.questions)
    if refusal:
        raise InvalidQuestionnaire(refusal)
    return read


def _read_section(data: object, number: int) -> Section:
    place = f"La section {number}"
    given = _object(data, place, {"key", "title", "help", "questions"})
    title = _text(given, "title", place)
    place = f"{place} («\u202f{title}\u202f»)"
    rows = enumerate(_list(given, "questions", place, MOST_QUESTIONS), 1)
    questions = tuple(_read_question(one, f"{place}, question {row}") for row, one in rows)
    return Section(_key(given, place), title, _text(given, "help", place, LONGEST_HELP, needed=False), questions)


def _read_question(data: object, place: str) -> Question:
    names = {"key", "label", "kind", "help", "required", "most", "choices", "columns", "known", "remarked", "condition"}
    given = _object(data, place, names)
    label = _text(given, "label", place)
    place = f"{place} («\u202f{label}\u202f»)"
    kind = _kind(given, place, QUESTION_KINDS)
    return Question(
        key=_key(given, place),
        label=label,
        kind=kind,
        help=_text(given, "help", place, LONGEST_HELP, needed=False),
        required=_truth(given, "required", place),
        most=_most(given, kind, place),
        choices=_choices(given, kind, place),
        columns=_columns(given, kind, place),
        known=_known(given, kind, place),
        remarked=_remarked(given, kind, place),
        condition=_condition(given, place),
    )


def _read_column(data: object, place: str) -> Column:
    given = _object(data, place, {"key", "label", "kind", "choices"})
    label = _text(given, "label", place)
    place = f"{place} («\u202f{label}\u202f»)"
    kind = _kind(given, place, CELL_KINDS)
    return Column(_key(given, place), label, kind, _choices(given, kind, place))


def _object(data: object, place: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise InvalidQuestionnaire(f"{place}\u202f: ce n’est pas un objet JSON.")
    unknown = sorted(str(name) for name in set(data) - names)
    if unknown:
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{unknown[0][:40]}\u202f» n’est pas connu.")
    return data


def _list(given: Mapping[str, Any], name: str, place: str, most: int) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list):
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» n’est pas une liste.")
    if len(value) > most:
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» en a {len(value)}, {most} au plus.")
    return value


def _text(given: Mapping[str, Any], name: str, place: str, longest: int = LONGEST_LABEL, *, needed: bool = True) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» n’est pas un texte.")
    if needed and not value.strip():
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» manque.")
    if len(value) > longest:
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» a {len(value)} caractères, {longest} au plus.")
    return value


def _key(given: Mapping[str, Any], place: str) -> str:
    value = given.get("key")
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InvalidQuestionnaire(f"{place}\u202f: la clé se compose de 40 minuscules sans accent, chiffres et _ au plus.")
    return value


def _truth(given: Mapping[str, Any], name: str, place: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{name}\u202f» est vrai ou faux.")
    return value


def _kind(given: Mapping[str, Any], place: str, among: frozenset[QuestionKind]) -> QuestionKind:
    value = given.get("kind")
    if not isinstance(value, str) or value not in among:
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{str(value)[:40]}\u202f» n’est pas une nature possible ici.")
    return QuestionKind(value)


def _most(given: Mapping[str, Any], kind: QuestionKind, place: str) -> int | None:
    value = given.get("most")
    greatest = MOST[kind][1]
    if value is not None and (type(value) is not int or not 1 <= value <= greatest):
        raise InvalidQuestionnaire(f"{place}\u202f: la limite est un nombre de 1 à {greatest}.")
    return value


def _choices(given: Mapping[str, Any], kind: QuestionKind, place: str) -> tuple[str, ...]:
    rows = _list(given, "choices", place, MOST_CHOICES)
    choices = tuple(_text({"choices": one}, "choices", place, 200) for one in rows)
    if kind not in CHOOSING and choices:
        raise InvalidQuestionnaire(f"{place}\u202f: cette question n’a pas de choix à proposer.")
    if kind in CHOOSING and len(choices) < 2:
        raise InvalidQuestionnaire(f"{place}\u202f: il faut au moins deux choix.")
    _refuse_twice(choices, "deux choix se nomment", place)
    return choices


def _columns(given: Mapping[str, Any], kind: QuestionKind, place: str) -> tuple[Column, ...]:
    rows = enumerate(_list(given, "columns", place, MOST_COLUMNS), 1)
    columns = tuple(_read_column(one, f"{place}, colonne {number}") for number, one in rows)
    if (kind is QuestionKind.TABLE) != bool(columns):
        raise InvalidQuestionnaire(f"{place}\u202f: un tableau a des colonnes, et lui seul.")
    _refuse_twice((column.key for column in columns), "deux colonnes ont la clé", place)
    return columns


def _known(given: Mapping[str, Any], kind: QuestionKind, place: str) -> Known | None:
    if (value := given.get("known")) is None:
        return None
    if not isinstance(value, str) or value not in frozenset(Known):
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{str(value)[:40]}\u202f» n’est rien que Retkoop connaisse.")
    if kind not in FITTING[Known(value)]:
        said = KNOWN_LABELS[Known(value)]
        raise InvalidQuestionnaire(f"{place}\u202f: «\u202f{said}\u202f» ne remplit pas une question de cette nature.")
    return Known(value)


def _remarked(given: Mapping[str, Any], kind: QuestionKind, place: str) -> bool:
    if (remarked := _truth(given, "remarked", place)) and kind is not QuestionKind.CHOICE:
        raise InvalidQuestionnaire(f"{place}\u202f: seul un choix est suivi d’une remarque.")
    return remarked


def _condition(given: Mapping[str, Any], place: str) -> Condition | None:
    if given.get("condition") is None:
        return None
    place = f"{place}, condition"
    told = _object(given["condition"], place, {"question", "answers"})
    answers = _list(told, "answers", place, MOST_CHOICES)
    return Condition(_text(told, "question", place), tuple(_text({"answers": one}, "answers", place, 200) for one in answers))


def _refuse_twice(keys: Iterator[str] | tuple[str, ...], said: str, place: str) -> None:
    met: set[str] = set()
    for key in keys:
        if key in met:
            raise InvalidQuestionnaire(f"{place}\u202f: {said} «\u202f{key}\u202f».")
        met.add(key)
