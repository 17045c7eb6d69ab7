from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.chart import BANK, CARRIED_LOSS, CARRIED_PROFIT, CASH, POSTAL, REGIE, SUSPENSE
from retkoop.domain.entry import (
    KIND_LABELS,
    Kind,
    Line,
    Moves,
    Operation,
    Part,
    fits_folded,
    lines_of,
    moves_and_parts,
    natural_key,
    next_cheque,
    next_piece,
)
from tests.domain import musee
from tests.domain.drafts import drafts
from tests.domain.strategies import openings, operations, wild_operations

bank_accounts = st.sampled_from([BANK, POSTAL])


def operation(moves: Moves, *parts: Part, opening: bool = False, cheque: str = "") -> Operation:
    return Operation(1, "D1", date(2025, 11, 3), "Goûter", moves, parts, opening=opening, cheque=cheque)


CHARGE = Part("61800008", 10_00)
PRODUIT = Part("70800008", 10_00)


@pytest.mark.parametrize(
    ("moves", "parts", "kind"),
    [
        (Moves(bank=-10_00), (CHARGE,), Kind.EXPENSE),
        (Moves(cash=-10_00), (CHARGE,), Kind.EXPENSE),
        (Moves(bank=10_00), (PRODUIT,), Kind.RECEIPT),
        (Moves(bank=10_00), (Part("61800008", -10_00),), Kind.EXPENSE),
        (Moves(bank=-10_00), (Part("70800008", -10_00),), Kind.RECEIPT),
        (Moves(bank=10_00, cash=-10_00), (), Kind.TRANSFER),
        (Moves(bank=10_00, cash=-9_00), (), Kind.TRANSFER),
        (Moves(bank=-10_00, regie=10_00), (), Kind.REGIE_PAID),
        (Moves(cash=10_00, regie=-10_00), (), Kind.REGIE_RETURNED),
        (Moves(regie=-10_00), (CHARGE,), Kind.REGIE_SPENT),
        (Moves(bank=-10_00), (), Kind.EXPENSE),
        (Moves(bank=10_00), (), Kind.RECEIPT),
        (Moves(bank=10_00), (CHARGE,), Kind.RECEIPT),
        (Moves(bank=-10_00), (PRODUIT,), Kind.EXPENSE),
        (Moves(bank=30_00), (Part("70700008", 40_00), CHARGE), Kind.RECEIPT),
        (Moves(), (), Kind.EXPENSE),
    ],
)
def test_an_operation_tells_its_intention(moves: Moves, parts: tuple[Part, ...], kind: Kind) -> None:
    assert operation(moves, *parts).kind is kind


def test_an_opening_is_an_opening_whatever_it_moves() -> None:
    assert operation(Moves(bank=10_00, cash=-10_00), opening=True).kind is Kind.OPENING


def test_each_intention_has_its_french_name() -> None:
    assert KIND_LABELS == {
        Kind.EXPENSE: "Dépense",
        Kind.RECEIPT: "Recette",
        Kind.TRANSFER: "Virement interne",
        Kind.REGIE_PAID: "Régie versée",
        Kind.REGIE_RETURNED: "Reliquat de régie",
        Kind.REGIE_SPENT: "Justificatifs de régie",
        Kind.OPENING: "Report à nouveau",
        Kind.SUMMARY: "Totaux de l’année",
    }


def test_charges_produits_and_what_they_leave_unexplained() -> None:
    mixed = operation(Moves(bank=25_00), Part("70700008", 40_00), Part("60700008", 12_00), Part("60700008", -2_00))
    assert (mixed.produits, mixed.charges, mixed.moves.total, mixed.remainder) == (40_00, 10_00, 25_00, -5_00)


def test_a_split_has_no_place_in_an_opening() -> None:
    assert operation(Moves(bank=10_00), PRODUIT, opening=True).remainder == -10_00


@pytest.mark.parametrize(
    ("cheque", "number"),
    [
        ("2000101", 2000101),
        ("0002", 2),
        ("101", 101),
        ("n° 2000101", 2000101),
        ("N°2000101", 2000101),
        ("№ 2000101", 2000101),
        ("Chèque n° 2000101", 2000101),
        ("chq 2000101 ", 2000101),
        ("2 000 101", 2000101),
        ("2\u202f000\u202f101", 2000101),
        ("2000-101", 2000101),
        ("", None),
        ("12", None),
        ("virement", None),
        ("2000101 bis", None),
        ("2000101/2000102", None),
        ("1" * 13, None),
        ("٢٠٠٠", None),
    ],
)
def test_a_cheque_has_a_number_where_it_looks_like_one(cheque: str, number: int | None) -> None:
    assert operation(Moves(bank=-10_00), cheque=cheque).cheque_number == number


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (musee.OPENING, [(BANK, 812_40, 0), (CASH, 25_00, 0), (CARRIED_PROFIT, 0, 837_40)]),
        (musee.CHEQUES, [(BANK, 430_00, 0), ("75600008", 0, 430_00)]),
        (musee.COINS, [(CASH, 96_50, 0), ("75600008", 0, 96_50)]),
        (musee.MEMBERSHIP, [(BANK, 0, 149_50), ("62810008", 133_25, 0), ("61681008", 16_25, 0)]),
        (musee.DEPOSIT, [(BANK, 100_00, 0), (CASH, 0, 100_00)]),
        (musee.REGIE_PAID, [(BANK, 0, 120_00), (REGIE, 120_00, 0)]),
        (musee.REGIE_SPENT, [(REGIE, 0, 83_70), ("61800008", 83_70, 0)]),
        (musee.REGIE_RETURNED, [(BANK, 36_30, 0), (REGIE, 0, 36_30)]),
        (musee.REFUND, [(BANK, 25_00, 0), ("61800008", 0, 25_00)]),
        (operation(Moves(bank=-10_00), Part("61800008", 7_00)), [(BANK, 0, 10_00), ("61800008", 7_00, 0), (SUSPENSE, 3_00, 0)]),
        (operation(Moves(cash=-10_00), opening=True), [(CASH, 0, 10_00), (CARRIED_LOSS, 10_00, 0)]),
        (operation(Moves()), []),
    ],
    ids=lambda value: value.label if isinstance(value, Operation) else "",
)
def test_each_intention_has_its_double_entry(told: Operation, lines: list[tuple[str, int, int]]) -> None:
    assert lines_of(told) == tuple(Line(*line) for line in lines)


def test_a_coop_may_bank_at_the_post_office() -> None:
    assert lines_of(musee.CHEQUES, POSTAL) == (Line(POSTAL, 430_00, 0), Line("75600008", 0, 430_00))


@given(operations() | drafts() | openings() | wild_operations(), bank_accounts)
def test_debits_equal_credits_even_while_something_is_unexplained(told: Operation, bank_account: str) -> None:
    lines = lines_of(told, bank_account)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    assert [line for line in lines if min(line.debit, line.credit) != 0 or max(line.debit, line.credit) <= 0] == []


@given(operations())
def test_what_is_ventilated_is_what_moved(told: Operation) -> None:
    """The line invariant: Σ produits − Σ charges = Δ512 + Δ530 + Δ régies."""
    moved = {BANK: 0, CASH: 0, REGIE: 0}
    produits = charges = 0
    for line in lines_of(told):
        if line.account in moved:
            moved[line.account] += line.net
        elif line.account.startswith("7"):
            produits -= line.net
        else:
            charges += line.net
    assert produits - charges == sum(moved.values())
    assert (produits, charges, told.remainder) == (told.produits, told.charges, 0)


@given(operations() | drafts() | openings(), bank_accounts)
def test_double_entry_reads_back_as_what_was_typed(told: Operation, bank_account: str) -> None:
    parts = tuple(part for part in told.parts if part.amount)
    assert moves_and_parts(lines_of(told, bank_account)) == (told.moves, parts)


def test_lines_of_other_accounts_are_nobody_s_part() -> None:
    assert moves_and_parts([Line(SUSPENSE, 3_00, 0), Line(CARRIED_PROFIT, 0, 3_00)]) == (Moves(), ())


def test_pieces_sort_as_people_number_them() -> None:
    pieces = ["R1", "D11", "", "D2", "10", "d3", "2", "F-2025-100", "F-2025-99", "D1b", "D1", "D"]
    assert sorted(pieces, key=natural_key) == ["", "2", "10", "D", "D1", "D1b", "D2", "d3", "D11", "F-2025-99", "F-2025-100", "R1"]


@given(st.sampled_from(["", "D", "pièce ", "F-2025-"]), st.integers(0, 10**20), st.integers(0, 10**20))
def test_numbers_sort_by_their_value(prefix: str, one: int, other: int) -> None:
    assert (natural_key(f"{prefix}{one}") < natural_key(f"{prefix}{other}")) == (one < other)


@given(st.sampled_from("drvDRV"), st.integers(0, 999), st.integers(0, 4))
def test_neither_case_nor_leading_zeros_nor_spaces_count(letter: str, number: int, zeros: int) -> None:
    assert natural_key(f" {letter}{'0' * zeros}{number} ") == natural_key(f"{letter.lower()}{number}")


@pytest.mark.parametrize(
    ("last", "following"),
    [("D09", "D10"), ("7", "8"), ("99", "100"), ("F-2025-099", "F-2025-100"), (" R1 ", "R2"), ("", ""), ("D", ""), ("D1b", ""), ("١", "")],
)
def test_the_next_piece_is_suggested(last: str, following: str) -> None:
    assert next_piece(last) == following


def test_the_next_cheque_keeps_its_leading_zeros() -> None:
    assert [next_cheque(last) for last in ("2000101", "0000099", "")] == ["2000102", "0000100", ""]


def test_operations_are_values() -> None:
    assert replace(musee.COINS, label="Pièces") != musee.COINS
    assert replace(musee.COINS) == musee.COINS


def test_a_name_has_its_place_once_folded() -> None:
    assert [fits_folded(name) for name in ("", "Musée de l’Essonne", "x" * 300, "é" * 200, "é" * 201, "ﷺ" * 12)] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
