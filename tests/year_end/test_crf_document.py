"""The CRF on paper: every figure of its value, every sentence around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from retkoop.domain.cash_count import CashCount
from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.money import format_number
from retkoop.domain.reports.crf import CrfHeader
from retkoop.year_end.crf_document import MOST_ROWS, data_of, result_sentence
from tests.domain.musee import OPERATIONS
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations
from tests.year_end.papers import HEADER, YEAR, paper, printed, words

COUNTED = CashCount(date(2026, 8, 31), 21_50, 21_50)
QUANTITIES = {20_00: 1, 1_00: 1, 50: 1}


def finding(severity: Severity, message: str, piece: str | None = None) -> Finding:
    return Finding("un-controle", severity, Remark(message, "Voir", Place.CAHIER, piece=piece))


def receipts(count: int, account: str = "74100008") -> list[Operation]:
    days = (YEAR.first_day + timedelta(number % 360) for number in range(count))
    return [
        Operation(
            number, f"R{number}", day, f"Recette {number}", Moves(bank=10_00 + number), (Part(account, 10_00 + number),), tiers="Mairie"
        )
        for number, day in enumerate(days)
    ]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def figures(value: object) -> list[int]:
    """Return every amount of a CRF's JSON."""
    if isinstance(value, dict):
        return [amount for one in value.values() for amount in figures(one)]
    if isinstance(value, list):
        return [amount for one in value for amount in figures(one)]
    return [value] if type(value) is int else []


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_every_figure_of_a_worked_example_is_on_paper(example: WorkedExample) -> None:
    said = words(printed(paper(read_operations(example.rows()))))
    missing = [amount for amount in figures(example.crf) if plain(format_number(abs(amount))) not in said]
    assert missing == []


def test_the_whole_document_of_a_finished_year() -> None:
    said = words(printed(paper(statement_balance=1092_40, cash_count=COUNTED, quantities=QUANTITIES)))
    assert said.startswith(
        "OCCE 91 · Essonne Projet Compte rendu financier 2025-2026 École Jean-Jaurès "
        "RNE 0910000A · Évry-Courcouronnes · exercice du 1er septembre 2025 au 31 août 2026 "
        "Mandataires : Camille Durand, Sacha Petit "
        "Projet : ce compte rendu n’est pas encore envoyé à l’association départementale. Ses chiffres peuvent encore changer. "
        "Bilan équilibré Rapprochement juste Caisse juste 1. Compte de fonctionnement Charges Compte Intitulé Montant (€) "
        "616 Assurances versées 16,25 "
    )
    for part in (
        "Total 614,20 ",
        "Total 826,50 Résultat de l’année : un excédent de 212,30 €.",
        "2. Bilan au 31 août 2026 Actif : ce que la coopérative possède Poste Montant (€)",
        "Poste Montant (€) Banque (512) 1 028,20 Caisse (530) 21,50 Régies (54) 0,00 Total 1 049,70 ",
        "Passif : d’où cela vient Poste Montant (€) Report à nouveau 837,40 Résultat de l’année 212,30 Total 1 049,70 Bilan équilibré",
        "3. Rapprochement bancaire Poste Montant (€) Solde du relevé du 31 août 2026 1 092,40 Opérations que",
        "Opérations que le relevé ne montre pas encore (recettes − dépenses) −64,20 Solde comptable 1 028,20",
        "Solde comptable 1 028,20 Écart 0,00 Rapprochement juste",
        "1 opération non pointée Date Pièce Libellé Chèque Montant (€) 02/07/2026 D05 Livres pour la bibliothèque 2000104 −64,20",
        "4. Arrêté de caisse Poste Montant (€) Espèces comptées le 31 août 2026 21,50 Solde comptable le 31 août 2026 21,50 Écart 0,00",
        "Billets Valeur Nombre Montant (€) 20 € 1 20,00",
        "Pièces Valeur Nombre Montant (€) 1 € 1 1,00 50 centimes 1 0,50",
        "5. Subventions Date Organisme Objet Montant (€) Dépensé (€) Reste (€) 20/01/2026",
        "20/01/2026 Mairie Subvention, projet musée 300,00 non donné Total 300,00",
        "6. Régies d’avance Aucune régie n’est ouverte.",
        "7. Contrôles Bravo, les contrôles ne trouvent rien à corriger.",
        "8. Signatures",
        "Édité avec Retkoop le 20 septembre 2026",
        "1 / 2",
        "2 / 2",
    ):
        assert part in said
    assert said.count("Projet") == 3


def test_what_nobody_has_given_is_said_so() -> None:
    said = words(printed(paper()))
    assert "Solde du relevé non donné" in said
    assert "Espèces comptées non donné Solde comptable 21,50 Écart non donné Caisse : à compter" in said
    assert "Écart non donné Rapprochement : 1 à pointer" in said


def test_an_empty_book() -> None:
    said = words(printed(paper((), header=CrfHeader("0910000A", "École neuve", "OCCE 91"))))
    assert "Mandataire : à désigner" in said
    assert "Bilan : rien de saisi" in said
    assert "Résultat de l’année : ni excédent ni déficit." in said
    assert "Aucune subvention n’est notée." in said
    assert "opération" not in said.split("3. Rapprochement")[1].split("4. Arrêté")[0].replace("Opérations que", "")


def test_wrong_figures_are_told() -> None:
    regie = Operation(90, "D90", date(2026, 6, 1), "Régie, CE2", Moves(bank=-80_00, regie=80_00), pointed=True)
    unsplit = Operation(91, "D91", date(2026, 6, 2), "Livres", Moves(bank=-30_00), (Part("61800008", 20_00),), pointed=True)
    wrong = (*OPERATIONS, regie, unsplit)
    said = words(printed(paper(wrong, statement_balance=1_000_00, cash_count=CashCount(date(2026, 6, 30), 20_00, 21_50))))
    assert "Argent encore confié à des enseignants : 80,00 €. Chaque régie revient à zéro au 31 août." in said
    assert "Bilan : écart de 10,00 €" in said
    assert "Écart −1,50 Caisse : écart de 1,50 €" in said
    assert "Écart 17,60 Rapprochement : écart de 17,60 €" in said


def test_a_postal_account_is_named() -> None:
    on_paper = paper()
    sheet = replace(on_paper.crf.balance_sheet, postal=5_00)
    assert ("Compte chèque postal (514)", "5,00") in data_of(replace(on_paper, crf=replace(on_paper.crf, balance_sheet=sheet)))["assets"]  # type: ignore[operator]  # a list of rows


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (12_00, "Résultat de l’année : un excédent de 12,00 €."),
        (-12_00, "Résultat de l’année : un déficit de 12,00 €."),
        (0, "Résultat de l’année : ni excédent ni déficit."),
    ],
)
def test_the_result_in_words(result: int, expected: str) -> None:
    assert plain(result_sentence(result)) == expected


def test_findings_by_weight() -> None:
    findings = [
        finding(Severity.ERREUR, "Il manque 10,00 € dans la ventilation.", "D91"),
        finding(Severity.ALERTE, "Deux fois le même chèque.", ""),
        finding(Severity.CONSEIL, "Rien n’est noté depuis le 2 juillet."),
    ]
    said = words(printed(paper(findings=findings)))
    assert (
        "7. Contrôles Erreurs : elles faussent les comptes • D91 : Il manque 10,00 € dans la ventilation. "
        "Alertes : à corriger ou à expliquer • Deux fois le même chèque. Conseils • Rien n’est noté depuis le 2 juillet."
    ) in said


def test_lists_stop_after_a_page_and_say_where_they_go_on() -> None:
    findings = [finding(Severity.ALERTE, f"Alerte numéro {number}.") for number in range(MOST_ROWS + 1)]
    data: dict[str, Any] = data_of(paper(receipts(MOST_ROWS + 1), findings=findings))
    bank = data["reconciliation"]
    assert (len(bank["items"]), len(data["subsidies"]), len(data["findings"][0]["findings"])) == (MOST_ROWS,) * 3
    assert plain(bank["more"]) == "La liste continue dans l’état de rapprochement ; le total compte toutes les opérations."
    assert plain(data["more_subsidies"]) == "La liste continue dans le tableau des subventions ; le total les compte toutes."
    assert plain(data["more_findings"]) == "La liste continue dans Retkoop, à la page « À corriger »."
    assert (plain(bank["heading"]), plain(bank["total"]), plain(data["total_subsidies"])) == (
        "31 opérations non pointées",
        "+314,65",
        "314,65",
    )


def test_lists_that_just_fit_say_nothing_more() -> None:
    data: dict[str, Any] = data_of(paper(receipts(MOST_ROWS)))
    assert (data["reconciliation"]["more"], data["more_subsidies"], data["more_findings"]) == ("", "", "")


@pytest.mark.parametrize(
    ("mandataires", "expected"),
    [((), [""]), (("Ana",), ["Ana"]), (("Ana", "Bo", "Cy"), ["Ana", "Bo"])],
)
def test_who_signs(mandataires: tuple[str, ...], expected: list[str]) -> None:
    data: dict[str, Any] = data_of(paper(header=replace(HEADER, mandataires=mandataires)))
    *people, association = data["signatures"]
    assert [one["name"] for one in people] == expected
    assert association == {"title": "Pour l’association départementale", "name": "OCCE 91 · Essonne"}
