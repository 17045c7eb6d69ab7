from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.books.cells import (
    InvalidCell,
    guarded,
    must_be_guarded,
    quote,
    read_account,
    read_amount,
    read_day,
    read_label,
    read_share,
    read_text,
    read_tick,
    read_tiers,
)
from retkoop.books.sheets import Cell
from retkoop.domain.chart import national_chart
from retkoop.domain.money import format_decimal
from tests.domain.strategies import texts

CHART = national_chart()


def refusal(reader: object, *arguments: object) -> str:
    with pytest.raises(InvalidCell) as refused:
        reader(*arguments)  # type: ignore[operator]  # any of the readers
    return str(refused.value)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("", 0),
        ("  ", 0),
        ("12,5", 12_50),
        ("1 234,56", 1234_56),
        ("-25,00", -25_00),
        (12.34, 12_34),
        (0.1 + 0.2, 30),
        (1.005 * 100, 100_50),
        (-64.2, -64_20),
        (812, 812_00),
        (10_000_000.0, 10_000_000_00),
    ],
)
def test_amounts_come_as_text_or_as_numbers(cell: Cell, cents: int) -> None:
    assert read_amount(cell) == cents


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("douze", "« douze ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50."),
        ("=1+1", "« =1+1 ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50."),
        ("12,345", "« 12,345 ». Un montant a deux décimales au plus, par exemple 12,50."),
        (12.345, "« 12.345 ». Un montant a deux décimales au plus, par exemple 12,50."),
        ("1e309", "« 1e309 ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50."),
        (float("inf"), "« inf ». Ce montant est trop grand pour une coopérative. Vérifiez la virgule."),
        (float("nan"), "« nan ». Ce montant est trop grand pour une coopérative. Vérifiez la virgule."),
        (10_000_000.01, "« 10000000.01 ». Ce montant est trop grand pour une coopérative. Vérifiez la virgule."),
        (True, "« VRAI » n’est pas un montant."),
        (date(2025, 9, 15), "« 2025-09-15 » n’est pas un montant."),
    ],
)
def test_what_is_no_amount_is_refused(cell: Cell, why: str) -> None:
    assert refusal(read_amount, cell) == why


@given(st.integers(-10_000_000_00, 10_000_000_00))
def test_every_amount_survives_a_spreadsheet(cents: int) -> None:
    assert read_amount(cents / 100) == cents
    assert read_amount(format_decimal(cents)) == cents


def test_a_part_of_a_split_is_never_zero() -> None:
    assert read_share("-1") == -1_00
    why = "ce compte attend une somme : indiquez-la, ou videz le compte."
    assert [refusal(read_share, cell) for cell in ("", "0,00", 0.0)] == [why, why, why]


@pytest.mark.parametrize("cell", ["15/09/2025", "2025-09-15", "15.09.2025", "15/09/25", " 15/9/2025 ", 45915, 45915.0, date(2025, 9, 15)])
def test_dates_come_as_text_as_dates_or_as_the_count_of_a_spreadsheet(cell: Cell) -> None:
    assert read_day(cell) == date(2025, 9, 15)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("hier", "« hier ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        ("31/02/2026", "« 31/02/2026 ». Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("15/09", "« 15/09 ». Indiquez aussi l’année, par exemple 14/11/2025."),
        ("15/09/1025", "« 15/09/1025 ». Cette année n’est pas plausible. Vérifiez-la."),
        (2025, "« 2025 ». Cette année n’est pas plausible. Vérifiez-la."),
        (45915.5, "« 45915.5 ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        (1e300, f"« {'1' + '0' * 38}… ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        (True, "« VRAI ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
    ],
)
def test_what_is_no_date_is_refused(cell: Cell, why: str) -> None:
    why = why.replace("1" + "0" * 38, str(int(1e300))[:39])
    assert refusal(read_day, cell) == why


def test_texts_lose_the_spaces_around_them_and_numbers_their_decimals() -> None:
    assert [read_text(cell, 20) for cell in ("  D 01 ", 1.0, 2000101.0, 1.5, 7)] == ["D 01", "1", "2000101", "1.5", "7"]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("x" * 21, "ce texte a 21 caractères, 20 au plus."),
        ("\x00", "ce texte contient des caractères illisibles."),
        ("a\x1b[31m", "ce texte contient des caractères illisibles."),
        ("\ud800", "ce texte contient des caractères illisibles."),
    ],
)
def test_what_no_text_may_hold_is_refused(cell: Cell, why: str) -> None:
    assert refusal(read_text, cell, 20) == why


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5 %", "@here", "\tx", "\rx", " x", "x ", "'=1", "''@"])
def test_texts_that_a_spreadsheet_would_change_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert read_text(guarded(text), 20) == text


@pytest.mark.parametrize("text", ["D01", "'tit déjeuner", "l’été", "1+1", "'", ""])
def test_other_texts_are_left_alone(text: str) -> None:
    assert not must_be_guarded(text)
    assert guarded(text) == read_text(text, 20) == text


@given(texts.map(lambda text: text.replace("\0", "")))
def test_every_text_survives_the_guard(text: str) -> None:
    assert read_text(guarded(text), 50) == text


def test_an_endless_row_of_apostrophes_is_only_too_long() -> None:
    assert refusal(read_text, "'" * 100_000, 20) == "ce texte a 100000 caractères, 20 au plus."


def test_a_label_says_something() -> None:
    assert read_label(" Sortie ", 20) == "Sortie"
    assert [refusal(read_label, cell, 20) for cell in ("", "  ", "' ")] == ["le libellé manque : dites ce que c’était."] * 3


def test_a_tiers_has_room_once_folded() -> None:
    assert read_tiers("Œuvre de l’été", 20) == "Œuvre de l’été"
    assert refusal(read_tiers, "ﷺ" * 20, 20) == "ce nom est trop long, une fois écrit en lettres simples."


@pytest.mark.parametrize("cell", ["618", " 618 ", "61800008", 618.0, 61800008])
def test_accounts_go_by_code_or_alias(cell: Cell) -> None:
    assert read_account(cell, CHART) == "61800008"


def test_unknown_accounts_are_refused() -> None:
    assert refusal(read_account, "512", CHART) == "le compte « 512 » n’existe pas dans le plan comptable."
    assert refusal(read_account, "", CHART) == "cette somme attend son compte."


def test_ticks_are_oui_or_nothing() -> None:
    assert [read_tick(cell) for cell in ("", " ", "oui", "OUI ", "Oui")] == [False, False, True, True, True]
    assert refusal(read_tick, "x") == "« x » : écrivez oui, ou laissez la case vide."
    assert refusal(read_tick, True) == "« VRAI » : écrivez oui, ou laissez la case vide."


def test_what_is_quoted_is_short_and_cannot_steer_a_terminal() -> None:
    assert quote("a\n\x1b[31mb" + "c" * 50) == f"« a [31mb{'c' * 32}… »"
