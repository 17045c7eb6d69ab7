"""A questionnaire changed piece by piece."""

from __future__ import annotations

import pytest

from retkoop.domain.questionnaire import Question, Questionnaire, Section
from retkoop.year_end.cra.editing import (
    key_for,
    question_keys,
    section_keys,
    section_of,
    with_question,
    with_question_moved,
    with_section,
    with_section_moved,
    without_question,
    without_section,
)

A, B, C = (Question(key, key.upper()) for key in "abc")
SMALL = Questionnaire("Petit", (Section("un", "Un", questions=(A, B)), Section("deux", "Deux", questions=(C,))))


def shape(content: Questionnaire) -> dict[str, str]:
    return {section.key: "".join(question.label for question in section.questions) for section in content.sections}


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("Quel âge ?", set(), "quel_age"),
        ("Quel âge ?", {"quel_age"}, "quel_age_2"),
        ("Quel âge ?", {"quel_age", "quel_age_2_remarque"}, "quel_age_3"),
        ("3 poules", set(), "q_3_poules"),
        ("« ? »", set(), "q"),
        ("Une question qui n’en finit pas de se poser", set(), "une_question_qui_n_en_finit_pas_de"),
    ],
)
def test_a_key_tells_what_it_is_of(words: str, taken: set[str], key: str) -> None:
    assert key_for(words, taken) == key


def test_the_keys_that_are_taken() -> None:
    assert question_keys(SMALL) == {"a", "a_remarque", "b", "b_remarque", "c", "c_remarque"}
    assert section_keys(SMALL) == {"un", "deux"}
    assert (section_of(SMALL, "c"), section_of(SMALL, "x")) == (SMALL.sections[1], None)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (with_section(SMALL, Section("trois", "Trois")), {"un": "AB", "deux": "C", "trois": ""}),
        (with_section(SMALL, Section("un", "Un")), {"un": "", "deux": "C"}),
        (without_section(SMALL, "un"), {"deux": "C"}),
        (with_question(SMALL, "deux", A), {"un": "B", "deux": "CA"}),
        (with_question(SMALL, "un", Question("a", "Z")), {"un": "ZB", "deux": "C"}),
        (with_question(SMALL, "un", Question("z", "Z")), {"un": "ABZ", "deux": "C"}),
        (without_question(SMALL, "b"), {"un": "A", "deux": "C"}),
        (with_question_moved(SMALL, "a", 1), {"un": "BA", "deux": "C"}),
        (with_question_moved(SMALL, "a", -1), {"un": "AB", "deux": "C"}),
        (with_question_moved(SMALL, "b", 5), {"un": "AB", "deux": "C"}),
        (with_question_moved(SMALL, "x", 1), {"un": "AB", "deux": "C"}),
    ],
)
def test_one_change(changed: Questionnaire, expected: dict[str, str]) -> None:
    assert shape(changed) == expected


def test_sections_move() -> None:
    assert list(shape(with_section_moved(SMALL, "deux", -1))) == ["deux", "un"]
    assert list(shape(with_section_moved(SMALL, "deux", 1))) == ["un", "deux"]
