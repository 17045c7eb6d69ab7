"""Files as each bank makes them (`banks/`, all names invented), beside what they say: the object of `retkoop read-statement --json`."""

from __future__ import annotations

import io
import json
import random
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from retkoop.banking.statement_files import SeveralAccounts, UnreadableStatement, read_statement_file

BANKS = Path(__file__).parent / "banks"
FILES = sorted(file.name for file in BANKS.iterdir() if file.suffix != ".json")
ENCODINGS = ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"]


def text_of(name: str) -> str:
    return (BANKS / name).read_text(encoding="utf-8")


def refusal_of(text: str, account: str = "") -> str:
    with pytest.raises(UnreadableStatement) as refusal:
        read_statement_file("releve", text.encode(), account)
    return str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", FILES)
def test_each_bank_is_read(name: str, encoding: str) -> None:
    told = read_statement_file(name, text_of(name).encode(encoding)).as_json()
    assert told == json.loads((BANKS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_the_ends_of_lines_change_nothing(name: str) -> None:
    text = text_of(name)
    assert read_statement_file(name, text.replace("\n", "\r\n").encode()) == read_statement_file(name, text.encode())


def test_a_label_cut_in_the_middle_of_a_letter_does_not_spoil_the_others() -> None:
    data = text_of("banque-populaire.ofx").encode().replace("ÉLÉMENTAIRE".encode(), "ÉLÉ".encode() + b"\xc3")
    assert read_statement_file("releve.ofx", data).lines[0].label == "VIR INST RE 00123 COOP ÉLÉ D'ORMOY"


def test_headers_of_another_age_are_read() -> None:
    text = "Date;Libellé;Débit;Crédit\n15/09/2026;École;;1,00\n"
    for encoding in ("cp850", "mac_roman"):
        assert read_statement_file("releve.csv", text.encode(encoding)).lines[0].label == "École"
    assert (
        read_statement_file("releve.csv", "Date;Libellé;Montant (€)\n15/09/2026;a;1,00 €\n".encode("iso-8859-15")).lines[0].amount == 1_00
    )


def two_accounts() -> str:
    """The file of a bank for two accounts, the second without its line of fees."""
    text = text_of("credit-agricole.csv")
    second = text[text.index("Compte de Dépôt") :].replace("Compte de Dépôt", "Livret A").replace("60123456789", "60999999999")
    return f"{text}\n{second.replace('4,30', '1,00')}"


def test_tables_of_two_accounts_are_told_apart() -> None:
    with pytest.raises(SeveralAccounts) as several:
        read_statement_file("releve.csv", two_accounts().encode())
    assert [(one.account, one.closing, [line.amount for line in one.lines]) for one in several.value.found] == [
        ("60123456789", 8115_30, [-4_30, 119_60]),
        ("60999999999", 8115_30, [-1_00, 119_60]),
    ]
    read = read_statement_file("releve.csv", two_accounts().encode(), "FR7618206000916099999999976")
    assert (read.account, read.lines[0].amount) == ("60999999999", -1_00)
    nameless = two_accounts().replace(" n° 60999999999", "")
    assert refusal_of(nameless) == "Ce fichier contient plusieurs comptes (60123456789, Livret A) : choisissez-en un."
    assert refusal_of(nameless, "111") == "Ce fichier ne contient pas le compte « 111 », mais : 60123456789, Livret A."


def test_a_column_of_accounts_tells_them_apart_but_not_that_of_the_other_side() -> None:
    text = text_of("boursobank.csv")
    assert "plusieurs comptes" in refusal_of(
        text.replace("Prévert;00040123456", "") + text.splitlines()[1].replace("00040123456", "9904012") + "\n"
    )
    other_side = "Date,Bénéficiaire,Numéro de compte,Montant (EUR)\n2026-09-15,A,FR76123456789,1.00\n2026-09-16,B,FR76999999999,2.00\n"
    read = read_statement_file("releve.csv", other_side.encode())
    assert (read.account, [line.label for line in read.lines]) == ("", ["A", "B"])


def test_accounts_of_an_ofx_file_are_told_apart_by_their_number() -> None:
    text = text_of("credit-agricole.ofx")
    statement = text[text.index("  <STMTTRNRS>") : text.index(" </BANKMSGSRSV1>")]
    both = text.replace(" </BANKMSGSRSV1>", f"{statement.replace('60123456789', '60999999999')} </BANKMSGSRSV1>")
    assert refusal_of(both) == "Ce fichier contient plusieurs comptes (60123456789, 60999999999) : choisissez-en un."
    assert read_statement_file("releve.ofx", both.encode(), "60999999999").account == "60999999999"
    assert read_statement_file("releve.ofx", both.replace("60999999999", "60123456789").encode()).account == "60123456789"


def test_a_card_is_no_account() -> None:
    cards = text_of("credit-agricole.ofx").replace("STMTRS>", "CCSTMTRS>").replace("BANKACCT", "CCACCT")
    assert refusal_of(cards) == (
        "Ce fichier est le relevé d’une carte bancaire, pas celui d’un compte : "
        "téléchargez le relevé du compte sur lequel elle est débitée."
    )
    assert refusal_of("!Type:CCard\nD01/09/2026\nT1,00\n^\n") == (
        "Ce fichier QIF ne contient aucun relevé de compte : une carte ou un portefeuille n’en est pas un. "
        "Sur le site de votre banque, choisissez le compte."
    )


def test_a_qif_file_without_operations_is_told() -> None:
    assert (
        refusal_of("!Type:Bank\n")
        == "Ce fichier QIF ne contient aucune opération : choisissez une autre période sur le site de votre banque."
    )
    assert refusal_of("!Type:Bank\nD01/09/2026\nPX\n^") == "L’opération 1 du fichier n’a pas de montant."
    assert refusal_of("!Type:Bank\nT1,00\n^") == "L’opération 1 du fichier n’a pas de date."
    assert (
        refusal_of("!Type:Bank\nD13/09/2026\nT1\n^\nD09/13/2026\nT1\n^")
        == "L’opération 2 du fichier : la date « 09/13/2026 » n’est pas lisible."
    )


def test_days_that_a_qif_file_does_not_tell_are_told() -> None:
    read = read_statement_file("releve.qif", text_of("date-incertaine.qif").encode())
    (remark,) = read.remarks
    assert remark.replace("\u202f", " ").replace("\u00a0", " ") == (
        "Ce fichier QIF ne dit pas si le jour vient avant le mois : Retkoop a lu « 05/09/2026 » le jour d’abord, "
        "comme l’écrivent les banques françaises. Vérifiez une date, ou préférez le format OFX."
    )
    assert read_statement_file("releve.qif", text_of("la-banque-postale.qif").encode()).remarks == ()


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Relevé")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_workbook_is_read_as_the_same_table() -> None:
    data = workbook(
        ("Compte de Dépôt n° 60123456789",),
        ("Solde au 30/09/2026", None, 8115.3),
        (),
        ("Date", "Libellé", "Débit euros", "Crédit euros"),
        (date(2026, 9, 29), "COTISATION\nFRAIS DE TENUE DE COMPTE", 4.3, None),
        (date(2026, 9, 15), "VIREMENT", None, 0.1 + 0.2),
        (date(2026, 9, 14), "CHEQUE", 45, None),
    )
    read = read_statement_file("releve.ofx", data)
    assert (read.format, read.account, read.closing) == ("xlsx", "60123456789", 8115_30)
    assert [(line.date.day, line.amount, line.label) for line in read.lines] == [
        (29, -4_30, "COTISATION FRAIS DE TENUE DE COMPTE"),
        (15, 30, "VIREMENT"),
        (14, -45_00, "CHEQUE"),
    ]


def test_a_workbook_that_is_a_bomb_or_an_archive_of_statements_is_refused() -> None:
    def packed(name: str, content: bytes) -> bytes:
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return out.getvalue()

    for data, reason in (
        (packed("[Content_Types].xml", bytes(60_000_000)), "Ceci est un classeur"),
        (packed("HistoriqueOperations.csv", text_of("caisse-epargne.csv").encode()), "C’est une archive"),
    ):
        with pytest.raises(UnreadableStatement) as refusal:
            read_statement_file("releve.xlsx", data)
        assert str(refusal.value).split("\u202f")[0] == reason


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        *((written, -12_50) for written in ("-12,50", "12,50-", "(12,50)", "− 12,50 €", "-€12,50", "- 12.5000")),
        *((written, 12_50) for written in ("+ 12,50", "EUR 12,50", "12,5", '="12,50"', "12.50 eur")),
        *((written, 1234_56) for written in ("1 234,56", "1\u00a0234,56", "1\u202f234,56", "1.234,56", "1,234.56", "1 234 , 56")),
        ("12", 12_00),
    ],
)
def test_amounts_are_read_as_banks_write_them(written: str, cents: int) -> None:
    quoted = written.replace('"', '""')
    assert read_statement_file("x.csv", f'Date;Libellé;Montant\n15/09/2026;A;"{quoted}"\n'.encode()).lines[0].amount == cents


DAYS = ["15/09/2026", "15/09/26", "2026-09-15", "15-09-2026", "15.09.2026", "20260915", "15/09/2026 14:02", "2026-09-15T14:02:00+02:00"]


@pytest.mark.parametrize("written", [*DAYS, "15 septembre 2026", "15 sept. 2026", "15-sept.-26", "2026-09-15+02:00"])
def test_days_are_read_as_banks_write_them(written: str) -> None:
    assert read_statement_file("x.csv", f"Date;Libellé;Montant\n{written};A;1,00\n".encode()).lines[0].date == date(2026, 9, 15)


def test_a_month_that_no_word_names_is_refused() -> None:
    for written in ("15 jui 2026", "15 brumaire 2026"):
        assert (
            refusal_of(f"Date;Libellé;Montant\n{written};A;1,00\n") == f"La ligne 2 du fichier : la date « {written} » n’est pas lisible."
        )


def test_what_a_column_calls_a_debit_leaves() -> None:
    read = read_statement_file("x.csv", b"Date;Type;Libelle;Montant\n15/09/2026;Debit;A;1,00\n15/09/2026;Credit;B;2,00\n")
    assert [line.amount for line in read.lines] == [-1_00, 2_00]


def test_balances_that_the_lines_do_not_explain_are_told() -> None:
    whole = read_statement_file("x.csv", text_of("caisse-epargne-2020.csv").encode())
    short = read_statement_file("x.csv", text_of("caisse-epargne-2020.csv").replace("1080,65", "1090,65").encode())
    assert (whole.gap, whole.told_gap, short.gap) == (0, "", 10_00)
    assert short.told_gap.replace("\u202f", " ") == (
        "Ancien solde (1 000,00 €) et lignes font 1 080,65 €, le fichier annonce 1 090,65 € : 10,00 € d’écart. "
        "Il manque peut-être des lignes : comparez-le au relevé de votre banque."
    )


@given(st.sampled_from(FILES), st.sampled_from(ENCODINGS), st.integers(0, 2**32), st.integers(1, 12))
def test_whatever_is_spoilt_in_a_file_gives_a_statement_or_a_reason(name: str, encoding: str, seed: int, wounds: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- no secret
    data = bytearray(text_of(name).encode(encoding))
    for _ in range(wounds):
        start = chance.randrange(len(data) + 1)
        data[start : start + chance.randrange(20)] = chance.choice(
            [b"", b"\0", b";", b'"', b"<", b"</STMTTRN>", b"\xff", b"\n\n", b"9" * 30, data[:200], bytes([chance.randrange(256)])]
        )
    try:
        told = read_statement_file(name, bytes(data)).as_json()
    except UnreadableStatement as refusal:
        assert str(refusal).endswith((".", ")"))  # noqa: PT017 -- it may also be read
    else:
        assert set(told) == {"format", "account", "currency", "opening", "closing", "lines"}
