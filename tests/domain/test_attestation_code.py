"""Codes of attestations: drawn, written, read back however people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.attestation_code import CODE_BITS, attestation_code, read_code, written_code

DRAWN = st.integers(0, 2**CODE_BITS - 1)
CODE = "7K3M9QXA02TNCDVE"


@given(DRAWN)
def test_a_code_is_read_as_it_was_written(drawn: int) -> None:
    code = attestation_code(drawn)
    assert read_code(written_code(code)) == code


@given(st.sets(DRAWN, min_size=2))
def test_two_numbers_have_two_codes(drawn: set[int]) -> None:
    assert len({attestation_code(one) for one in drawn}) == len(drawn)


def test_a_code_has_sixteen_signs_from_the_smallest_number_to_the_greatest() -> None:
    assert [attestation_code(0), attestation_code(2**CODE_BITS - 1)] == ["0" * 16, "Z" * 16]


def test_a_code_is_written_by_fours() -> None:
    assert written_code(CODE) == "7K3M-9QXA-02TN-CDVE"


@pytest.mark.parametrize(
    "typed",
    [CODE, "7k3m-9qxa-02tn-cdve", " 7K3M 9QXA\u00a002TN\u202fCDVE\n", "7K3M–9QXA—O2TN‑CDVE", "7K3M.9QXA.o2TN.CDVE"],
)
def test_spaces_dashes_small_letters_and_o_do_not_matter(typed: str) -> None:
    assert read_code(typed) == CODE


def test_an_i_or_an_l_is_read_as_one() -> None:
    assert read_code("IiLl-1111-0000-oOoO") == "1111111100000000"


@pytest.mark.parametrize(
    "typed", ["", "7K3M-9QXA-02TN-CDV", f"{CODE}0", "7K3M-9QXA-02TN-CDVU", "7K3M-9QXA-02TN-CDVÉ", "\x00" * 16, "ŒŒ" * 500]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
