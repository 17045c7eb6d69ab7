from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.clues import Clue, Unticked, bank_clues, cash_clues, forgotten, swapped_figures
from retkoop.domain.reconciliation import Reconciliation

gaps = st.integers(-1_000_000, 1_000_000).filter(bool)

TICK_IT = "Cette opération vaut exactement l’écart\u202f: si elle est sur le relevé, pointez-la."
UNTICK_IT = "Cette opération pointée vaut exactement l’écart\u202f: est-elle vraiment sur le relevé\u202f?"
REVERSED = "Cette opération vaut la moitié de l’écart\u202f: est-elle notée à l’envers\u202f?"
TWICE = "Cette opération vaut exactement l’écart\u202f: est-elle notée deux fois, ou passée par la banque\u202f?"


def test_what_to_look_for_when_a_statement_and_the_book_differ() -> None:
    assert bank_clues(-64_20) == (
        Clue(-64_20, pointed=False, sentence=TICK_IT),
        Clue(64_20, pointed=True, sentence=UNTICK_IT),
        Clue(32_10, pointed=True, sentence=REVERSED),
    )


def test_what_is_not_ticked_is_looked_at_first() -> None:
    day = date(2025, 11, 26)
    assert Unticked(day, 9, -744_20).sentence(-744_20) == (
        "9 opérations jusqu’au 26 novembre 2025 ne sont pas pointées et font exactement l’écart\u202f: "
        "sont-elles toutes sur le relevé\u202f?"
    )
    assert Unticked(day, 9, -744_20).sentence(12_00) == (
        "9 opérations jusqu’au 26 novembre 2025 ne sont pas pointées\u202f: pointez d’abord celles que le relevé montre."
    )
    assert Unticked(day, 1, -64_20).sentence(12_00) == (
        "1 opération jusqu’au 26 novembre 2025 n’est pas pointée\u202f: est-elle sur le relevé\u202f?"
    )


def test_nothing_is_said_of_what_is_ticked_or_named_already() -> None:
    day = date(2025, 11, 26)
    assert (Unticked(day, 0, 0).sentence(0), Unticked(day, 0, 0).sentence(5_00), Unticked(day, 1, 5_00).sentence(5_00)) == ("", "", "")
    assert [one.closes(5_00) for one in (Unticked(day, 0, 0), Unticked(day, 2, 5_00), Unticked(day, 2, 6_00))] == [False, True, False]


def test_what_to_look_for_when_the_cash_and_the_book_differ() -> None:
    assert cash_clues(-3_20) == (Clue(3_20, pointed=False, sentence=TWICE), Clue(1_60, pointed=False, sentence=REVERSED))


def test_an_odd_gap_is_no_operation_the_wrong_way_round() -> None:
    assert [clue.sentence for clue in bank_clues(3)] == [TICK_IT, UNTICK_IT]
    assert [clue.sentence for clue in cash_clues(3)] == [TWICE]


def test_no_gap_no_clue() -> None:
    assert (bank_clues(0), cash_clues(0), swapped_figures(0)) == ((), (), None)


@given(gaps)
def test_doing_what_a_clue_asks_closes_the_gap(gap: int) -> None:
    before = Reconciliation(book_balance=0, statement_balance=gap, unpointed=0, unpointed_count=0)
    tick, untick, *reverse = bank_clues(gap)
    assert replace(before, unpointed=-tick.amount).gap == 0
    assert replace(before, unpointed=untick.amount).gap == 0
    assert [replace(before, book_balance=-2 * clue.amount).gap for clue in reverse] == [0] * len(reverse)


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        (12_00, "Une recette de 12,00\u202f€ manque-t-elle dans le cahier\u202f?"),
        (-12_00, "Une dépense de 12,00\u202f€ manque-t-elle dans le cahier\u202f?"),
    ],
)
def test_something_may_be_missing_altogether(gap: int, sentence: str) -> None:
    assert forgotten(gap) == sentence


@pytest.mark.parametrize(("right", "typed"), [(45_00, 54_00), (120_30, 102_30), (8_90, 9_80)])
def test_swapped_figures_are_divided_by_nine(right: int, typed: int) -> None:
    hint = "L’écart se divise par 9\u202f: deux chiffres d’un montant sont peut-être inversés (54 pour 45)."
    assert (swapped_figures(typed - right), swapped_figures(right - typed)) == (hint, hint)


def test_other_gaps_say_nothing_of_figures() -> None:
    assert swapped_figures(10_00) is None
