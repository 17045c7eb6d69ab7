"""An AD's own workbook: cells as people type them, maps that are kept, what they lack, what they read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.money import parse_amount
from retkoop.domain.workbook import (
    EARLY_END,
    EMPTY_MAP,
    HALF_TABLE,
    LOOSE_TABLE,
    MOST_CELLS,
    NO_ACCOUNT,
    NOT_A_MAP,
    ONE_CELL,
    TOO_MANY,
    UNKNOWN,
    WANTED_LABELS,
    CellPlace,
    InvalidMap,
    InvalidPlace,
    Sum,
    Wanted,
    WorkbookMap,
    absent_sheets,
    cells_of,
    count_key,
    faults_of_map,
    is_account,
    is_known,
    is_sum,
    parse_places,
    read_map,
    sum_of_cells,
    value_at,
)

C12 = CellPlace("CRF", 11, 2)
MOVED = {"opening_bank": ["CRF!C1"], "opening_cash": ["CRF!C2"], "closing_bank": ["CRF!C3"], "closing_cash": ["CRF!C4"]}
WHOLE: dict[str, Any] = {**MOVED, "61800008": ["CRF!C12", "Divers!A1"]}
GRANTS: dict[str, Any] = {"grant_body": ["S!A2"], "grant_purpose": ["S!B2"], "grant_amount": ["S!C2"], "grant_last": ["S!A4"]}


def test_every_figure_has_its_words() -> None:
    assert set(WANTED_LABELS) == set(Wanted)


def test_a_cell_is_named_as_in_a_spreadsheet() -> None:
    assert (C12.name, C12.corner, C12.told) == ("CRF!C12", "C12", "Feuille CRF, case C12")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", []),
        (" ; ", []),
        ("CRF!C12", ["CRF!C12"]),
        ("CRF!c12;CRF!$D$3", ["CRF!C12", "CRF!D3"]),
        ("CRF!C12 + Recettes + dépenses!A1\nCRF!C12", ["CRF!C12", "Recettes + dépenses!A1"]),
        ("'L''école; 2'!B7", ["L'école; 2!B7"]),
        ("Année 2026!Z200", ["Année 2026!Z200"]),
        ("Bravo!!A1", ["Bravo!!A1"]),
    ],
)
def test_cells_are_typed_in_many_ways(typed: str, names: list[str]) -> None:
    assert [place.name for place in parse_places(typed)] == names


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("C12", "«\u00a0C12\u00a0» n’est pas une case\u202f: écrivez par exemple CRF!C12."),
        ("CRF!C12 et CRF!C13", "«\u00a0CRF!C12 et CRF!C13\u00a0» n’est pas une case\u202f: écrivez par exemple CRF!C12."),
        ("CRF!AA1", "La case AA1 est trop loin\u202f: Retkoop lit de A1 à Z200."),
        ("CRF!A0", "La case A0 est trop loin\u202f: Retkoop lit de A1 à Z200."),
        ("CRF!A201", "La case A201 est trop loin\u202f: Retkoop lit de A1 à Z200."),
    ],
)
def test_what_names_no_cell_is_told(typed: str, why: str) -> None:
    with pytest.raises(InvalidPlace) as refused:
        parse_places(typed)
    assert str(refused.value) == why


@given(st.text(max_size=60))
def test_whatever_is_typed_is_cells_or_refused(typed: str) -> None:
    try:
        found = parse_places(typed)
    except InvalidPlace:
        return
    assert WorkbookMap({}).with_places("opening_bank", found[:MOST_CELLS]).of("opening_bank") == found[:MOST_CELLS]


def test_figures_that_are_read() -> None:
    assert [is_account(key) for key in ("61800008", "74100008", "618", "51200000")] == [True, False, False, False]
    assert [is_known(key) for key in ("statement", "count_2000", "count_3", "61800008", "?")] == [True, True, False, True, False]
    assert [is_sum(key) for key in ("opening_bank", "statement", "61800008", "statement_day", count_key(2000))] == [
        *(True, True, True),
        *(False, False),
    ]


def test_a_map_is_kept_and_read_again() -> None:
    told = read_map({**WHOLE, **GRANTS})
    assert told.as_json() == {**WHOLE, **GRANTS}
    assert told.accounts == ["61800008"]
    assert read_map({"statement_number": []}) == EMPTY_MAP


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, NOT_A_MAP),
        ({"statement": "CRF!C12"}, NOT_A_MAP),
        ({"statement": [3]}, NOT_A_MAP),
        ({"statement": ["C12"]}, NOT_A_MAP),
        ({"statement": ["CRF!C999"]}, NOT_A_MAP),
        ({"statement": ["CRF!12C"]}, NOT_A_MAP),
        ({"autre": ["CRF!C12"]}, UNKNOWN),
        ({"statement_day": ["CRF!C12", "CRF!C13"]}, ONE_CELL),
        ({"statement": [f"CRF!C{row}" for row in range(1, MOST_CELLS + 2)]}, TOO_MANY),
    ],
)
def test_what_is_no_map_is_told(content: object, why: str) -> None:
    with pytest.raises(InvalidMap) as refused:
        read_map(content)
    assert str(refused.value) == why


def test_a_cell_pointed_at_is_added_or_taken_off() -> None:
    other = CellPlace("CRF", 12, 2)
    summed = EMPTY_MAP.pointed("61800008", C12).pointed("61800008", other)
    assert summed.as_json() == {"61800008": ["CRF!C12", "CRF!C13"]}
    assert summed.pointed("61800008", C12).as_json() == {"61800008": ["CRF!C13"]}
    assert EMPTY_MAP.pointed("statement_day", C12).pointed("statement_day", other).as_json() == {"statement_day": ["CRF!C13"]}
    assert EMPTY_MAP.pointed("statement_day", C12).pointed("statement_day", C12) == EMPTY_MAP


def test_what_a_map_lacks_is_told() -> None:
    assert faults_of_map(EMPTY_MAP) == [
        "Montrez «\u00a0En banque au départ\u00a0».",
        "Montrez «\u00a0En caisse au départ\u00a0».",
        "Montrez «\u00a0En banque à la fin\u00a0».",
        "Montrez «\u00a0En caisse à la fin\u00a0».",
        NO_ACCOUNT,
    ]
    assert faults_of_map(read_map(WHOLE)) == []


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"grant_last": []}, [HALF_TABLE]),
        ({"grant_body": []}, [HALF_TABLE]),
        ({"grant_day": ["S!D3"]}, [LOOSE_TABLE]),
        ({"grant_day": ["T!D2"]}, [LOOSE_TABLE]),
        ({"grant_last": ["S!A1"]}, [EARLY_END]),
        ({"grant_last": ["T!A9"]}, [EARLY_END]),
    ],
)
def test_the_subsidies_stand_in_rows(change: dict[str, Any], faults: list[str]) -> None:
    assert faults_of_map(read_map({**WHOLE, **GRANTS, **change})) == faults


def test_the_rows_of_the_subsidies() -> None:
    told = read_map(GRANTS)
    assert (told.grant_rows, EMPTY_MAP.grant_rows) == (range(1, 4), range(0))
    assert (told.grant_place("grant_amount", 3), told.grant_place("grant_day", 3)) == (CellPlace("S", 3, 2), None)
    assert sorted(place.name for place in told.every_place()) == [
        "S!A2",
        "S!A3",
        "S!A4",
        "S!A4",
        "S!B2",
        "S!B3",
        "S!B4",
        "S!C2",
        "S!C3",
        "S!C4",
    ]


def test_cells_are_taken_from_sheets() -> None:
    told = read_map({"61800008": ["CRF!A1", "CRF!B9", "Divers!A1"]})
    cells = cells_of(told, {"CRF": [["12,50"]], "Autre": [["?"]]})
    assert cells == {"CRF!A1": "12,50", "CRF!B9": ""}
    assert absent_sheets(told, cells) == ["Divers"]
    assert [value_at([[1], []], CellPlace("CRF", row, column)) for row, column in ((0, 0), (0, 1), (1, 0), (2, 0))] == [1, "", "", ""]


def amount(cell: str) -> int:
    return parse_amount(cell) if cell else 0


@pytest.mark.parametrize(
    ("cells", "needed", "found"),
    [
        ({"CRF!A1": "12,50", "CRF!A2": "1"}, True, Sum(13_50)),
        ({"CRF!A1": "12,50", "CRF!A2": ""}, True, Sum(12_50)),
        ({"CRF!A1": "", "CRF!A2": ""}, False, Sum(0)),
        ({"CRF!A1": "", "CRF!A2": ""}, True, Sum(0, ("Feuille CRF, case A1\u202f: cette case attend un montant, ou 0.",))),
        (
            {"CRF!A1": "rien", "CRF!A2": "1"},
            True,
            Sum(1_00, ("Feuille CRF, case A1\u202f: Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",)),
        ),
        ({}, True, Sum(0)),
    ],
)
def test_cells_are_added_up(cells: dict[str, str], needed: bool, found: Sum) -> None:  # noqa: FBT001 -- a case of the table
    assert sum_of_cells(parse_places("CRF!A1;CRF!A2"), cells, amount, needed=needed) == found
