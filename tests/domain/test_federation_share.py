from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.federation_share import (
    SHARE_LABELS,
    SHARES,
    SharedMemberships,
    ShareLine,
    kept_share,
    share_lines,
    share_of,
    told_share,
)

PRICES = {"member": 1_10, "insurance": 25, "magazine": 3_00}
COUNTED = SharedMemberships(coops=2, members=152, insured=100, magazines=3)


def test_the_share_is_so_much_a_member_an_insured_one_a_subscription() -> None:
    lines = share_lines(PRICES, COUNTED)
    assert lines == (ShareLine("member", 152, 1_10), ShareLine("insurance", 100, 25), ShareLine("magazine", 3, 3_00))
    assert [line.amount for line in lines] == [167_20, 25_00, 9_00]
    assert share_of(lines) == 201_20


def test_every_share_has_its_words() -> None:
    assert [line.label for line in share_lines(PRICES, COUNTED)] == [SHARE_LABELS[key] for key in SHARES]


def test_what_the_federation_does_not_ask_is_nothing() -> None:
    assert share_of(share_lines({}, COUNTED)) == 0


def test_what_is_kept_comes_back() -> None:
    lines = share_lines(PRICES, COUNTED)
    kept = kept_share(lines, COUNTED)
    assert kept == {"coops": 2, "lines": [["member", 152, 110], ["insurance", 100, 25], ["magazine", 3, 300]]}
    assert told_share(kept) == lines


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**4))
def test_two_ads_together_owe_what_each_owes(members: int, insured: int, price: int, more: int) -> None:
    prices = {"member": price, "insurance": more, "magazine": 1}
    one, other = SharedMemberships(1, members, insured, 2), SharedMemberships(3, insured, members, 5)
    both = SharedMemberships(4, members + insured, insured + members, 7)
    assert share_of(share_lines(prices, both)) == share_of(share_lines(prices, one)) + share_of(share_lines(prices, other))
