"""CSV, as genuine files of French banks are made."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.banking.statement_files import BankLine, StatementFile, UnreadableStatement, read_statement_file
from retkoop.domain.chart import fold
from retkoop.domain.money import format_decimal, format_number
from tests.banking.statement_files.test_ofx import WORDS

RECEIVED = BankLine(date(2025, 11, 3), 1230_00, "VIREMENT COOP JAURÈS")
SPENT = BankLine(date(2025, 11, 4), -12_50, "FRAIS")

GENUINE = {
    "La Banque Postale": StatementFile("csv", (SPENT, RECEIVED), "1234567A033", "EUR", None, 2217_50),
    "Crédit Agricole": StatementFile("csv", (SPENT, RECEIVED), "12345678901", "EUR", None, 2217_50),
    "Banque Populaire": StatementFile(
        "csv",
        (
            BankLine(date(2025, 11, 3), 1230_00, "VIREMENT COOP JAURÈS", "0001", "Virement recu"),
            BankLine(date(2025, 11, 4), -12_50, "FRAIS", "0002", "Frais"),
        ),
    ),
    "Crédit Mutuel": StatementFile("csv", (RECEIVED, SPENT), "", "EUR", 1000_00, 2217_50),
    "Crédit Mutuel, à l’envers": StatementFile("csv", (SPENT, RECEIVED), "", "EUR", 1000_00, 2217_50),
    "Société Générale": StatementFile("csv", (RECEIVED, SPENT), "0123 00012345678", "EUR", None, 2217_50),
    "une banque en ligne": StatementFile("csv", (RECEIVED, SPENT), "000123456"),
    "des soldes parmi les lignes": StatementFile("csv", (RECEIVED, SPENT), "", "EUR", 1000_00, 2217_50),
    "un sens à part": StatementFile("csv", (RECEIVED, SPENT)),
}
"""What the files of `genuine/` say, each made as that bank makes them."""


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
@pytest.mark.parametrize("bank", GENUINE)
def test_each_bank_is_read(bank: str, encoding: str) -> None:
    file = Path(__file__).parent / "genuine" / f"{fold(bank).replace(' ', '-')}.csv"
    assert read_statement_file(file.name, file.read_text(encoding="utf-8").encode(encoding)) == GENUINE[bank]


HEAD = "Date;Libellé;Débit;Crédit\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "bonjour\n",
            (
                "Ce fichier n’est pas un relevé que Retkoop sait lire : il faut des colonnes Date, Libellé, et Montant ou Débit et Crédit. "
                "Sur le site de votre banque, téléchargez plutôt le format OFX."
            ),
        ),
        (HEAD, "Ce fichier n’a que son en-tête : il ne contient aucune opération. Choisissez une autre période."),
        (f"{HEAD};VIR;;12,00\n", "La ligne 2 du fichier n’a pas de date."),
        (f"{HEAD}hier;VIR;;12,00\n", "La ligne 2 du fichier : la date « hier » n’est pas lisible."),
        (f"{HEAD}31/02/2025;VIR;;12,00\n", "La ligne 2 du fichier : la date « 31/02/2025 » n’est pas lisible."),
        (f"{HEAD}03/11/2025;VIR;;douze\n", "La ligne 2 du fichier : le montant « douze » n’est pas lisible."),
        (f"{HEAD}03/11/2025;VIR;;\n", "La ligne 2 du fichier n’a pas de montant."),
        (f"{HEAD}03/11/2025;VIR;1,00;2,00\n", "La ligne 2 du fichier a un débit et un crédit : elle n’est pas lisible."),
        (
            f'{HEAD}03/11/2025;"VIR;;1,00\n04/11/2025;VIR;;2,00\n',
            "Les guillemets de la ligne 2 du fichier ne sont pas fermés : téléchargez-le de nouveau.",
        ),
        ("Date;Libellé;Montant;Devise\n03/11/2025;VIR;1,00;USD\n", "Ce relevé est en USD : Retkoop ne lit que les comptes en euros."),
    ],
)
def test_what_cannot_be_read_is_told(text: str, reason: str) -> None:
    with pytest.raises(UnreadableStatement) as refusal:
        read_statement_file("releve.csv", text.encode())
    assert str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ") == reason


def test_a_payee_called_total_or_solde_is_no_balance() -> None:
    text = f"{HEAD}03/11/2025;TOTAL EVRY;12,00;\n04/11/2025;SOLDE DU VOYAGE;;5,00\n\nCe document n’est pas contractuel.\n"
    assert read_statement_file("releve.csv", text.encode()).lines == (
        BankLine(date(2025, 11, 3), -12_00, "TOTAL EVRY"),
        BankLine(date(2025, 11, 4), 5_00, "SOLDE DU VOYAGE"),
    )


LINES = st.lists(
    st.builds(BankLine, st.dates(date(2024, 9, 1), date(2030, 8, 31)), st.integers(-9_999_99, 9_999_99), WORDS.map("VIR {}".format)),
    min_size=1,
)


@given(LINES, st.sampled_from(";\t,|"), st.sampled_from([format_decimal, format_number]), st.booleans())
def test_what_is_written_is_read_back(lines: list[BankLine], delimiter: str, written: object, split: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
    assert callable(written)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Date opération", "Libellé", *(["Débit", "Crédit"] if split else ["Montant"])])
    for line in lines:
        amounts = [written(line.amount)] if not split else ["", written(line.amount)] if line.amount >= 0 else [written(-line.amount), ""]
        writer.writerow([f"{line.date:%d/%m/%Y}", line.label, *amounts])
    assert read_statement_file("x.csv", out.getvalue().encode()) == StatementFile("csv", tuple(lines))


@given(st.binary(max_size=300))
def test_nothing_else_than_a_refusal_comes_of_what_is_no_statement(data: bytes) -> None:
    for start in (b"", b"<OFX><STMTRS>", HEAD.encode(), b"<?xml version='1.0'?>"):
        try:
            read_statement_file("x", start + data)
        except UnreadableStatement as refusal:
            assert str(refusal) != ""  # noqa: PT017 -- it may also be read
