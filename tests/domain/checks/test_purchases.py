from __future__ import annotations

from datetime import date

import pytest

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.purchases import durable_as_activity, forbidden_purchase, sold_or_bought_only, tolerated_purchase
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Moves
from retkoop.domain.rules import Rules
from tests.domain.checks.speaking import made, received, remarks, said, spent
from tests.domain.strategies import YEAR, standing_of


def test_a_word_of_what_a_coop_may_not_pay() -> None:
    message = "La pièce D01 parle de « téléphone », une dépense qu’une coopérative ne peut pas payer : corrigez-la ou expliquez-la."
    assert remarks(forbidden_purchase, spent(30_00, label="TELEPHONE de l’école")) == [
        Remark(message, "Voir l’opération", Place.OPERATION, 1, "D01")
    ]


@pytest.mark.parametrize(
    ("label", "tiers", "word"),
    [
        ("Fiche de paie", "", "fiche de paie"),
        ("Bulletins de paie", "", "bulletin de paie"),
        ("Virement vers le livret", "", "vers le livret"),
        ("Placement sur LIVRET A", "", "livret A"),
        ("Salaires de juin", "", "salaire"),
        ("Manuels scolaires CM2", "", "manuel scolaire"),
        ("Facture", "Location Copieur 91", "location copieur"),
        ("Versement", "Livret A", "livret A"),
    ],
)
def test_words_count_in_the_plural_and_in_the_name_of_the_tiers(label: str, tiers: str, word: str) -> None:
    assert said(forbidden_purchase, spent(30_00, label=label, tiers=tiers)) == [
        f"La pièce D01 parle de « {word} », une dépense qu’une coopérative ne peut pas payer : corrigez-la ou expliquez-la."
    ]


@pytest.mark.parametrize(
    ("label", "tiers"),
    [
        ("Paiement du car", "Paierie départementale"),
        ("Jeu du téléphone arabe", ""),
        ("Livrets à colorier", ""),
        ("Livret à dessiner", ""),
        ("Livrets a imprimer", ""),
        ("Livret À inventer", ""),
        ("Livret a\u0300 inventer", ""),
        ("Chacun paie son goûter", ""),
        ("Téléphones en carton, arts plastiques", ""),
        ("Don au Téléthon", ""),
        ("Frais bancaires", "Caisse d’épargne"),
        ("Atelier livret", "A. Martin"),
    ],
)
def test_words_that_only_look_alike(label: str, tiers: str) -> None:
    operation = spent(30_00, label=label, tiers=tiers)
    assert said(forbidden_purchase, operation) == []


def test_money_that_comes_in_buys_nothing_but_a_regie_does() -> None:
    assert said(forbidden_purchase, received(30_00, label="Vente d’un téléphone")) == []
    assert said(forbidden_purchase, made(Moves(bank=-30_00), label="Téléphone", opening=True)) == []
    assert len(said(forbidden_purchase, made(Moves(regie=-30_00), ("61800008", 30_00), label="Téléphone"))) == 1


def test_a_dear_purchase_may_be_a_durable_good() -> None:
    message = "La pièce D01 note 500,01 € au compte 618 : un bien durable se note au compte 680 et s’inscrit à l’inventaire."
    operation = made(Moves(bank=-500_01), ("61800008", 300_00), ("61800008", 200_01), label="Vélos")
    assert remarks(durable_as_activity, operation) == [Remark(message, "Vérifier le compte", Place.OPERATION, 1, "D01")]


@pytest.mark.parametrize("label", ["Entrées et car, musée", "Classe de neige", "Transports", "Sorties"])
def test_a_dear_outing_is_no_durable_good(label: str) -> None:
    assert said(durable_as_activity, spent(800_00, label=label)) == []


@pytest.mark.parametrize(
    "label", ["Ordinateur pour la sortie son", "Vélos pour la classe verte", "Tablettes, atelier", "Enceintes du spectacle"]
)
def test_what_lasts_is_durable_wherever_it_is_taken(label: str) -> None:
    assert len(said(durable_as_activity, spent(600_00, label=label))) == 1


def test_an_outing_by_bicycle_leaves_no_bicycle() -> None:
    labels = ["Location de vélos, sortie", "Sortie à vélo, hébergement"]
    assert [said(durable_as_activity, spent(600_00, label=label)) for label in labels] == [[], []]


def test_a_purchase_that_may_not_be_is_told_once() -> None:
    wage = spent(1500_00, label="Salaire de l’animateur")
    assert len(said(forbidden_purchase, wage)) == 1
    assert said(durable_as_activity, wage) == []


def test_the_threshold_itself_or_another_account_is_no_such_purchase() -> None:
    assert said(durable_as_activity, spent(500_00, label="Vélos")) == []
    assert said(durable_as_activity, spent(800_00, "68000008", label="Vélos")) == []


def test_an_ad_that_lists_no_words() -> None:
    terms = Terms(YEAR, Rules(forbidden_words=(), service_words=()))
    assert said(forbidden_purchase, spent(30_00, label="Téléphone"), terms) == []
    assert len(said(durable_as_activity, spent(800_00, label="Transports"), terms)) == 1


SOLD, BOUGHT = received(500_00, "70700008"), spent(320_00, "60700008")


def test_things_sold_without_their_invoice() -> None:
    message = (
        "Des ventes sont notées (compte 707), mais aucun achat (compte 607) : notez aussi la facture, celle du photographe par exemple."
    )
    assert remarks(sold_or_bought_only, standing_of([SOLD])) == [Remark(message, "Voir le cahier", Place.CAHIER)]


def test_photos_bought_and_not_sold() -> None:
    message = "Des achats pour la vente sont notés (compte 607), mais aucune vente (compte 707) : notez aussi tout l’argent reçu."
    assert remarks(sold_or_bought_only, standing_of([BOUGHT])) == [Remark(message, "Voir le cahier", Place.CAHIER)]


def test_photos_bought_and_sold_or_neither() -> None:
    assert said(sold_or_bought_only, standing_of([SOLD, BOUGHT])) + said(sold_or_bought_only, standing_of(())) == []
    paid_back = made(Moves(bank=-500_00), ("70700008", -500_00), date=date(2025, 12, 1))
    assert said(sold_or_bought_only, standing_of([SOLD, paid_back])) == []


TOLERANT = Terms(YEAR, Rules(tolerated_words=("gâteau", "téléphone"), harmless_phrases=("gâteau de lune",)))


def test_a_tolerated_purchase_tells_what_for() -> None:
    message = (
        "La pièce D01 parle de «\u202fgâteau\u202f», un achat que votre association tolère\u202f: dites dans le libellé à quoi il a servi."
    )
    assert said(tolerated_purchase, spent(30_00, label="Gâteaux"), TOLERANT) == [message]


@pytest.mark.parametrize("label", ["Gâteau de lune", "Téléphone et gâteau", "Livres"])
def test_what_is_permitted_forbidden_or_something_else_is_not_tolerated(label: str) -> None:
    assert said(tolerated_purchase, spent(30_00, label=label), TOLERANT) == []


def test_a_receipt_is_no_purchase_and_nothing_is_tolerated_unless_an_ad_says_so() -> None:
    assert said(tolerated_purchase, received(30_00, label="Vente de gâteaux"), TOLERANT) == []
    assert said(tolerated_purchase, spent(30_00, label="Gâteaux")) == []
