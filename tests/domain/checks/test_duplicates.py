from __future__ import annotations

from dataclasses import replace

from retkoop.domain.checks.duplicates import duplicate
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import remarks, said, spent


def test_same_day_same_amount_same_tiers() -> None:
    first = spent(64_20, piece="D03", key=1, tiers="Librairie", label="Livres")
    second = spent(64_20, piece="D07", key=2, tiers=" LIBRAIRIE", label="Achat de livres")
    message = "La pièce D07 ressemble à la pièce D03 (même date, même montant, même tiers) : l’une est-elle en double ?"
    assert remarks(duplicate, [first, second]) == [Remark(message, "Comparer les deux", Place.OPERATION, 2, "D07")]


def test_the_later_piece_is_the_duplicate_in_whatever_order_they_were_entered() -> None:
    first = spent(64_20, piece="D3", key=2, tiers="Librairie")
    second = spent(64_20, piece="D11", key=1, tiers="Librairie")
    assert [remark.operation for remark in remarks(duplicate, [second, first])] == [1]


def test_of_two_that_say_the_same_the_one_entered_later_is_the_duplicate() -> None:
    first, second = spent(64_20, key=1, label="Livres"), spent(64_20, key=2, label="Livres")
    assert [remark.operation for remark in remarks(duplicate, [first, second])] == [2]
    assert [remark.operation for remark in remarks(duplicate, [second, first])] == [2]


def test_same_cheque_with_another_tiers() -> None:
    first = spent(64_20, piece="D03", tiers="Librairie", cheque="2000104")
    second = spent(64_20, piece="D07", tiers="Papeterie", cheque="2000104 ")
    assert said(duplicate, [first, second]) == [
        "La pièce D07 ressemble à la pièce D03 (même date, même montant, même chèque) : l’une est-elle en double ?"
    ]


def test_without_tiers_the_label_decides() -> None:
    first, second = spent(64_20, piece="D03", label="Livres"), spent(64_20, piece="", label="LIVRES")
    third = spent(64_20, piece="D09", label="Jeux")
    assert said(duplicate, [first, second, third]) == [
        "La pièce D03 ressemble à l’opération « LIVRES » (même date, même montant, même libellé) : l’une est-elle en double ?"
    ]


def test_another_tiers_and_another_cheque_are_another_operation() -> None:
    first = spent(64_20, piece="D03", tiers="Librairie", cheque="2000104")
    second = spent(64_20, piece="D07", tiers="Papeterie", cheque="2000105")
    third = spent(64_20, piece="D08", label=first.label)
    assert said(duplicate, [first, second, third]) == []


def test_a_cheque_is_the_same_however_it_is_written() -> None:
    first = spent(64_20, piece="D03", tiers="Librairie", cheque="2000104")
    second = spent(64_20, piece="D07", tiers="Papeterie", cheque="n° 2 000 104")
    assert len(said(duplicate, [first, second])) == 1


def test_once_by_the_bank_and_once_in_cash() -> None:
    by_bank = spent(64_20, piece="D03", tiers="Librairie", label="Livres")
    in_cash = replace(by_bank, piece="D07", moves=Moves(cash=-64_20), label="LIVRES")
    message = (
        "La pièce D07 ressemble à la pièce D03 (même date, même montant, même tiers, même libellé, "
        "l’une par la banque et l’autre en espèces) : l’une est-elle en double ?"
    )
    assert said(duplicate, [by_bank, in_cash]) == [message]
    assert said(duplicate, [by_bank, replace(in_cash, label="Jeux")]) == []
    assert said(duplicate, [replace(by_bank, tiers=""), replace(in_cash, tiers="")]) == []


def test_three_times_the_same_is_two_too_many() -> None:
    thrice = [spent(64_20, piece=piece, tiers="Librairie") for piece in ("D1", "D2", "D3")]
    assert said(duplicate, thrice) == [
        "La pièce D2 ressemble à la pièce D1 (même date, même montant, même tiers) : l’une est-elle en double ?",
        "La pièce D3 ressemble à la pièce D1 (même date, même montant, même tiers) : l’une est-elle en double ?",
    ]
