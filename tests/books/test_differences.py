from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retkoop.books.differences import differences, facts, last_change, merged
from retkoop.books.history import Change
from retkoop.books.models import Book, Operation
from retkoop.books.queries import operation_of
from retkoop.books.services import edit_operation
from retkoop.books.values import operation_value
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from tests.books.coops import a_book, keeper, note, plain
from tests.cast import a_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return read(note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50, cheque="2000104"))


def read(row: Operation) -> Operation:
    """Return an operation as a page reads it."""
    found = operation_of(row.book, row.pk)
    assert found is not None
    return found


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.label, plain(change.before), plain(change.after)) for change in changes]


def test_facts_tell_what_there_is_and_no_more(row: Operation) -> None:
    assert [(label, after) for label, before, after in told(facts(row)) if not before] == [
        ("Date", "14/11/2025"),
        ("Pièce", "D1"),
        ("Libellé", "Entrées au musée"),
        ("Chèque", "2000104"),
        ("Banque", "− 184,50 €"),
        ("Ventilation", "618 : 184,50 €"),
    ]


def test_nothing_differs_where_the_same_is_typed(row: Operation) -> None:
    assert differences(row, operation_value(row)) == ()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"date": a_day("2025-11-15")}, [("Date", "14/11/2025", "15/11/2025")]),
        ({"piece": ""}, [("Pièce", "D1", "")]),
        ({"label": "Musée"}, [("Libellé", "Entrées au musée", "Musée")]),
        ({"tiers": "Musée"}, [("Tiers", "", "Musée")]),
        ({"cheque": ""}, [("Chèque", "2000104", "")]),
        ({"project": "Musée", "classe": "CP"}, [("Projet", "", "Musée"), ("Classe", "", "CP")]),
        ({"moves": Moves(cash=-184_50)}, [("Banque", "− 184,50 €", ""), ("Caisse", "", "− 184,50 €")]),
        (
            {"moves": Moves(bank=-184_50, regie=10_00), "parts": (Part("61800008", 174_50),)},
            [("Régies", "", "+ 10,00 €"), ("Ventilation", "618 : 184,50 €", "618 : 174,50 €")],
        ),
        (
            {"parts": (Part("61800008", 100_00), Part("61681008", 84_50))},
            [("Ventilation", "618 : 184,50 €", "618 : 100,00 €, 616 : 84,50 €")],
        ),
        ({"parts": ()}, [("Ventilation", "618 : 184,50 €", "")]),
    ],
)
def test_each_field_that_differs_is_told(row: Operation, typed: dict[str, object], expected: list[tuple[str, str, str]]) -> None:
    assert told(differences(row, replace(operation_value(row), **typed))) == expected  # type: ignore[arg-type]  # what an operation says


def test_the_last_change_is_that_of_the_operation_itself(alice: Access, book: Book, row: Operation) -> None:
    changed: entry.Operation = replace(operation_value(row), label="Musée")
    edit_operation(access=alice, book=book, key=row.pk, version=1, operation=changed)
    note(alice, book, "D2", "2025-11-14", "Cahiers", -12_50)
    event = last_change(read(row))
    assert event is not None
    assert (event.action, event.subject) == ("operation.edited", row.subject)


class TestMerged:
    """Two people over the same version: the first has saved, the second sends what they typed."""

    def changed(self, access: Access, row: Operation, **facts: object) -> Operation:
        value = replace(operation_value(row), **facts)  # type: ignore[arg-type]  # what an operation says
        return read(edit_operation(access=access, book=row.book, key=row.pk, version=row.version, operation=value))

    def test_what_was_not_touched_is_as_the_other_left_it(self, alice: Access, row: Operation) -> None:
        typed = replace(operation_value(row), label="Entrées au musée, CP")
        current = self.changed(alice, row, moves=Moves(bank=-200_00), parts=(Part("61800008", 200_00),), tiers="Musée")
        assert merged(current, typed, 1) == replace(operation_value(current), label="Entrées au musée, CP")

    def test_sums_and_their_split_go_together(self, alice: Access, row: Operation) -> None:
        mine: dict[str, Any] = {"moves": Moves(bank=-150_00), "parts": (Part("61800008", 150_00),)}
        current = self.changed(alice, row, parts=(Part("65000008", 184_50),), label="Timbres")
        assert merged(current, replace(operation_value(row), **mine), 1) == replace(operation_value(current), **mine)

    def test_another_account_goes_with_the_amount_that_is_saved(self, alice: Access, row: Operation) -> None:
        typed = replace(operation_value(row), parts=(Part("65000008", 184_50),))
        current = self.changed(alice, row, moves=Moves(bank=-200_00), parts=(Part("61800008", 200_00),))
        assert merged(current, typed, 1) == replace(operation_value(current), parts=(Part("65000008", 200_00),))

    def test_a_version_that_the_trail_does_not_know(self, row: Operation) -> None:
        typed = replace(operation_value(row), label="Autre")
        assert merged(row, typed, 7) == typed
