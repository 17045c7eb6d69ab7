from __future__ import annotations

import pytest

from retkoop.domain.rne import InvalidRne, control_letter, department_of, has_right_letter, looks_like_rne, parse_rne


@pytest.mark.parametrize(
    ("rne", "department"),
    [
        ("0010001A", "01"),
        ("0190001A", "19"),
        ("0210001A", "21"),
        ("0910000A", "91"),
        ("0950001A", "95"),
        ("6200001A", "2A"),
        ("7200001A", "2B"),
        ("9710001A", "971"),
        ("9760001A", "976"),
        ("9830001A", "988"),
        ("9840001A", "987"),
        ("9870001A", "986"),
    ],
)
def test_an_rne_tells_its_department(rne: str, department: str) -> None:
    assert department_of(parse_rne(rne)) == department


@pytest.mark.parametrize(
    "text", ["", "0910000", "0910000a", "91000A", "0910000A ", " 0910000A", "0910000AA", "09l0000A", "０９１００００A", "0910000É"]
)
def test_another_shape_is_no_rne(text: str) -> None:
    with pytest.raises(InvalidRne) as refusal:
        parse_rne(text)
    assert str(refusal.value) == (f"«\u202f{text}\u202f» n’est pas un RNE\u202f: sept chiffres puis une lettre majuscule, comme 0910000A.")


def test_what_looks_like_an_rne_whoever_typed_it() -> None:
    texts = ["0918666A", "0918666a", "9990000Z", "a.durand", "0910000", "0910000AA", ""]
    assert [looks_like_rne(text) for text in texts] == [True, True, True, False, False, False, False]


@pytest.mark.parametrize("prefix", ["000", "020", "096", "200", "621", "970", "977", "978", "982", "985", "986", "988"])
def test_a_prefix_that_no_department_uses_is_refused(prefix: str) -> None:
    with pytest.raises(InvalidRne) as refusal:
        parse_rne(f"{prefix}0001A")
    assert str(refusal.value) == f"«\u202f{prefix}0001A\u202f» n’est pas un RNE\u202f: aucun département ne commence par {prefix}."


@pytest.mark.parametrize(("digits", "letter"), [("0000000", "A"), ("0000022", "Z"), ("0000023", "A"), ("0910000", "F"), ("0919901", "T")])
def test_the_control_letter_is_the_number_modulo_23(digits: str, letter: str) -> None:
    assert control_letter(digits) == letter


def test_the_rne_that_everybody_knows_has_a_wrong_letter_and_is_accepted() -> None:
    assert parse_rne("0910000A") == "0910000A"
    assert (has_right_letter("0910000A"), has_right_letter("0910000F")) == (False, True)
