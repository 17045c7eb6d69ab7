"""Which coops are asked for, in which order, and how many are in each state."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.board import BoardRule, CoopFacts, CraProgress, Missing, Readiness
from retkoop.domain.closing import ClosingState
from retkoop.domain.membership import MembershipState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState
from retkoop.oversight.board.selection import ORDERS, Selection, counts_of, row_of

TODAY: Final = date(2026, 10, 12)
RULE: Final = BoardRule(SchoolYear(2025), date(2026, 9, 30))
ME: Final = 7


def coop(rne: str, **facts: Any) -> CoopFacts:  # noqa: ANN401 -- any fact
    given = {"name": f"École {rne}", "words": rne.lower(), "activated": True, "has_mandate": True, "book": 1, "operation_count": 3}
    return CoopFacts(coop=int(rne[:3]), rne=rne, **{**given, **facts})


A: Final = coop(
    "100A",
    name="École du Bac",
    commune="Évry",
    words="100a ecole du bac evry mme perrin",
    circonscription="Évry",
    follower=ME,
    followed_by="Zoé",
    errors=2,
    mandataire="Mme Perrin",
    last_operation=date(2026, 6, 1),
    last_contact=date(2026, 9, 2),
    last_login=date(2026, 10, 1),
    adhesion=MembershipState.DECLARED,
    cra=CraProgress.BEGUN,
)
B: Final = coop(
    "200B",
    name="Collège Ader",
    words="200b college ader massy",
    circonscription="Massy",
    follower=8,
    adhesion=MembershipState.VALIDATED,
    followed_by="Éric",
    open_help=2,
    closing=ClosingState.SENT,
    lamps=(LampState.GOOD,) * 3,
    last_operation=date(2026, 8, 30),
    cra=CraProgress.DONE,
    signatures=2,
    signatures_needed=3,
)
C: Final = coop(
    "300C", name="École Zola", adhesion=MembershipState.TO_DECLARE, activated=False, has_mandate=False, operation_count=0, unproven=0
)
D: Final = coop("400D", closing=ClosingState.ACCEPTED, circonscription="Évry", unproven=4, last_operation=date(2026, 7, 1))
E: Final = coop("500E", closed_on=date(2026, 7, 5), has_mandate=False, activated=False)
ROWS: Final = [row_of(one, over=RULE.is_over(TODAY), late=RULE.due < TODAY) for one in (A, B, C, D, E)]


def found(**asked: str) -> str:
    """Return the letters of the coops that are asked for, in order."""
    return "".join(row.facts.rne[-1] for row in Selection.of(asked).chosen(ROWS, TODAY, ME))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "ABCDE"),
        ({"q": "ÉVRY"}, "A"),
        ({"q": "bac perrin"}, "A"),
        ({"q": "college"}, "B"),
        ({"q": "lyon"}, ""),
        ({"etat": "pas-pret"}, "AC"),
        ({"etat": "pret"}, "B"),
        ({"etat": "fini"}, "DE"),
        ({"manque": "erreurs"}, "A"),
        ({"manque": "mandat"}, "C"),
        ({"manque": "cra"}, "AC"),
        ({"circo": "Évry"}, "AD"),
        ({"circo": "-"}, "CE"),
        ({"suivi": "moi"}, "A"),
        ({"suivi": "8"}, "B"),
        ({"suivi": "personne"}, "CDE"),
        ({"retard": "oui"}, "AC"),
        ({"aide": "oui"}, "B"),
        ({"adhesion": "a-payer"}, "A"),
        ({"adhesion": "demain"}, "ABCDE"),
        ({"mandat": "non"}, "C"),
        ({"compte": "non"}, "C"),
        ({"silence": "60"}, "CDE"),
        ({"silence": "5"}, "ABCDE"),
        ({"circo": "Évry", "retard": "oui"}, "A"),
        ({"circo": "Évry", "retard": "oui", "suivi": "personne"}, ""),
    ],
)
def test_filters_and_how_they_combine(asked: dict[str, str], expected: str) -> None:
    assert found(**asked) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ecole", "BDEAC"),
        ("rne", "ABCDE"),
        ("-rne", "EDCBA"),
        ("etat", "CABDE"),
        ("crf", "ACEBD"),
        ("cra", "CDEAB"),
        ("quitus", "BACDE"),
        ("adhesion", "DECAB"),
        ("mandat", "BCDEA"),
        ("operation", "CEADB"),
        ("voyants", "BACDE"),
        ("justificatifs", "ABCED"),
        ("aide", "ACDEB"),
        ("contact", "BCDEA"),
        ("suivi", "CDEBA"),
        ("circo", "CEADB"),
    ],
)
def test_each_column_sorts(order: str, expected: str) -> None:
    assert found(tri=order) == expected


def test_every_order_is_tried() -> None:
    assert sorted(ORDERS) == sorted(
        [
            *("ecole", "rne", "etat", "crf", "cra", "quitus", "adhesion", "mandat", "operation", "voyants", "justificatifs"),
            *("aide", "contact", "suivi", "circo"),
        ]
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"etat": "perdu"},
        {"manque": "courage"},
        {"suivi": "tout le monde"},
        {"suivi": "-1"},
        {"retard": "non"},
        {"mandat": "oui"},
        {"silence": "mille"},
        {"silence": "1000"},
        {"silence": "9" * 40},
        {"silence": "0" * 20 + "9" * 20},
        {"suivi": "0" * 20 + "9" * 5000},
        {"tri": "couleur"},
        {"circo": "x" * 101},
        {"q": "  "},
    ],
)
def test_what_an_address_cannot_mean_is_left_out(asked: dict[str, str]) -> None:
    assert Selection.of(asked) == Selection()


def test_counts_are_over_what_is_asked_for() -> None:
    assert counts_of(ROWS) == {Readiness.NOT_READY: 2, Readiness.READY: 1, Readiness.DONE: 2, "retard": 2, "aide": 1, "tous": 5}


words = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["évry", "école du bac", "&x=1"]),
        "etat": st.sampled_from([one.value for one in Readiness]),
        "manque": st.sampled_from([one.value for one in Missing]),
        "circo": st.sampled_from(["Évry", "Sud & Est", "-"]),
        "suivi": st.sampled_from(["moi", "personne", "12"]),
        "retard": st.just("oui"),
        "tri": st.sampled_from([*ORDERS, "-ecole"]),
    },
)


@given(words)
def test_an_address_says_what_it_was_made_of(asked: dict[str, str]) -> None:
    selection = Selection.of(asked)
    assert Selection.of(dict(parse_qsl(selection.query()))) == selection


@given(words)
def test_filters_only_take_away_and_the_order_takes_nothing(asked: dict[str, str]) -> None:
    selection = Selection.of(asked)
    shown = selection.chosen(ROWS, TODAY, ME)
    assert {row.facts.rne for row in shown} == {row.facts.rne for row in selection.kept(ROWS, TODAY, ME)}
    assert len(shown) == len({row.facts.rne for row in shown})
