from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.creditor_reference import (
    creditor_reference,
    is_right_reference,
    references_in,
    transfer_code,
    written_reference,
)
from retkoop.domain.school_year import SchoolYear

YEAR = SchoolYear(2026)
RNES = st.from_regex(r"[0-9]{7}[A-Z]", fullmatch=True)
YEARS = st.builds(SchoolYear, st.integers(1948, 2198))


def test_the_standard_s_own_example_is_right() -> None:
    assert is_right_reference("RF18539007547034")
    assert not is_right_reference("RF18539007547035")
    assert not is_right_reference("FR18539007547034")


def test_a_reference_names_the_coop_and_the_year() -> None:
    reference = creditor_reference("0910000A", YEAR)
    assert reference == "RF860910000A2026"
    assert written_reference(reference) == "RF86 0910 000A 2026"


@pytest.mark.parametrize(
    "label",
    [
        "VIR SEPA RECU COOP ECOLE RF860910000A2026 ADHESION",
        "vir rf86 0910 000a 2026",
        "VIREMENT RF86  0910 000A 2026".replace("  ", " "),
        "NOTPROVIDED RF860910000A2026RF860910000A2026",
    ],
)
def test_it_is_found_in_the_words_of_a_bank(label: str) -> None:
    assert references_in(label) == [("0910000A", YEAR)]


@pytest.mark.parametrize("label", ["", "VIR RF870910000A2026", "RF18539007547034", "RF86", "COOP 0910000A 2026"])
def test_what_is_no_reference_of_ours_is_not(label: str) -> None:
    assert references_in(label) == []


def test_two_references_are_both_found() -> None:
    label = f"{creditor_reference('0910000A', YEAR)} ET {creditor_reference('0910620E', YEAR)}"
    assert references_in(label) == [("0910000A", YEAR), ("0910620E", YEAR)]


@given(RNES, YEARS, st.data())
def test_one_wrong_sign_is_told(rne: str, year: SchoolYear, data: st.DataObject) -> None:
    reference = creditor_reference(rne, year)
    assert is_right_reference(reference)
    assert references_in(written_reference(reference)) == [(rne, year)]
    at = data.draw(st.integers(4, len(reference) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda sign: sign != reference[at]))
    assert not is_right_reference(reference[:at] + other + reference[at + 1 :])


@given(
    st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=90),
    st.sampled_from(["", "AGRIFRPPXXX"]),
    st.integers(1, 999_999_99),
    RNES,
)
def test_a_transfer_is_told_to_the_applications_of_banks_line_by_line(name: str, bic: str, amount: int, rne: str) -> None:
    """As EPC069-12 lays it out: eleven lines at most, the last ones left out where they are empty; a reference or words, never both."""
    reference = creditor_reference(rne, YEAR)
    service, version, signs, kind, bank, holder, iban, euros, purpose, structured, *words = transfer_code(
        name, "FR7630006000011234567890189", bic, amount, reference
    ).split("\n")
    assert (service, version, signs, kind, purpose, words) == ("BCD", "002", "1", "SCT", "", [])
    assert (bank, holder, iban, structured) == (bic, name[:70], "FR7630006000011234567890189", reference)
    assert re.fullmatch(r"EUR\d{1,9}\.\d\d", euros)
    assert int(euros.removeprefix("EUR").replace(".", "")) == amount


def test_a_name_on_two_lines_stays_on_its_own() -> None:
    told = transfer_code("OCCE\n 91", "FR7630006000011234567890189", "", 119_05, "RF860910000A2026")
    assert told.split("\n")[4:8] == ["", "OCCE 91", "FR7630006000011234567890189", "EUR119.05"]
