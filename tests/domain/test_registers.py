from __future__ import annotations

from retkoop.domain.registers import Registers


def test_a_book_without_registers_says_nothing() -> None:
    assert Registers() == Registers(purchases=(), grants=())
