from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.answers import Tally, answered_count, check_answer, check_answers, count_answers, is_answered, left_out, missing, tally
from retkoop.domain.condition import Condition
from retkoop.domain.questionnaire import Column, InvalidAnswer, Question, QuestionKind, Questionnaire, Section

SHORT = Question("texte", "Un texte", most=10)
LONG = Question("recit", "Un récit", QuestionKind.LONG)
NUMBER = Question("eleves", "Combien d’élèves ?", QuestionKind.NUMBER, required=True, most=5000)
CHOICE = Question("conseil", "Réuni ?", QuestionKind.CHOICE, choices=("Oui", "Non"), required=True, remarked=True)
SEVERAL = Question("actions", "Lesquelles ?", QuestionKind.SEVERAL, choices=("THÉÂ", "Étamine", "Autre"), most=2)
COLUMNS = (
    Column("projet", "Projet"),
    Column("depenses", "Dépensé", QuestionKind.AMOUNT),
    Column("domaine", "Domaine", QuestionKind.CHOICE, ("Arts", "Sport")),
)
TABLE = Question("projets", "Quels projets ?", QuestionKind.TABLE, columns=COLUMNS, most=2)
PHOTOS = Question("photos", "Des photos", QuestionKind.PHOTOS, most=2)
ALL = (SHORT, LONG, NUMBER, CHOICE, SEVERAL, TABLE, PHOTOS)
ASKED = Questionnaire("CRA", (Section("un", "Un", questions=ALL[:4]), Section("deux", "Deux", questions=ALL[4:])))

RIGHT: dict[str, Any] = {
    "texte": "x" * 10,
    "recit": "x" * 2000,
    "eleves": 0,
    "conseil": "Oui",
    "conseil_remarque": "Trois fois",
    "actions": ["THÉÂ", "Autre"],
    "projets": [{"projet": "Musée", "depenses": 138_00, "domaine": "Arts"}, {"projet": "Cirque"}],
    "photos": [3, 1],
}


def test_right_answers_fit() -> None:
    assert check_answers(ASKED, RIGHT) == {}


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_an_empty_answer_is_no_answer_and_fits_everywhere(empty: object) -> None:
    assert (is_answered(empty), check_answers(ASKED, dict.fromkeys((one.key for one in ASKED.asked), empty))) == (False, {})


def test_zero_is_an_answer() -> None:
    assert (is_answered(0), answered_count(ASKED, {"eleves": 0})) == (True, 1)


@pytest.mark.parametrize(
    ("question", "value", "said"),
    [
        (SHORT, "x" * 11, "Ce texte a 11 caractères, 10 au plus."),
        (SHORT, 3, "Écrivez un texte."),
        (LONG, "x" * 2001, "Ce texte a 2001 caractères, 2000 au plus."),
        (NUMBER, -1, "Écrivez un nombre entier, par exemple 24."),
        (NUMBER, True, "Écrivez un nombre entier, par exemple 24."),
        (NUMBER, "24", "Écrivez un nombre entier, par exemple 24."),
        (NUMBER, 5001, "Ce nombre est trop grand : 5000 au plus."),
        (CHOICE, "Peut-être", "Choisissez dans la liste."),
        (CHOICE, 1, "Choisissez dans la liste."),
        (SEVERAL, "THÉÂ", "Cette réponse n’est pas une liste."),
        (SEVERAL, ["Danse"], "Choisissez dans la liste."),
        (SEVERAL, [1], "Choisissez dans la liste."),
        (SEVERAL, ["THÉÂ", "THÉÂ"], "Choisissez dans la liste."),
        (SEVERAL, ["THÉÂ", "Étamine", "Autre"], "Choisissez-en 2 au plus."),
        (TABLE, {"projet": "Musée"}, "Cette réponse n’est pas une liste."),
        (TABLE, [{"projet": "Musée"}] * 3, "Ce tableau a 3 lignes, 2 au plus."),
        (TABLE, ["Musée"], "La ligne 1 n’est pas une ligne de ce tableau."),
        (TABLE, [{}], "La ligne 1 n’est pas une ligne de ce tableau."),
        (TABLE, [{"projet": "A"}, {"autre": "B"}], "La ligne 2 n’est pas une ligne de ce tableau."),
        (TABLE, [{"depenses": -1}], "Ligne 1, « Dépensé ». Indiquez un montant sans signe moins, par exemple 12,50."),
        (TABLE, [{"depenses": True}], "Ligne 1, « Dépensé ». Indiquez un montant sans signe moins, par exemple 12,50."),
        (TABLE, [{"depenses": 10_000_000_01}], "Ligne 1, « Dépensé ». Ce montant est trop grand : 10 000 000,00 € au plus."),
        (TABLE, [{"projet": "A"}, {"domaine": "Danse"}], "Ligne 2, « Domaine ». Choisissez dans la liste."),
        (PHOTOS, "3", "Cette réponse n’est pas une liste."),
        (PHOTOS, ["3"], "Choisissez des photos de l’année."),
        (PHOTOS, [True], "Choisissez des photos de l’année."),
        (PHOTOS, [0], "Choisissez des photos de l’année."),
        (PHOTOS, [3, 3], "Choisissez des photos de l’année."),
        (PHOTOS, [1, 2, 3], "2 photos au plus : retirez-en une pour en ajouter une autre."),
    ],
)
def test_what_does_not_fit_says_why(question: Question, value: object, said: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        check_answer(question, value)
    assert str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ") == said
    assert check_answers(ASKED, {question.key: value}) == {question.key: str(refusal.value)}


def test_a_question_that_is_not_asked_takes_no_answer() -> None:
    assert check_answers(ASKED, {"autre": ""}) == {"autre": "Cette question n’est pas posée."}


def test_what_is_missing_and_how_many_are_answered() -> None:
    assert (missing(ASKED, {}), answered_count(ASKED, {})) == ([NUMBER, CHOICE], 0)
    assert (missing(ASKED, {"eleves": 0, "conseil": ""}), answered_count(ASKED, {"eleves": 0, "conseil": ""})) == ([CHOICE], 1)
    assert (missing(ASKED, RIGHT), answered_count(ASKED, RIGHT)) == ([], 7)


def test_a_no_leaves_out_what_depends_on_it_and_its_remark() -> None:
    waits = Condition("conseil", ("Oui",))
    dates = Question("dates", "Quand ?", required=True, condition=waits)
    often = Question("souvent", "Souvent ?", QuestionKind.CHOICE, choices=("Oui", "Non"), remarked=True, condition=waits)
    asked = Questionnaire("CRA", (Section("un", "Un", questions=(CHOICE, dates, often)),))
    told = {"dates": "Le 3", "souvent": "Oui"}
    seen = [(left_out(asked, given), missing(asked, given), answered_count(asked, given)) for given in ({**told, "conseil": "Non"}, told)]
    assert seen == [(frozenset({"dates", "souvent", "souvent_remarque"}), [], 1), (frozenset(), [CHOICE], 2)]
    assert (left_out(asked, {"conseil": "Oui"}), missing(asked, {"conseil": "Oui"})) == (frozenset(), [dates])


def test_the_answers_of_three_coops_add_up() -> None:
    other = {"eleves": 149, "conseil": "Non", "actions": ["THÉÂ"], "projets": [{"projet": "Vélo", "depenses": 62_00}], "photos": [9]}
    told = {one.question.key: one for one in count_answers(ASKED, [RIGHT, other, {}])}
    assert told == {
        "texte": Tally(SHORT, 1, texts=("x" * 10,)),
        "recit": Tally(LONG, 1, texts=("x" * 2000,)),
        "eleves": Tally(NUMBER, 2, total=149),
        "conseil": Tally(CHOICE, 2, choices=(("Oui", 1), ("Non", 1))),
        "conseil_remarque": Tally(Question("conseil_remarque", "Remarque", most=500), 1, texts=("Trois fois",)),
        "actions": Tally(SEVERAL, 2, choices=(("THÉÂ", 2), ("Étamine", 0), ("Autre", 1))),
        "projets": Tally(
            TABLE,
            2,
            rows=3,
            columns=(
                Tally(COLUMNS[0].question, 3, texts=("Musée", "Cirque", "Vélo")),
                Tally(COLUMNS[1].question, 2, total=200_00),
                Tally(COLUMNS[2].question, 1, choices=(("Arts", 1), ("Sport", 0))),
            ),
        ),
        "photos": Tally(PHOTOS, 2, total=3),
    }
    assert (told["eleves"].mean, told["conseil"].mean, tally(NUMBER, []).mean) == (Fraction(149, 2), None, None)


answers = st.fixed_dictionaries(
    {},
    optional={
        "texte": st.text(max_size=10),
        "eleves": st.integers(0, 5000),
        "conseil": st.sampled_from(CHOICE.choices),
        "actions": st.lists(st.sampled_from(SEVERAL.choices), max_size=2, unique=True),
        "projets": st.lists(
            st.fixed_dictionaries({"projet": st.text(max_size=200), "depenses": st.integers(0, 10_000_000_00)}), max_size=2
        ),
        "photos": st.lists(st.integers(1), max_size=2, unique=True),
    },
)


@given(answers)
def test_whatever_fits_is_kept_and_counted_once(given: dict[str, Any]) -> None:
    assert check_answers(ASKED, given) == {}
    asked = [one for one in ASKED.questions if one.required and one.key not in given]
    assert missing(ASKED, given) == asked
    assert answered_count(ASKED, given) == sum(one.answered for one in count_answers(ASKED, [given]) if one.question in ASKED.questions)


@given(st.lists(answers, max_size=5), st.lists(answers, max_size=5))
def test_counting_adds_up_however_the_coops_are_grouped(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> None:
    both, one, other = (count_answers(ASKED, group) for group in ([*here, *there], here, there))
    assert [tally.answered for tally in both] == [a.answered + b.answered for a, b in zip(one, other, strict=True)]
    assert [tally.total for tally in both if tally.total is not None] == [
        (a.total or 0) + (b.total or 0) for a, b in zip(one, other, strict=True) if a.total is not None
    ]


@given(
    st.sampled_from(ALL),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)),
)
def test_whatever_somebody_sends_is_kept_or_refused_in_french(question: Question, value: object) -> None:
    refused = check_answers(ASKED, {question.key: value})
    assert refused == {} or refused[question.key].endswith(".")
