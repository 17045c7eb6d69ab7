"""`retkoop read-statement`: the contract, the refusals, the exit status."""

from __future__ import annotations

import json
from pathlib import Path

from retkoop.banking.statement_files import read_statement_file
from tests.banking.statement_files.test_banks import text_of, two_accounts
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


def test_of_several_accounts_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "releve.csv"
    file.write_text(two_accounts(), encoding="cp1252")
    status, out, err = run_command("read_statement", str(file), "--json")
    assert (status, out, err.replace("\u202f", " ").splitlines()) == (
        1,
        "",
        [
            "Ce fichier contient plusieurs comptes (60123456789, 60999999999) : choisissez-en un. Ajoutez --account avec l’un d’eux :",
            "  60123456789  2 lignes, du 15/09/2026 au 29/09/2026",
            "  60999999999  2 lignes, du 15/09/2026 au 29/09/2026",
        ],
    )
    status, out, err = run_command("read_statement", str(file), "--json", "--account", "60999999999")
    assert (status, err, json.loads(out)["account"]) == (0, "", "60999999999")
    status, out, err = run_command("read_statement", str(file), "--account", "1")
    assert (status, out, err) == (
        1,
        "",
        "Ce fichier ne contient pas le compte «\u00a01\u00a0», mais\u202f: 60123456789, 60999999999.\n",
    )


def test_what_the_reader_should_know_is_told_beside_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "releve.csv"
    file.write_text(text_of("caisse-epargne-2020.csv").replace("1080,65", "1080,66"), encoding="utf-8")
    status, out, err = run_command("read_statement", str(file), "--json")
    assert (status, json.loads(out)["closing"], err.count("\n"), "0,01\u202f€ d’écart" in err) == (0, 1080_66, 1, True)


def test_a_file_beyond_all_size_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "releve.ofx"
    with file.open("wb") as opened:
        opened.truncate(400_000_000)
    status, _, err = run_command("read_statement", str(file))
    assert (status, err) == (1, "Ce fichier dépasse 10 Mo\u202f: ce n’est pas un relevé, ou exportez une période plus courte.\n")
