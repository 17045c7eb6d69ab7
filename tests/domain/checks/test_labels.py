from __future__ import annotations

from dataclasses import replace

import pytest

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.labels import label_too_vague
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Moves
from retkoop.domain.rules import Rules
from tests.domain.checks.speaking import TERMS, made, remarks, said, spent
from tests.domain.strategies import YEAR


@pytest.mark.parametrize(
    "label",
    [
        "Divers",
        "achats",
        " FACTURE n° 12 ",
        "Facture 2025-118",
        "Chèque",
        "Chq 2000101",
        "Achats divers",
        "123",
        "CB",
        "frais",
        "Remb.",
        "Paiement CB 12/11",
    ],
)
def test_a_label_that_tells_nothing(label: str) -> None:
    message = f"Le libellé « {label.strip()} » est trop vague : dites ce que c’était, pour qui ou pour quoi."
    assert remarks(label_too_vague, spent(10_00, label=label)) == [Remark(message, "Préciser le libellé", Place.OPERATION, 1, "D01")]


def test_no_label_at_all() -> None:
    assert said(label_too_vague, spent(10_00, label=" ")) == [
        "La pièce D01 n’a pas de libellé : dites ce que c’était, pour qui ou pour quoi."
    ]


@pytest.mark.parametrize(
    "label",
    ["Achat de graines", "Vente de gâteaux", "Facture du photographe", "Diversité", "Loto", "CM1", "Frais bancaires", "Remb. de Mme Petit"],
)
def test_a_label_that_tells_something(label: str) -> None:
    assert said(label_too_vague, spent(10_00, label=label)) == []


def test_a_transfer_and_an_opening_have_nothing_more_to_tell() -> None:
    assert said(label_too_vague, made(Moves(bank=100_00, cash=-100_00), label="Dépôt")) == []
    assert said(label_too_vague, made(Moves(bank=100_00), label="Divers", opening=True)) == []


def test_an_ad_chooses_its_words() -> None:
    terms = Terms(YEAR, Rules(vague_labels=("petit matériel",)))
    assert said(label_too_vague, spent(10_00, label="Divers"), terms) == []
    assert len(said(label_too_vague, spent(10_00, label="Petits matériels 3"), terms)) == 1
    assert said(label_too_vague, spent(10_00, label="Divers"), replace(TERMS, rules=Rules(vague_labels=()))) == []
