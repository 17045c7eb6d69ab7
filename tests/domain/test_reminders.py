from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.board import BoardRule, CoopFacts
from retkoop.domain.closing import ClosingState
from retkoop.domain.membership import MembershipState
from retkoop.domain.reminders import FIELDS, KIND, KINDS, USUAL, ReminderDay, fields_in, filled, text_refusals, values_for
from retkoop.domain.school_year import SchoolYear

YEAR: Final = SchoolYear(2025)
RULE: Final = BoardRule(YEAR, date(2026, 9, 30))
DURING: Final = ReminderDay(date(2026, 3, 1), RULE)
AFTER: Final = ReminderDay(date(2026, 9, 10), RULE)
FACTS: Final = CoopFacts(
    1, "0910000A", "École Jean-Jaurès", activated=True, has_mandate=True, mandataire="Mme Perrin", book=7, operation_count=12
)


def concerned(facts: CoopFacts, when: ReminderDay) -> list[str]:
    return [kind.key for kind in KINDS if kind.key != "message" and kind.concerns(facts, when)]


def told(key: str, facts: CoopFacts, when: ReminderDay = AFTER) -> tuple[str, ...]:
    return KIND[key].lacks(facts, when)


def test_accounts_are_asked_for_once_the_year_is_over() -> None:
    assert (concerned(FACTS._replace(last_operation=date(2026, 2, 1)), DURING), concerned(FACTS, AFTER)) == ([], ["crf"])
    assert [concerned(FACTS._replace(closing=one), AFTER) for one in ClosingState] == [
        ["corrections"] if one is ClosingState.TO_CORRECT else ["crf"] if one in {ClosingState.PREPARING, ClosingState.SIGNING} else []
        for one in ClosingState
    ]


def test_a_coop_that_has_ended_is_left_alone() -> None:
    gone = FACTS._replace(closed_on=date(2026, 1, 5), activated=False, has_mandate=False, unproven=4)
    assert [concerned(gone, DURING), concerned(gone, AFTER), KIND["message"].concerns(gone, AFTER)] == [[], [], False]


@pytest.mark.parametrize(("count", "words"), [(1, "1 justificatif"), (3, "3 justificatifs")])
def test_vouchers(count: int, words: str) -> None:
    facts = FACTS._replace(unproven=count, last_operation=date(2026, 2, 1))
    assert (concerned(facts, DURING), told("justificatifs", facts)) == (["justificatifs"], (words,))
    assert "justificatifs" not in concerned(facts._replace(closing=ClosingState.SENT), AFTER)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (FACTS._replace(has_mandate=False, mandataire=""), "Aucun mandat n’est en cours"),
        (FACTS._replace(mandate_end=date(2026, 11, 9)), "Le mandat se termine le 9 novembre 2026"),
    ],
)
def test_a_mandate_that_has_ended_or_soon_will(facts: CoopFacts, words: str) -> None:
    assert ("mandat" in concerned(facts, AFTER), told("mandat", facts)) == (True, (words,))
    assert concerned(FACTS._replace(mandate_end=date(2026, 11, 10)), AFTER) == ["crf"]
    assert told("mandat", FACTS) == ("Aucun mandat n’est en cours",)


@pytest.mark.parametrize(
    ("facts", "quiet"),
    [
        (FACTS._replace(last_operation=date(2025, 12, 31)), False),
        (FACTS._replace(last_operation=date(2025, 12, 30)), True),
        (FACTS._replace(last_operation=None), True),
        (FACTS._replace(last_operation=None, activated=False), False),
        (FACTS._replace(last_operation=None, direct=True), False),
        (FACTS._replace(last_operation=None, closing=ClosingState.SENT), False),
    ],
)
def test_a_cahier_that_has_been_silent_for_more_than_sixty_days(facts: CoopFacts, quiet: bool) -> None:  # noqa: FBT001 -- a column of the table above
    assert (KIND["silence"].concerns(facts, DURING), KIND["silence"].concerns(facts, AFTER)) == (quiet, False)


def test_what_a_silent_cahier_is_told() -> None:
    assert told("silence", FACTS, DURING) == ("Aucune opération saisie en 2025-2026",)
    since = FACTS._replace(last_operation=date(2025, 10, 1))
    assert told("silence", since, DURING) == ("Aucune opération saisie depuis le 1er octobre 2025",)


def test_an_account_that_waits() -> None:
    facts = FACTS._replace(activated=False)
    assert concerned(facts, AFTER) == ["crf", "activation"]
    assert told("activation", facts) == ("Le compte de la coopérative attend sa première connexion",)


def test_what_is_missing_is_what_the_board_says() -> None:
    assert told("crf", FACTS._replace(errors=2))[0] == "2 erreurs"


def test_the_silence_is_that_of_the_year_that_runs() -> None:
    day = date(2026, 11, 30)
    assert [KIND[key].year_on(day) for key in ("silence", "crf")] == [SchoolYear(2026), SchoolYear(2025)]


def test_each_proposed_text_is_one_that_can_be_sent() -> None:
    assert [text_refusals(kind.subject, kind.text, date(2026, 9, 30)) for kind in KINDS] == [[] for _ in KINDS]


def test_a_field_that_does_not_exist_is_named() -> None:
    known = "Ceux qui existent\u202f: {école}, {mandataire}, {ce qui manque}, {date limite}, {lien}."
    assert text_refusals("S", "{mandatire} { Lien }", None) == [f"{{mandatire}} n’est pas un champ. {known}"]
    assert text_refusals("{a}", "{b} {a}", None) == [f"{{a}}, {{b}} ne sont pas des champs. {known}"]


def test_a_date_limit_has_its_date_and_a_subject_has_no_list() -> None:
    assert text_refusals("S", "{date limite}", None) == ["Le texte parle d’une date limite\u202f: indiquez-la."]
    assert text_refusals("{lien}", "T", None) == ["Dans l’objet, seuls {école}, {mandataire} et {date limite} ont leur place."]


def test_a_text_is_filled_in_for_one_coop() -> None:
    values = values_for(KIND["crf"], FACTS._replace(errors=2), AFTER, link="https://x", deadline=date(2026, 9, 30))
    assert set(values) == set(FIELDS)
    text = "{École} / { mandataire } / {date limite} / {lien}"
    assert filled(text, values) == "École Jean-Jaurès / Mme Perrin / 30 septembre 2026 / https://x"
    assert filled("{ce qui manque}", values).splitlines()[0] == "- 2 erreurs"


def test_who_has_no_mandataire_and_misses_nothing() -> None:
    done = FACTS._replace(mandataire="", closing=ClosingState.SENT)
    values = values_for(KIND["message"], done, AFTER, link="", deadline=None)
    nothing = "- Rien, à notre connaissance\u202f: merci\u202f!"
    assert (values["mandataire"], values["ce qui manque"], values["date limite"]) == ("Madame, Monsieur", nothing, "")


@given(st.text(), st.text(alphabet="{}écolelien "))
def test_what_a_value_holds_is_never_a_field(name: str, text: str) -> None:
    assert filled("{école}", {"école": f"{{lien}}{name}", "lien": "x"}) == f"{{lien}}{name}"
    assert filled(text, {}) == text
    assert all(f == f.strip().lower() for f in fields_in(text))


def test_the_usual_ones_follow_the_calendar_of_the_school_year() -> None:
    days = [usual.date_in(SchoolYear(2026)) for usual in USUAL]
    assert days == sorted(days)
    assert (days[0], days[-1], {usual.kind for usual in USUAL} - set(KIND)) == (date(2026, 9, 15), date(2027, 6, 1), set())


FEES: Final = BoardRule(SchoolYear(2026), date(2027, 9, 30), fees_due=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        (MembershipState.TO_DECLARE, date(2026, 10, 1), ("Les effectifs de 2026-2027 ne sont pas encore déclarés",)),
        (MembershipState.DECLARED, date(2026, 12, 1), ("L’adhésion 2026-2027 est déclarée, elle reste à payer",)),
        (MembershipState.PART_PAID, date(2026, 12, 1), ("L’adhésion 2026-2027 n’est payée qu’en partie",)),
    ],
)
def test_an_adhesion_that_waits(state: MembershipState, day: date, expected: tuple[str, ...]) -> None:
    facts, when = CoopFacts(1, "0910000A", "École", adhesion=state), ReminderDay(day, FEES)
    assert (KIND["adhesion"].concerns(facts, when), KIND["adhesion"].lacks(facts, when)) == (True, expected)
    assert KIND["adhesion"].concerns(facts._replace(closed_on=day), when) is False


@pytest.mark.parametrize(
    ("state", "day"),
    [
        (MembershipState.DECLARED, date(2026, 11, 30)),
        (MembershipState.PAID, date(2026, 12, 1)),
        (MembershipState.VALIDATED, date(2026, 12, 1)),
        (MembershipState.LEFT, date(2026, 12, 1)),
        (None, date(2026, 12, 1)),
    ],
)
def test_an_adhesion_that_waits_for_nothing(state: MembershipState | None, day: date) -> None:
    assert KIND["adhesion"].concerns(CoopFacts(1, "0910000A", "École", adhesion=state), ReminderDay(day, FEES)) is False
    assert KIND["adhesion"].year_on(date(2026, 10, 1)) == SchoolYear(2026)
