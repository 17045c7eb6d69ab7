"""Lines that several files bring: none twice, none lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.statement_lines import SeenLine, places_of_new, same_account

DAY = date(2026, 9, 15)


def line(label: str = "REMISE CHEQUES", reference: str = "", source: str = "csv", amount: int = 50_00, day: date = DAY) -> SeenLine:
    return SeenLine(day, amount, label, reference, source)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("60123456789", "60123456789", True),
        ("60123456789", "60999999999", False),
        ("60123456789", "FR76 1820 6000 9160 1234 5678 976", True),
        ("00001234567", "FR7630004008120000123456789", True),
        ("0123 00012345678", "012300012345678", True),
        ("****4567", "00001234567", True),
        ("****4567", "00001234568", False),
        ("", "60123456789", True),
        ("123", "60123456789", False),
    ],
)
def test_names_of_one_account(one: str, other: str, same: bool) -> None:  # noqa: FBT001 -- a case says what is expected
    assert (same_account(one, other), same_account(other, one)) == (same, same)


def test_a_line_answers_for_one_and_never_for_two() -> None:
    assert places_of_new([], [line(), line()]) == [0, 1]
    assert places_of_new([line()], [line(), line()]) == [1]
    assert places_of_new([line(), line()], [line(), line()]) == []
    assert places_of_new([line(), line(), line()], [line()]) == []
    assert places_of_new([line()], [line(amount=50_01), line(day=date(2026, 9, 16)), line("REMISE DE CHEQUES")]) == [0, 1, 2]


def test_a_reference_tells_equals_apart_where_the_bank_keeps_it() -> None:
    there = [line(reference="A", source="ofx"), line("FRAIS", "Z", "ofx", -3_00)]
    again = line("FRAIS", "Z", "ofx", -3_00)
    assert places_of_new(there, [line(reference="B", source="ofx"), again]) == [0]
    assert places_of_new(there, [line(reference="B", source="ofx"), line(reference="A", source="ofx"), again]) == [0]
    assert places_of_new(there, [line(source="ofx"), again]) == []


def test_a_bank_that_writes_new_references_each_time_doubles_nothing() -> None:
    there = [line(reference="A1", source="ofx"), line("FRAIS", "A2", "ofx", -3_00)]
    assert places_of_new(
        there, [line(reference="B1", source="ofx"), line("FRAIS", "B2", "ofx", -3_00), line(reference="B3", source="ofx")]
    ) == [2]


def test_one_reference_for_two_lines_loses_neither() -> None:
    two = [line("VIR COOP PASTEUR", "P3", "ofx"), line("VIR COOP FERRY", "P3", "ofx")]
    assert places_of_new([], two) == [0, 1]
    assert places_of_new(two[:1], two) == [1]
    assert places_of_new(two, two[::-1]) == []


def test_another_format_of_the_account_brings_nothing_again() -> None:
    there = [line("VIREMENT EN VOTRE FAVEUR COOP FERRY", "45", "ofx"), line("VIREMENT EN VOTRE FAVEUR COOP PASTEUR", "46", "ofx")]
    brought = [line("VIR COOP PASTEUR"), line("VIR COOP FERRY"), line("VIR COOP HUGO")]
    assert places_of_new(there, brought) == [2]
    assert places_of_new(there, [line("REMISE DE CHEQUES 12")]) == [0]
    assert places_of_new(there, [line("VIR SEPA COOP SCOLAIRE HUGO")]) == [0]
    assert places_of_new([line("VIR SEPA", source="ofx")], [line("VIREMENT SEPA RECU")]) == []
    assert places_of_new([line("")], [line("VIR", source="ofx")]) == []


def test_a_line_of_an_unknown_format_is_the_same_by_its_label_alone() -> None:
    assert places_of_new([line(source="")], [line(), line("REMISE CHEQUES 12")]) == [1]


LINES = st.lists(
    st.builds(line, st.sampled_from(["A", "A B", "C"]), st.sampled_from(["", "1", "2"]), st.sampled_from(["ofx", "csv"])), max_size=6
)


@given(LINES, LINES)
def test_the_same_file_again_brings_nothing_and_what_is_new_is_never_less_than_the_surplus(
    there: list[SeenLine], brought: list[SeenLine]
) -> None:
    new = places_of_new(there, brought)
    assert len(new) >= len(brought) - len(there)
    assert places_of_new([*there, *(brought[place] for place in new)], [brought[place] for place in new]) == []
