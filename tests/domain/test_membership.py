from __future__ import annotations

from datetime import date

import pytest

from retkoop.domain.membership import MEMBERSHIP_LABELS, MembershipFacts, MembershipState


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (MembershipFacts(), MembershipState.TO_DECLARE),
        (MembershipFacts(declared=1, due=230_00), MembershipState.DECLARED),
        (MembershipFacts(declared=1, due=230_00, received=1), MembershipState.PART_PAID),
        (MembershipFacts(declared=1, due=230_00, received=230_00), MembershipState.PAID),
        (MembershipFacts(declared=1, due=230_00, received=240_00), MembershipState.PAID),
        (MembershipFacts(declared=1, due=0), MembershipState.PAID),
        (MembershipFacts(declared=1, due=230_00, received=230_00, validated=1), MembershipState.VALIDATED),
        (MembershipFacts(declared=2, due=250_00, received=230_00, validated=1), MembershipState.PART_PAID),
        (MembershipFacts(declared=2, due=200_00, received=230_00, validated=1), MembershipState.PAID),
        (MembershipFacts(left_on=date(2026, 10, 1)), MembershipState.LEFT),
        (MembershipFacts(declared=1, due=230_00, left_on=date(2026, 10, 1)), MembershipState.LEFT),
        (MembershipFacts(declared=1, validated=1, left_on=date(2026, 10, 1)), MembershipState.VALIDATED),
    ],
)
def test_where_an_adhesion_stands(facts: MembershipFacts, expected: MembershipState) -> None:
    assert facts.state is expected


def test_what_is_owed_is_a_complement_or_money_to_give_back() -> None:
    assert MembershipFacts(declared=2, due=250_00, received=230_00, validated=1).owed == 20_00
    assert MembershipFacts(declared=2, due=200_00, received=230_00, validated=1).owed == -30_00


def test_each_state_has_its_words() -> None:
    assert list(MEMBERSHIP_LABELS) == list(MembershipState)
