from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.board import (
    MISSING_LABELS,
    READINESS_LABELS,
    BoardRule,
    CoopFacts,
    CraProgress,
    Missing,
    Readiness,
    is_late,
    last_sign,
    missing,
    missing_label,
    readiness,
    year_shown,
)
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState

YEAR: Final = SchoolYear(2025)
RULE: Final = BoardRule(YEAR, date(2026, 9, 30))
DURING: Final = date(2026, 3, 1)
AFTER: Final = date(2026, 9, 10)
LATE: Final = date(2026, 10, 1)
WHOLE: Final = CoopFacts(
    1,
    "0910000A",
    "École Jean-Jaurès",
    activated=True,
    has_mandate=True,
    book=7,
    operation_count=12,
    lamps=(LampState.GOOD, LampState.GOOD, LampState.GOOD),
    cra=CraProgress.DONE,
    signatures=3,
    signatures_needed=3,
)
LACKING: Final = {
    Missing.MANDATE: (WHOLE._replace(has_mandate=False), "Aucun mandat"),
    Missing.ACTIVATION: (WHOLE._replace(activated=False), "Compte à activer"),
    Missing.CORRECTIONS: (WHOLE._replace(closing=ClosingState.TO_CORRECT), "Corrections à faire"),
    Missing.ENTRIES: (WHOLE._replace(operation_count=0), "Rien de saisi"),
    Missing.ERRORS: (WHOLE._replace(errors=3), "3 erreurs"),
    Missing.EXPLANATIONS: (WHOLE._replace(unexplained=1), "1 alerte à expliquer"),
    Missing.RECONCILIATION: (WHOLE._replace(lamps=(LampState.GOOD, LampState.BAD, LampState.GOOD)), "Rapprochement à faire"),
    Missing.CASH: (WHOLE._replace(lamps=(LampState.GOOD, LampState.GOOD, LampState.TODO)), "Caisse à compter"),
    Missing.STATEMENT: (WHOLE._replace(lacks_statement=True), "Dernier relevé à joindre"),
    Missing.CRA: (WHOLE._replace(cra=CraProgress.NONE), "CRA à remplir"),
    Missing.SIGNATURES: (WHOLE._replace(signatures=1), "2 signatures manquent"),
    Missing.SENDING: (WHOLE, "À transmettre"),
}
AT_THE_END: Final = {Missing.RECONCILIATION, Missing.CASH, Missing.STATEMENT, Missing.CRA, Missing.SIGNATURES, Missing.SENDING}

facts = st.builds(
    CoopFacts,
    coop=st.just(1),
    rne=st.just("0910000A"),
    name=st.just("École"),
    closed_on=st.none() | st.just(date(2026, 7, 5)),
    activated=st.booleans(),
    has_mandate=st.booleans(),
    has_opening=st.booleans(),
    operation_count=st.integers(0, 2),
    lamps=st.tuples(*(st.sampled_from(LampState) for _ in range(3))),
    errors=st.integers(0, 2),
    unexplained=st.integers(0, 2),
    unproven=st.integers(0, 2),
    lacks_statement=st.booleans(),
    closing=st.sampled_from(ClosingState),
    cra=st.sampled_from(CraProgress),
    signatures=st.integers(0, 4),
    signatures_needed=st.integers(2, 4),
)
days = st.sampled_from([DURING, YEAR.last_day, AFTER, RULE.due, LATE])


@pytest.mark.parametrize("thing", LACKING)
def test_one_thing_that_is_missing_is_told(thing: Missing) -> None:
    lacking, said = LACKING[thing]
    assert (missing(lacking, AFTER, RULE), missing_label(thing, lacking)) == ((thing,), said)


@pytest.mark.parametrize("thing", LACKING)
def test_what_ends_a_year_is_not_missing_before_its_last_day(thing: Missing) -> None:
    assert missing(LACKING[thing][0], DURING, RULE) == (() if thing in AT_THE_END else (thing,))


def test_vouchers_are_missing_as_long_as_no_sentence_explains_it() -> None:
    lacking = WHOLE._replace(unproven=2, unexplained=1)
    assert missing(lacking, AFTER, RULE) == (Missing.VOUCHERS, Missing.EXPLANATIONS)
    assert missing_label(Missing.VOUCHERS, lacking) == "2 justificatifs manquent"
    assert missing(lacking._replace(unexplained=0), AFTER, RULE) == (Missing.SENDING,)


def test_a_cra_that_is_begun_is_to_be_finished() -> None:
    assert missing_label(Missing.CRA, WHOLE._replace(cra=CraProgress.BEGUN)) == "CRA à finir"


def test_an_empty_year_has_nothing_to_reconcile_and_nothing_to_count() -> None:
    empty = CoopFacts(1, "0910000A", "École", activated=True, has_mandate=True)
    assert (empty.has_book, empty.is_empty, empty.cra) == (False, True, CraProgress.NONE)
    assert missing(empty, AFTER, RULE) == (Missing.ENTRIES, Missing.CRA)


@given(facts, days)
def test_who_is_ready_or_done_misses_nothing_and_is_never_late(one: CoopFacts, day: date) -> None:
    if readiness(one) is not Readiness.NOT_READY:
        assert (missing(one, day, RULE), is_late(one, day, RULE)) == ((), False)
    else:
        assert is_late(one, day, RULE) == (day > RULE.due)


@given(facts, days)
def test_what_is_missing_comes_in_the_order_in_which_to_do_it_and_each_once(one: CoopFacts, day: date) -> None:
    found = missing(one, day, RULE)
    assert list(found) == sorted(set(found), key=list(Missing).index)


@given(facts)
def test_once_the_year_is_over_whoever_is_not_ready_knows_what_to_do(one: CoopFacts) -> None:
    assert (readiness(one) is Readiness.NOT_READY) == bool(missing(one, AFTER, RULE))


@given(facts, days)
def test_each_missing_thing_is_said_in_french(one: CoopFacts, day: date) -> None:
    assert all(missing_label(thing, one)[:1] in "ACDR0123456789À" for thing in missing(one, day, RULE))


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (ClosingState.PREPARING, Readiness.NOT_READY),
        (ClosingState.SIGNING, Readiness.NOT_READY),
        (ClosingState.TO_CORRECT, Readiness.NOT_READY),
        (ClosingState.SENT, Readiness.READY),
        (ClosingState.ACCEPTED, Readiness.DONE),
        (ClosingState.CLOSED, Readiness.DONE),
    ],
)
def test_a_year_is_ready_once_sent_and_done_once_accepted(closing: ClosingState, expected: Readiness) -> None:
    assert readiness(WHOLE._replace(closing=closing)) is expected


@pytest.mark.parametrize(
    ("logged_in", "dated", "sign"),
    [
        (None, None, None),
        (date(2026, 9, 4), None, date(2026, 9, 4)),
        (date(2026, 9, 4), date(2026, 6, 30), date(2026, 9, 4)),
        (date(2026, 3, 4), date(2026, 6, 30), date(2026, 6, 30)),
    ],
)
def test_a_sign_of_life_is_a_log_in_or_an_operation(logged_in: date | None, dated: date | None, sign: date | None) -> None:
    assert last_sign(CoopFacts(1, "0910000A", "École", last_login=logged_in, last_operation=dated)) == sign


def test_a_coop_that_has_ended_is_done() -> None:
    assert readiness(WHOLE._replace(closed_on=date(2026, 7, 5))) is Readiness.DONE


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2025), (date(2026, 12, 31), 2025), (date(2027, 1, 1), 2026)],
)
def test_until_the_end_of_december_an_ad_looks_at_the_year_that_ended(day: date, start: int) -> None:
    assert year_shown(day) == SchoolYear(start)


def test_every_state_and_every_thing_has_its_name() -> None:
    assert (list(READINESS_LABELS), list(MISSING_LABELS)) == (list(Readiness), list(Missing))
