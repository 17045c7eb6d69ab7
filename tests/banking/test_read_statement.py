"""`retkoop read-statement`: the contract, the refusals, the exit status."""

from __future__ import annotations

import json
from pathlib import Path

from retkoop.banking.statement_files import read_statement_file
from tests.banking.statement_files.test_camt import CAMT
from tests.banking.statement_files.test_ofx import LA_BANQUE_POSTALE
from tests.books.test_import_book import run_command


def test_the_contract_is_one_object(tmp_path: Path) -> None:
    file = tmp_path / "releve.ofx"
    file.write_text(LA_BANQUE_POSTALE, encoding="cp1252")
    status, out, err = run_command("read_statement", str(file), "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "format": "ofx",
        "account": "1234567A033",
        "currency": "EUR",
        "opening": None,
        "closing": 1234_56,
        "lines": [
            {
                "date": "2025-11-03",
                "amount": 230_00,
                "label": "VIREMENT DE COOP ECOLE JAURÈS RF38 0910 000A 2025",
                "reference": "Xf1ZkQ",
                "type": "CREDIT",
            },
            {"date": "2025-11-04", "amount": -12_50, "label": "FRAIS & COMMISSIONS & DIVERS", "reference": "Xf1ZkR", "type": "DEBIT"},
        ],
    }


def test_what_a_file_does_not_say_is_null() -> None:
    told = read_statement_file("x.csv", "Date;Libellé;Montant\n03/11/2025;VIR;1,00\n".encode()).as_json()
    line = {"date": "2025-11-03", "amount": 1_00, "label": "VIR", "reference": None, "type": None}
    assert told == {"format": "csv", "account": None, "currency": "EUR", "opening": None, "closing": None, "lines": [line]}


def test_without_json_it_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "releve.xml"
    file.write_text(CAMT, encoding="utf-8")
    status, out, _ = run_command("read_statement", str(file))
    assert (status, [" ".join(line.split()) for line in out.splitlines()]) == (
        0,
        [
            "Relevé camt.053, compte FR7630006000011234567890189, 2 lignes",
            "03/11/2025 230,00 € COOP JAURES RF38 0910 000A 2025",
            "04/11/2025 −12,50 € FRAIS",
            "Ancien solde : −100,00 €",
            "Nouveau solde : 117,50 €",
        ],
    )


def test_a_refusal_is_told_and_ends_in_one(tmp_path: Path) -> None:
    file = tmp_path / "releve.csv"
    file.write_text("bonjour", encoding="utf-8")
    status, out, err = run_command("read_statement", str(file), "--json")
    assert (status, out, err.split("\u202f")[0]) == (1, "", "Ce fichier n’est pas un relevé que Retkoop sait lire")
    status, out, err = run_command("read_statement", str(tmp_path / "rien.csv"))
    assert (status, out, err) == (
        1,
        "",
        f"«\u202f{tmp_path / 'rien.csv'}\u202f» ne peut pas être lu\u202f: vérifiez son nom et vos droits.\n",
    )
