from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.closing import (
    SEALED_STATES,
    STATE_LABELS,
    ClosingState,
    OutOfTurn,
    Signed,
    SignerKind,
    Transition,
    VerifierQuality,
    VerifierRule,
    after,
    signatures_missing,
    told_qualities,
)

PARENT = Signed(SignerKind.VERIFIER, "Mme Roux", VerifierQuality.PARENT)
OTHER = Signed(SignerKind.VERIFIER, "M. Petit", VerifierQuality.OTHER)
SEALINGS = (
    (ClosingState.SENT, Transition.ACCEPT),
    (ClosingState.PREPARING, Transition.END),
    (ClosingState.TO_CORRECT, Transition.END),
)
PERRIN = Signed(SignerKind.MANDATAIRE, "Mme Perrin")


def test_a_year_goes_to_the_ad_and_is_closed() -> None:
    state = ClosingState.PREPARING
    for transition in (Transition.CALL_TO_SIGN, Transition.SEND, Transition.ACCEPT, Transition.CLOSE):
        state = after(state, transition)
    assert state is ClosingState.CLOSED


def test_what_comes_back_is_signed_again() -> None:
    state = after(ClosingState.SENT, Transition.SEND_BACK)
    assert after(state, Transition.CALL_TO_SIGN) is ClosingState.SIGNING


@pytest.mark.parametrize("state", list(ClosingState))
def test_the_last_year_of_a_coop_is_closed_unless_it_is_on_its_way_or_sealed(state: ClosingState) -> None:
    if state in (ClosingState.PREPARING, ClosingState.TO_CORRECT):
        assert after(state, Transition.END) is ClosingState.CLOSED
    else:
        with pytest.raises(OutOfTurn):
            after(state, Transition.END)


def test_a_transition_out_of_turn_tells_where_the_closing_is() -> None:
    with pytest.raises(OutOfTurn) as refusal:
        after(ClosingState.PREPARING, Transition.SEND)
    assert refusal.value.state is ClosingState.PREPARING


@given(st.lists(st.sampled_from(Transition), max_size=30))
def test_a_sealed_year_opens_only_when_the_ad_reopens_it(transitions: list[Transition]) -> None:
    state = ClosingState.PREPARING
    for transition in transitions:
        try:
            then = after(state, transition)
        except OutOfTurn:
            continue
        if state in SEALED_STATES and then not in SEALED_STATES:
            assert transition is Transition.REOPEN
        if then in SEALED_STATES and state not in SEALED_STATES:
            assert (state, transition) in SEALINGS
        state = then


def test_every_state_has_its_words() -> None:
    assert set(STATE_LABELS) == set(ClosingState)


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        ((PARENT, OTHER, PERRIN), []),
        ((PARENT, PERRIN), ["Il manque la signature d’un vérificateur."]),
        (
            (PERRIN,),
            ["Il manque la signature de 2 vérificateurs.", "Il manque la signature d’un parent d’élève."],
        ),
        ((OTHER, OTHER, PERRIN), ["Il manque la signature d’un parent d’élève."]),
        ((PARENT, OTHER), ["Il manque la signature de Mme Perrin, mandataire."]),
    ],
)
def test_missing_signatures_are_named(signed: tuple[Signed, ...], said: list[str]) -> None:
    assert signatures_missing(signed, ["Mme Perrin"], VerifierRule()) == said


def test_several_parents_can_be_asked_for() -> None:
    said = signatures_missing([OTHER, OTHER, OTHER, PERRIN], ["Mme Perrin"], VerifierRule(verifiers=3, parents=2))
    assert said == ["Il manque la signature de 2 parents d’élèves."]


def test_each_quality_can_be_asked_for() -> None:
    rule = VerifierRule(verifiers=2, parents=1, teachers=2, others=1)
    assert signatures_missing([PARENT, OTHER, PERRIN], ["Mme Perrin"], rule) == [
        "Il manque la signature de 2 vérificateurs.",
        "Il manque la signature de 2 enseignants.",
    ]
    assert signatures_missing([PARENT, PARENT, PARENT, PARENT, PERRIN], ["Mme Perrin"], rule)[1:] == [
        "Il manque la signature d’un autre adulte."
    ]
    assert rule.lacking([VerifierQuality.PARENT, None]) == (3, {VerifierQuality.TEACHER: 2, VerifierQuality.OTHER: 1})
    assert rule.lacking([*VerifierQuality, VerifierQuality.TEACHER]) == (0, {})


def test_qualities_are_told_in_words() -> None:
    rule = VerifierRule(parents=1, teachers=2, others=1)
    assert told_qualities(rule.least) == "1\u00a0parent d’élève, 2\u00a0enseignants et 1\u00a0autre adulte"
    assert told_qualities(VerifierRule(teachers=1).least) == "1\u00a0parent d’élève et 1\u00a0enseignant"
    assert (told_qualities(VerifierRule().least), told_qualities({})) == ("1\u00a0parent d’élève", "")


def test_without_a_mandate_nobody_can_sign_for_the_coop() -> None:
    said = signatures_missing([PARENT, OTHER], [], VerifierRule())
    assert said == ["Aucun mandat n’est enregistré\u202f: demandez à l’association départementale de le noter."]
