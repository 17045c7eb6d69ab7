from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.sampling import LARGEST, MOST, RULE, Candidate, Sample, draw_sample, sample_size

SEED = "00ff17a2"

seeds = st.text("0123456789abcdef", min_size=2, max_size=32)
books = st.dictionaries(st.integers(1, 10**6), st.integers(0, 10**6), max_size=90).map(
    lambda rows: [Candidate(key, spent) for key, spent in rows.items()]
)


@pytest.mark.parametrize(
    ("count", "size"), [(0, 0), (1, 1), (10, 10), (11, 10), (200, 10), (201, 11), (400, 20), (600, 30), (601, 30), (10_000, 30)]
)
def test_size_by_rule(count: int, size: int) -> None:
    assert sample_size(count) == size


def test_the_rule_is_told_in_its_own_figures() -> None:
    assert re.findall(r"\d+", RULE) == ["10", "20", "10", "30", "3"]


def test_the_same_sample_everywhere() -> None:
    """These keys were worked out apart, with sha256sum: no other machine may draw others."""
    book = [Candidate(key, 0) for key in range(1, 31)]
    assert draw_sample(SEED, book) == Sample((), (6, 26, 29, 8, 10, 11, 7, 13, 3, 28))


def test_the_largest_expenses_are_always_there_the_largest_first() -> None:
    book = [Candidate(key, key % 7) for key in range(1, 201)] + [Candidate(900, 50), Candidate(901, 90), Candidate(902, 70)]
    assert draw_sample(SEED, book).largest == (901, 902, 900)


def test_receipts_are_never_the_largest_expenses() -> None:
    sample = draw_sample(SEED, [Candidate(key) for key in range(1, 41)] + [Candidate(99, 1)])
    assert (sample.largest, len(sample.drawn)) == ((99,), 9)


def test_fewer_operations_than_largest_expenses() -> None:
    assert draw_sample(SEED, [Candidate(4, 10), Candidate(5, 20)]) == Sample((5, 4), ())


@pytest.mark.parametrize("seed", ["", "a", "AB", "xyz", "ab cd", "é1", "ab\n", "a" * 65])
def test_a_seed_is_hexadecimal(seed: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(seed)}$" if seed else "^$"):
        draw_sample(seed, [])


@given(seeds, books)
def test_all_drawn_exist_once_and_their_number_is_the_rule(seed: str, book: list[Candidate]) -> None:
    sample = draw_sample(seed, book)
    keys = sample.largest + sample.drawn
    assert len(keys) == len(set(keys)) == sample_size(len(book)) <= MOST
    assert sample.keys == set(keys) <= {one.key for one in book}
    assert len(sample.largest) == min(LARGEST, sum(one.spent > 0 for one in book))


@given(seeds, books)
def test_the_order_of_the_book_changes_nothing(seed: str, book: list[Candidate]) -> None:
    assert draw_sample(seed, sorted(book, key=lambda one: (one.spent, -one.key))) == draw_sample(seed, book)


@given(seeds, books, books)
def test_an_operation_added_takes_the_place_of_one_at_most(seed: str, book: list[Candidate], more: list[Candidate]) -> None:
    known = {one.key for one in book}
    added = [one for one in more if one.key not in known]
    before, after = draw_sample(seed, book).keys, draw_sample(seed, [*book, *added]).keys
    assert len(before - after) <= len(after - known)


@given(seeds, books)
def test_no_expense_left_out_is_larger_than_the_largest_drawn(seed: str, book: list[Candidate]) -> None:
    sample = draw_sample(seed, book)
    spent = {one.key: one.spent for one in book}
    left_out = max((one.spent for one in book if one.key not in sample.largest), default=0)
    assert all(spent[key] >= left_out for key in sample.largest)
