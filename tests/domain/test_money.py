from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.money import LARGEST, InvalidAmount, format_amount, format_decimal, format_number, parse_amount

any_amount = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("0", 0),
        ("12", 12_00),
        ("12,5", 12_50),
        ("12.5", 12_50),
        ("12,50", 12_50),
        ("12.50", 12_50),
        ("12,", 12_00),
        (",34", 34),
        (".5", 50),
        ("-,34", -34),
        ("0,02", 2),
        ("007,10", 7_10),
        ("+12,50", 12_50),
        ("-42.4", -42_40),
        ("- 42,40", -42_40),
        ("\u221242,40", -42_40),
        ("\u2212 12 €", -12_00),
        ("\u201312,50", -12_50),
        ("  12,50  ", 12_50),
        ("12,50 €", 12_50),
        ("-110.7 €", -110_70),
        ("12,50\u202f€", 12_50),
        ("12,50 EUR", 12_50),
        ("12,50 eur", 12_50),
        ("1 euro", 1_00),
        ("12 euros", 12_00),
        ("1234,56", 1_234_56),
        ("1 234,56", 1_234_56),
        ("1\u00a0234,56", 1_234_56),
        ("1\u202f234,56", 1_234_56),
        ("1\u2009234,56", 1_234_56),
        ("1'234.56", 1_234_56),
        ("1 234 567", 1_234_567_00),
        ("2.020,34", 2_020_34),
        ("2 020,34", 2_020_34),
        ("2,020.34", 2_020_34),
        ("-2.020,3", -2_020_30),
        ("1.234.567", 1_234_567_00),
        ("1,234,567", 1_234_567_00),
        ("1.234.567,89", 1_234_567_89),
        ("10 000 000", LARGEST),
        ("0000000000012,50", 12_50),
    ],
)
def test_parse_amount_as_people_type_it(typed: str, cents: int) -> None:
    assert parse_amount(typed) == cents


NOT_A_NUMBER = "Ce montant n’est pas un nombre. Écrivez par exemple 12,50."
MISSING = "Indiquez un montant, par exemple 12,50."
THIRD_DECIMAL = "Un montant a deux décimales au plus, par exemple 12,50."
TOO_LARGE = "Ce montant est trop grand pour une coopérative. Vérifiez la virgule."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", MISSING),
        ("   ", MISSING),
        ("-", MISSING),
        (",", MISSING),
        ("€", MISSING),
        ("douze", NOT_A_NUMBER),
        ("NaN", NOT_A_NUMBER),
        ("Infinity", NOT_A_NUMBER),
        ("1e3", NOT_A_NUMBER),
        ("0x10", NOT_A_NUMBER),
        ("--12", NOT_A_NUMBER),
        ("12-", NOT_A_NUMBER),
        ("12 50", NOT_A_NUMBER),
        ("1 2345", NOT_A_NUMBER),
        ("12,50,", NOT_A_NUMBER),
        ("12€50", NOT_A_NUMBER),
        ("=12+3", NOT_A_NUMBER),
        ("١٢", NOT_A_NUMBER),
        ("1²", NOT_A_NUMBER),
        ("12,345", THIRD_DECIMAL),
        ("1.234", THIRD_DECIMAL),
        ("1,234.567", THIRD_DECIMAL),
        ("0,001", THIRD_DECIMAL),
        ("10 000 000,01", TOO_LARGE),
        ("99999999", TOO_LARGE),
        ("-10000001", TOO_LARGE),
        ("9" * 5_000, TOO_LARGE),
    ],
)
def test_parse_amount_refuses_and_says_why(typed: str, message: str) -> None:
    with pytest.raises(InvalidAmount) as refusal:
        parse_amount(typed)
    assert str(refusal.value) == message


@given(st.text())
def test_parse_amount_answers_or_refuses_whatever_is_typed(typed: str) -> None:
    try:
        amount = parse_amount(typed)
    except InvalidAmount:
        return
    assert -LARGEST <= amount <= LARGEST


@given(any_amount)
def test_what_is_written_reads_back(amount: int) -> None:
    written = format_amount(amount), format_number(amount), format_decimal(amount)
    assert [parse_amount(text) for text in written] == [amount] * 3


@pytest.mark.parametrize(
    ("cents", "decimal", "number", "amount"),
    [
        (0, "0,00", "0,00", "0,00\u202f€"),
        (-5, "-0,05", "\u22120,05", "\u22120,05\u202f€"),
        (12_50, "12,50", "12,50", "12,50\u202f€"),
        (-1_234_56, "-1234,56", "\u22121\u202f234,56", "\u22121\u202f234,56\u202f€"),
        (1_234_567_89, "1234567,89", "1\u202f234\u202f567,89", "1\u202f234\u202f567,89\u202f€"),
    ],
)
def test_amounts_as_the_french_write_them(cents: int, decimal: str, number: str, amount: str) -> None:
    assert (format_decimal(cents), format_number(cents), format_amount(cents)) == (decimal, number, amount)
