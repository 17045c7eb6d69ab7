from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from retkoop.domain.checks.dates import date_in_the_future, date_outside_year, under_closed_statement
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import Closing, Terms
from retkoop.domain.entry import Moves, Operation
from tests.domain.checks.speaking import TERMS, made, remarks, said, spent
from tests.domain.strategies import YEAR

TYPED = datetime(2025, 11, 15, 18, 0, tzinfo=UTC)
CLOSED = Closing(date(2025, 10, 31), datetime(2025, 11, 5, 12, 0, tzinfo=UTC))
LATER = Closing(date(2025, 11, 28), datetime(2025, 12, 3, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize("day", [date(2025, 9, 1), date(2026, 8, 31)])
def test_the_first_and_the_last_day_are_within_the_year(day: date) -> None:
    assert said(date_outside_year, spent(10_00, date=day)) == []


@pytest.mark.parametrize(("day", "written"), [(date(2025, 8, 31), "31 août 2025"), (date(2026, 9, 1), "1er septembre 2026")])
def test_a_day_of_another_year(day: date, written: str) -> None:
    message = f"La pièce D01 est datée du {written}, hors de l’année scolaire 2025-2026."
    assert remarks(date_outside_year, spent(10_00, date=day)) == [Remark(message, "Corriger la date", Place.OPERATION, 1, "D01")]


def test_a_day_that_has_not_come_yet_is_told_until_it_comes() -> None:
    operation = spent(10_00, date=date(2025, 11, 16), entered_at=TYPED)
    message = "La pièce D01 est datée du 16 novembre 2025, dans le futur."
    assert remarks(date_in_the_future, operation) == [
        Remark(message, "Corriger la date", Place.OPERATION, 1, "D01", until=date(2025, 11, 16)),
    ]


def test_today_is_no_future_nor_is_an_opening() -> None:
    assert said(date_in_the_future, spent(10_00, date=TYPED.date(), entered_at=TYPED)) == []
    assert said(date_in_the_future, spent(10_00, date=date(2025, 11, 16))) == []
    assert said(date_in_the_future, made(Moves(bank=10_00), date=date(2025, 11, 16), entered_at=TYPED, opening=True)) == []


def under(*closings: Closing, **told: Any) -> list[str]:  # noqa: ANN401 -- any field of an operation
    operation = replace(spent(10_00, date=date(2025, 10, 12), entered_at=TYPED), **told)
    return said(under_closed_statement, operation, Terms(YEAR, closings=closings))


def test_typed_after_the_closing_of_its_statement() -> None:
    message = "La pièce D01, datée du 12 octobre 2025, a été saisie après la clôture du relevé du 31 octobre 2025 : vérifiez sa date."
    assert under(CLOSED) == [message]
    assert under(CLOSED, date=date(2025, 10, 31)) == [message.replace("12 octobre", "31 octobre", 1)]


def test_one_more_closing_changes_nothing_to_what_is_said() -> None:
    assert under(CLOSED, LATER) == under(CLOSED)


def test_typed_before_the_closing_or_dated_after_it_or_pointed() -> None:
    assert under(CLOSED, entered_at=CLOSED.closed_at) == []
    assert under(CLOSED, entered_at=None) == []
    assert under(CLOSED, date=date(2025, 11, 1)) == []
    assert under(CLOSED, pointed=True) == []
    assert under(CLOSED, opening=True) == []
    assert under() == []


def test_cash_is_on_no_statement() -> None:
    operation: Operation = made(Moves(cash=-10_00), ("61800008", 10_00), entered_at=TYPED)
    assert said(under_closed_statement, operation, Terms(YEAR, closings=(CLOSED,))) == []
    assert said(under_closed_statement, operation, TERMS) == []
