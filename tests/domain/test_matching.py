from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.creditor_reference import creditor_reference, written_reference
from retkoop.domain.matching import Awaited, AwaitedDeposit, MatchLevel, MatchProposal, match_proposals, naming_words
from retkoop.domain.school_year import SchoolYear

YEAR = SchoolYear(2025)
JAURES = Awaited(1, "0910000A", YEAR, 230_00, naming_words("École Jean-Jaurès", "Évry-Courcouronnes"))
TILLEULS = Awaited(2, "0910620E", YEAR, 120_00, naming_words("École maternelle Les Tilleuls", "Massy"))
BOTH = [JAURES, TILLEULS]
REFERENCE = written_reference(creditor_reference("0910000A", YEAR))
OTHER = creditor_reference("0910620E", YEAR)


def told(label: str, amount: int, awaited: list[Awaited] = BOTH, deposits: tuple[AwaitedDeposit, ...] = ()) -> list[object]:
    return [(one.level, one.shares or one.deposit) for one in match_proposals(label, amount, awaited, deposits)]


def test_words_that_all_coops_share_name_none() -> None:
    assert JAURES.words == {"jean", "jaures", "evry", "courcouronnes"}
    assert TILLEULS.words == {"tilleuls", "massy"}


@pytest.mark.parametrize(
    ("label", "amount", "expected"),
    [
        (f"VIR {REFERENCE}", 230_00, [(MatchLevel.SURE, ((1, 230_00),))]),
        (f"VIR {REFERENCE}", 100_00, [(MatchLevel.SURE, ((1, 100_00),))]),
        (f"VIR {REFERENCE}", 240_00, [(MatchLevel.PROBABLE, ((1, 230_00),))]),
        (f"VIR {REFERENCE} {OTHER}", 350_00, [(MatchLevel.SURE, ((1, 230_00), (2, 120_00)))]),
        (f"VIR {REFERENCE} {OTHER}", 250_00, [(MatchLevel.PROBABLE, ((1, 230_00), (2, 20_00)))]),
        (f"VIR {REFERENCE} {OTHER}", 200_00, [(MatchLevel.PROBABLE, ((1, 200_00),))]),
        (f"VIR {creditor_reference('0910001B', YEAR)}", 5_00, []),
        ("COOP 0910000A ADHESION", 230_00, [(MatchLevel.SURE, ((1, 230_00),))]),
        ("COOP 0910000 A", 200_00, [(MatchLevel.PROBABLE, ((1, 200_00),))]),
        ("COOP 0910000A ET 0910620E", 350_00, [(MatchLevel.SURE, ((1, 230_00), (2, 120_00)))]),
        ("COOP 0910000A ET 0910620E", 230_00, [(MatchLevel.PROBABLE, ((1, 230_00),))]),
        ("VIR ECOLE JAURES", 230_00, [(MatchLevel.POSSIBLE, ((1, 230_00),))]),
        ("VIR RECU", 120_00, [(MatchLevel.POSSIBLE, ((2, 120_00),))]),
        ("VIR RECU", 121_00, []),
        (f"VIR {REFERENCE}", -230_00, []),
    ],
)
def test_a_line_is_proposed_to_what_it_may_pay(label: str, amount: int, expected: list[object]) -> None:
    assert told(label, amount) == expected


def test_of_two_that_owe_the_same_a_word_decides() -> None:
    same = [JAURES, Awaited(3, "0910621F", YEAR, 230_00, naming_words("École Pasteur", "Évry"))]
    assert told("VIR PASTEUR", 230_00, same) == [(MatchLevel.POSSIBLE, ((3, 230_00),))]
    assert told("VIR EVRY", 230_00, same) == []
    assert told("VIR", 230_00, same) == []


def test_of_two_years_the_one_of_that_amount_or_the_later_is_meant() -> None:
    years = [Awaited(4, "0910000A", SchoolYear(2024), 50_00), JAURES]
    assert told("0910000A", 50_00, years) == [(MatchLevel.SURE, ((4, 50_00),))]
    assert told("0910000A", 60_00, years) == [(MatchLevel.PROBABLE, ((1, 60_00),))]
    assert told("RNE 0910999Z", 50_00, years) == [(MatchLevel.POSSIBLE, ((4, 50_00),))]


def test_cheques_taken_to_the_bank_are_known_by_their_total() -> None:
    one, two = AwaitedDeposit(7, 1, 500_00), AwaitedDeposit(8, 2, 500_00)
    assert told("REMISE CHEQUES", 500_00, BOTH, (one,)) == [(MatchLevel.SURE, 7)]
    assert told("REM CHQ", 500_00, BOTH, (one, two)) == [(MatchLevel.PROBABLE, 7), (MatchLevel.PROBABLE, 8)]
    assert told("VERSEMENT", 500_00, BOTH, (one,)) == [(MatchLevel.POSSIBLE, 7)]
    assert match_proposals("REMISE", 230_00, BOTH, [AwaitedDeposit(9, 3, 230_00)]) == [
        MatchProposal(MatchLevel.SURE, "C’est le total du bordereau n°\u00a03.", deposit=9),
        MatchProposal(MatchLevel.POSSIBLE, "Elle seule doit ce montant.", ((1, 230_00),)),
    ]


@given(
    st.lists(
        st.builds(Awaited, st.integers(1, 50), st.sampled_from(["0910000A", "0910620E", "0910001B"]), st.just(YEAR), st.integers(1, 500)),
        unique_by=lambda one: one.key,
    ),
    st.sampled_from([REFERENCE, f"{REFERENCE} {OTHER}", "0910000A 0910620E", "VIR", "REMISE"]),
    st.integers(-10, 900),
)
def test_never_more_than_the_line_nor_than_what_is_owed(awaited: list[Awaited], label: str, amount: int) -> None:
    owed = {one.key: one.amount for one in awaited}
    for one in match_proposals(label, amount, awaited):
        assert 0 < sum(share for _, share in one.shares) <= amount
        assert all(0 < share <= owed[key] for key, share in one.shares)
        assert one.level is not MatchLevel.SURE or sum(share for _, share in one.shares) == amount
