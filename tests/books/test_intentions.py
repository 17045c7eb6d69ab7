from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.books.intentions import (
    AVANCE,
    BY_KEY,
    DEPENSE,
    DEPOT,
    FREE,
    INTENTIONS,
    JUSTIFICATIFS,
    RECETTE,
    RELIQUAT,
    RETRAIT,
    TABS,
    Intention,
    Means,
    Meant,
    meant_by,
    takes_cheque,
)
from retkoop.domain.entry import Moves, Operation, Part
from tests.domain.strategies import operations, wild_operations

CHARGE = (Part("61800008", 20_00),)
PRODUIT = (Part("70800008", 20_00),)


def made(moves: Moves, parts: tuple[Part, ...] = (), cheque: str = "") -> Operation:
    return Operation(1, "D1", date(2025, 11, 14), "Musée", moves, parts, cheque=cheque)


@pytest.mark.parametrize(
    ("operation", "meant"),
    [
        (made(Moves(bank=-20_00), CHARGE, "2000104"), Meant(DEPENSE, 20_00, Means.CHEQUE)),
        (made(Moves(bank=-20_00), CHARGE), Meant(DEPENSE, 20_00, Means.BANK)),
        (made(Moves(cash=-20_00), CHARGE), Meant(DEPENSE, 20_00, Means.CASH)),
        (made(Moves(bank=20_00), (Part("61800008", -20_00),)), Meant(DEPENSE, -20_00, Means.BANK)),
        (made(Moves(bank=-20_00)), Meant(DEPENSE, 20_00, Means.BANK)),
        (made(Moves(bank=20_00), PRODUIT, "0104"), Meant(RECETTE, 20_00, Means.BANK)),
        (made(Moves(cash=20_00), PRODUIT), Meant(RECETTE, 20_00, Means.CASH)),
        (made(Moves(bank=20_00, cash=-20_00)), Meant(DEPOT, 20_00)),
        (made(Moves(bank=-20_00, cash=20_00), cheque="2000104"), Meant(RETRAIT, 20_00)),
        (made(Moves(bank=-20_00, regie=20_00), cheque="2000104"), Meant(AVANCE, 20_00, Means.CHEQUE)),
        (made(Moves(cash=-20_00, regie=20_00)), Meant(AVANCE, 20_00, Means.CASH)),
        (made(Moves(bank=20_00, regie=-20_00)), Meant(RELIQUAT, 20_00, Means.BANK)),
        (made(Moves(regie=-20_00), CHARGE), Meant(JUSTIFICATIFS, 20_00)),
    ],
)
def test_what_an_operation_was_meant_to_be(operation: Operation, meant: Meant) -> None:
    assert meant_by(operation) == meant


@pytest.mark.parametrize(
    "operation",
    [
        made(Moves(bank=-10_00, cash=-10_00), CHARGE),
        made(Moves(bank=20_00, cash=-15_00)),
        made(Moves(bank=-20_00, regie=15_00)),
        made(Moves(bank=-5_00, regie=-15_00), CHARGE),
        made(Moves(cash=-20_00), CHARGE, "2000104"),
        made(Moves(), CHARGE),
    ],
    ids=["two purses", "lost on the way", "less than paid", "paid and justified", "a cheque in cash", "nothing moved"],
)
def test_what_no_intention_says_is_free(operation: Operation) -> None:
    assert meant_by(operation).intention is FREE


@given(st.sampled_from(INTENTIONS), st.integers(1, 10_000_00), st.sampled_from([None, *Means]))
def test_an_intention_is_read_back_from_what_it_moves(intention: Intention, amount: int, means: Means | None) -> None:
    means = means if means in dict(intention.means) else None
    if intention.means and means is None:
        means = intention.means[0][0]
    account = {"charge": "61800008", "produit": "70800008"}.get(intention.nature or "")
    parts = (Part(account, amount),) if account else ()
    operation = made(intention.moves(amount, means), parts, "2000104" if means is Means.CHEQUE else "")
    assert (operation.kind, operation.remainder, meant_by(operation)) == (intention.kind, 0, Meant(intention, amount, means))


@given(operations() | wild_operations())
def test_the_intention_of_any_operation_moves_what_it_moved(operation: Operation) -> None:
    operation = replace(operation, opening=False)
    meant = meant_by(operation)
    if meant.intention is not FREE:
        assert meant.intention.moves(meant.amount, meant.means) == operation.moves
        assert not operation.cheque or takes_cheque(meant.intention, meant.means)


def test_each_intention_has_its_tab_and_its_name() -> None:
    assert [intention for tab in TABS for intention in tab.intentions] == list(INTENTIONS)
    assert list(BY_KEY) == ["depense", "recette", "depot", "retrait", "avance", "reliquat", "justificatifs", "libre"]
