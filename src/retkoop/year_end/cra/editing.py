"""A questionnaire changed piece by piece, as its editor does. Pure: a questionnaire comes in, another one goes out.

The key of a question stays when its words change: by it an answer finds that of the year before. New ones are made from the words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from retkoop.domain.chart import fold
from retkoop.domain.questionnaire import REMARK, Question, Questionnaire, Section

LONGEST_KEY: Final = 34
"""Of the forty signs that a key may have; the others are left to what tells two of the same words apart."""


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Piece = TypeVar("Piece", bound=_Keyed)


def key_for(words: str, taken: Collection[str]) -> str:
    """Return a key that tells what it is of, and that none of `taken` bears, nor its remark."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")[:LONGEST_KEY].strip("_")
    stem = plain if plain[:1].isalpha() else f"q_{plain}".strip("_")
    return next(key for key in _numbered(stem) if key not in taken and f"{key}{REMARK}" not in taken)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


def question_keys(content: Questionnaire) -> set[str]:
    """Return the keys that a new question may not have: those of the questions, and of the remarks that they have or could have."""
    return {key for question in content.questions for key in (question.key, f"{question.key}{REMARK}")}


def section_keys(content: Questionnaire) -> set[str]:
    return {section.key for section in content.sections}


def section_of(content: Questionnaire, key: str) -> Section | None:
    """Return the section in which a question stands."""
    return next((section for section in content.sections if any(one.key == key for one in section.questions)), None)


def with_section(content: Questionnaire, section: Section) -> Questionnaire:
    """Put a section in the place of that of its key, or at the end."""
    return replace(content, sections=_put(content.sections, section))


def without_section(content: Questionnaire, key: str) -> Questionnaire:
    return replace(content, sections=_without(content.sections, key))


def with_section_moved(content: Questionnaire, key: str, by: int) -> Questionnaire:
    """Move a section by one place or more; one that cannot go further stays."""
    return replace(content, sections=_moved(content.sections, key, by))


def with_question(content: Questionnaire, section: str, question: Question) -> Questionnaire:
    """Put a question in a section: in the place of that of its key there, else at its end, out of any other one."""
    return _with_each(content, lambda one: _put(one.questions, question) if one.key == section else _without(one.questions, question.key))


def without_question(content: Questionnaire, key: str) -> Questionnaire:
    return _with_each(content, lambda one: _without(one.questions, key))


def with_question_moved(content: Questionnaire, key: str, by: int) -> Questionnaire:
    """Move a question within its section."""
    return _with_each(content, lambda one: _moved(one.questions, key, by))


def _with_each(content: Questionnaire, questions: _Change) -> Questionnaire:
    return replace(content, sections=tuple(replace(one, questions=questions(one)) for one in content.sections))


class _Change(Protocol):
    def __call__(self, section: Section, /) -> tuple[Question, ...]: ...


def _put(pieces: tuple[Piece, ...], piece: Piece) -> tuple[Piece, ...]:
    if all(one.key != piece.key for one in pieces):
        return (*pieces, piece)
    return tuple(piece if one.key == piece.key else one for one in pieces)


def _without(pieces: tuple[Piece, ...], key: str) -> tuple[Piece, ...]:
    return tuple(one for one in pieces if one.key != key)


def _moved(pieces: tuple[Piece, ...], key: str, by: int) -> tuple[Piece, ...]:
    place = next((number for number, one in enumerate(pieces) if one.key == key), None)
    if place is None:
        return pieces
    rest = [one for one in pieces if one.key != key]
    rest.insert(min(max(place + by, 0), len(rest)), pieces[place])
    return tuple(rest)
