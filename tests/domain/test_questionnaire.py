from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.condition import Condition
from retkoop.domain.questionnaire import (
    CELL_KINDS,
    CHOOSING,
    FITTING,
    KIND_LABELS,
    KNOWN_LABELS,
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST,
    MOST_CHOICES,
    MOST_COLUMNS,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    QUESTION_KINDS,
    Column,
    InvalidQuestionnaire,
    Known,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    read_questionnaire,
)
from tests.sources import RETKOOP

TABLE: dict[str, Any] = {
    "key": "projets",
    "label": "Quels projets ?",
    "kind": "table",
    "columns": [
        {"key": "projet", "label": "Projet", "kind": "short"},
        {"key": "domaine", "label": "Domaine", "kind": "choice", "choices": ["Arts", "Sport"]},
    ],
}
CHOICE: dict[str, Any] = {"key": "conseil", "label": "Réuni ?", "kind": "choice", "choices": ["Oui", "Non"]}

WAITING = (
    Question("reuni_", "Réuni ?", QuestionKind.CHOICE, choices=("Oui", "Non", "Bientôt")),
    Question("dates_", "À quelles dates ?", condition=Condition("reuni_", ("Oui", "Bientôt"))),
)

texts = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True).filter(lambda key: not key.endswith("_remarque"))
choices = st.lists(texts, min_size=2, max_size=4, unique=True).map(tuple)


@st.composite
def columns(draw: st.DrawFn, key: str) -> Column:
    kind = draw(st.sampled_from(sorted(CELL_KINDS)))
    return Column(key, draw(texts), kind, draw(choices) if kind in CHOOSING else ())


@st.composite
def questions(draw: st.DrawFn, key: str) -> Question:
    kind = draw(st.sampled_from(sorted(QUESTION_KINDS)))
    cells = draw(st.lists(keys, min_size=1, max_size=3, unique=True)) if kind is QuestionKind.TABLE else []
    return Question(
        key,
        draw(texts),
        kind,
        help=draw(st.just("") | texts),
        required=draw(st.booleans()),
        most=draw(st.none() | st.integers(1, MOST[kind][1])),
        choices=draw(choices) if kind in CHOOSING else (),
        columns=tuple(draw(columns(cell)) for cell in cells),
        known=draw(st.sampled_from([None, *(known for known in Known if kind in FITTING[known])])),
        remarked=kind is QuestionKind.CHOICE and draw(st.booleans()),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    named = draw(st.lists(keys, max_size=6, unique=True))
    cut = draw(st.integers(0, len(named)))
    parts = [tuple(draw(questions(key)) for key in part) for part in (named[:cut], named[cut:])]
    sections = tuple(Section(f"s{number}", draw(texts), draw(st.just("") | texts), part) for number, part in enumerate(parts))
    sections += (Section("s2", draw(texts), questions=draw(st.sampled_from([(), WAITING]))),)
    return Questionnaire(draw(texts), sections, draw(st.just("") | texts))


@given(questionnaires())
def test_what_is_written_is_read_again(asked: Questionnaire) -> None:
    assert read_questionnaire(json.loads(json.dumps(asked.as_json()))) == asked


def test_what_says_nothing_is_left_out() -> None:
    assert Questionnaire("Grille", (Section("un", "Un", questions=(Question("a", "A"),)),)).as_json() == {
        "title": "Grille",
        "sections": [{"key": "un", "title": "Un", "questions": [{"key": "a", "label": "A", "kind": "short"}]}],
    }


def test_every_kind_and_every_known_thing_has_its_words() -> None:
    assert (set(KIND_LABELS), set(MOST), set(KNOWN_LABELS), set(FITTING)) == (*[set(QuestionKind)] * 2, *[set(Known)] * 2)


def test_the_questionnaires_that_come_with_the_house_are_read_as_they_are_written() -> None:
    files = sorted((RETKOOP / "year_end/cra/data").glob("*.json"))
    contents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    counts = [sum(len(section["questions"]) for section in content["sections"]) for content in contents]
    assert [len(read_questionnaire(content).questions) for content in contents] == counts
    assert [file.name for file in files] == ["cra-1.json", "grid-1.json"]


def test_a_remark_stands_behind_its_question_and_is_found_by_its_key() -> None:
    pieces = Question("pieces", "Les pièces sont là ?", QuestionKind.CHOICE, choices=("Oui", "Non"), remarked=True)
    other = Question("solde", "Le solde ?")
    asked = Questionnaire("Grille", (Section("un", "Un", questions=(pieces, other)),))
    remark = Question("pieces_remarque", "Remarque", most=500)
    assert (asked.asked, asked.questions) == ((pieces, remark, other), (pieces, other))
    assert (asked.question("pieces_remarque"), asked.question("rien"), other.remark) == (remark, None, None)
    assert (asked.section("un"), asked.section("deux")) == (asked.sections[0], None)


def test_the_limit_is_that_of_the_question_else_that_of_its_kind() -> None:
    assert (Question("a", "A", most=12).limit, Question("a", "A", QuestionKind.PHOTOS).limit) == (12, 6)
    assert Column("a", "A", QuestionKind.CHOICE, ("Oui", "Non")).question == Question("a", "A", QuestionKind.CHOICE, choices=("Oui", "Non"))


def refusal(content: object) -> str:
    with pytest.raises(InvalidQuestionnaire) as refused:
        read_questionnaire(content)
    return str(refused.value).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "Le questionnaire : ce n’est pas un objet JSON."),
        ({"title": "A", "titre": "B"}, "Le questionnaire : « titre » n’est pas connu."),
        ({}, "Le questionnaire : « title » manque."),
        ({"title": "  "}, "Le questionnaire : « title » manque."),
        ({"title": 3}, "Le questionnaire : « title » n’est pas un texte."),
        ({"title": "A" * (LONGEST_LABEL + 1)}, "Le questionnaire : « title » a 301 caractères, 300 au plus."),
        ({"title": "A", "help": "A" * (LONGEST_HELP + 1)}, "Le questionnaire : « help » a 1001 caractères, 1000 au plus."),
        ({"title": "A", "sections": {}}, "Le questionnaire : « sections » n’est pas une liste."),
        ({"title": "A", "sections": [{}] * (MOST_SECTIONS + 1)}, "Le questionnaire : « sections » en a 21, 20 au plus."),
        ({"title": "A", "sections": ["x"]}, "La section 1 : ce n’est pas un objet JSON."),
        (
            {"title": "A", "sections": [{"key": "Un", "title": "Un"}]},
            "La section 1 (« Un ») : la clé se compose de 40 minuscules sans accent, chiffres et _ au plus.",
        ),
        (
            {"title": "A", "sections": [{"title": "Un"}]},
            "La section 1 (« Un ») : la clé se compose de 40 minuscules sans accent, chiffres et _ au plus.",
        ),
        (
            {"title": "A", "sections": [{"key": "un", "title": "Un"}, {"key": "un", "title": "Deux"}]},
            "Le questionnaire : deux sections ont la clé « un ».",
        ),
        (
            {"title": "A", "sections": [{"key": "un", "title": "Un", "questions": [{}] * (MOST_QUESTIONS + 1)}]},
            "La section 1 (« Un ») : « questions » en a 41, 40 au plus.",
        ),
    ],
)
def test_what_is_no_questionnaire_is_refused(content: object, said: str) -> None:
    assert refusal(content) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"kind": "date"}, "« date » n’est pas une nature possible ici."),
        ({"kind": None}, "« None » n’est pas une nature possible ici."),
        ({"kind": "amount"}, "« amount » n’est pas une nature possible ici."),
        ({"required": 1}, "« required » est vrai ou faux."),
        ({"most": 0}, "la limite est un nombre de 1 à 500."),
        ({"most": 501}, "la limite est un nombre de 1 à 500."),
        ({"most": True}, "la limite est un nombre de 1 à 500."),
        ({"choices": ["Oui", "Non"]}, "cette question n’a pas de choix à proposer."),
        ({"kind": "choice", "choices": ["Oui"]}, "il faut au moins deux choix."),
        ({"kind": "choice", "choices": ["Oui", "Oui"]}, "deux choix se nomment « Oui »."),
        ({"kind": "choice", "choices": ["Oui", 3]}, "« choices » n’est pas un texte."),
        ({"kind": "choice", "choices": ["Oui"] * (MOST_CHOICES + 1)}, "« choices » en a 41, 40 au plus."),
        ({"kind": "table"}, "un tableau a des colonnes, et lui seul."),
        ({"columns": TABLE["columns"]}, "un tableau a des colonnes, et lui seul."),
        ({**TABLE, "columns": TABLE["columns"][:1] * 2, "label": "A"}, "deux colonnes ont la clé « projet »."),
        ({**TABLE, "columns": TABLE["columns"] * (MOST_COLUMNS), "label": "A"}, "« columns » en a 16, 8 au plus."),
        ({"known": "weather"}, "« weather » n’est rien que Retkoop connaisse."),
        ({"known": 3}, "« 3 » n’est rien que Retkoop connaisse."),
        ({"known": "projects"}, "« Les projets du cahier et leur argent » ne remplit pas une question de cette nature."),
        ({"remarked": True}, "seul un choix est suivi d’une remarque."),
    ],
)
def test_what_is_no_question_is_refused_where_it_stands(question: dict[str, Any], said: str) -> None:
    asked = {"key": "a", "label": "A", "kind": "short", **question}
    content = {"title": "Q", "sections": [{"key": "un", "title": "Un", "questions": [asked]}]}
    assert refusal(content) == f"La section 1 (« Un »), question 1 (« A ») : {said}"


def test_what_is_no_column_is_refused_where_it_stands() -> None:
    asked = {**TABLE, "columns": [{"key": "projet", "label": "Projet", "kind": "photos"}]}
    content = {"title": "Q", "sections": [{"key": "un", "title": "Un", "questions": [asked]}]}
    place = "La section 1 (« Un »), question 1 (« Quels projets ? »), colonne 1 (« Projet »)"
    assert refusal(content) == f"{place} : « photos » n’est pas une nature possible ici."


def test_a_key_is_asked_once_in_the_whole_questionnaire_remarks_among_them() -> None:
    remarked = {**CHOICE, "remarked": True}
    twice = [{"key": "un", "title": "Un", "questions": [remarked]}, {"key": "deux", "title": "Deux", "questions": [CHOICE]}]
    assert refusal({"title": "Q", "sections": twice}) == "Le questionnaire : deux questions ont la clé « conseil »."
    twice[1]["questions"] = [{**CHOICE, "key": "conseil_remarque"}]
    assert refusal({"title": "Q", "sections": twice}) == "Le questionnaire : deux questions ont la clé « conseil_remarque »."


def test_a_question_may_wait_for_an_answer_to_a_choice_before_it() -> None:
    waiting = {"key": "dates", "label": "Quand ?", "kind": "short", "condition": {"question": "conseil", "answers": ["Oui"]}}
    content = {"title": "Q", "sections": [{"key": "un", "title": "Un", "questions": [CHOICE, waiting]}]}
    assert read_questionnaire(content).questions[1].condition == Condition("conseil", ("Oui",))
    assert read_questionnaire(content).as_json() == content


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([("dates", ["Oui"]), None], "« dates » dépend d’un choix, qui doit être posé avant elle."),
        ([None, ("conseil_remarque", ["Oui"])], "« conseil_remarque » dépend d’un choix, qui doit être posé avant elle."),
        ([None, ("dates", ["Oui"]), ("lieu", ["Oui"], "dates")], "« lieu » dépend de « dates », qui dépend déjà d’une autre question."),
        ([None, ("dates", ["Parfois"])], "« dates » dépend d’une réponse que « Réuni ? » ne propose pas."),
        ([None, ("dates", [])], "« dates » dépend d’une réponse que « Réuni ? » ne propose pas."),
    ],
    ids=["before", "no choice", "in a row", "unknown", "none"],
)
def test_what_a_question_cannot_wait_for(asked: list[Any], said: str) -> None:
    def told(one: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of the table above
        if one is None:
            return CHOICE
        key, answers, *other = one
        wait = {"question": other[0] if other else "conseil", "answers": answers}
        return {"key": key, "label": key, "kind": "choice", "choices": ["Oui", "Non"], "condition": wait}

    questions = [told(one) for one in asked]
    if said.startswith("« conseil_remarque"):
        questions = [{"key": "conseil", "label": "Réuni ?", "kind": "short"}, questions[1]]
    content = {"title": "Q", "sections": [{"key": "un", "title": "Un", "questions": questions}]}
    assert refusal(content) == said


def test_a_condition_is_read_where_it_stands() -> None:
    asked = {"key": "a", "label": "A", "kind": "short", "condition": {"question": "", "answers": []}}
    content = {"title": "Q", "sections": [{"key": "un", "title": "Un", "questions": [asked]}]}
    assert refusal(content) == "La section 1 (« Un »), question 1 (« A »), condition : « question » manque."
