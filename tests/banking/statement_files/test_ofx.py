"""OFX, as genuine files of French banks are made: headers that lie, tags that nobody closes, commas."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.banking.statement_files import BankLine, StatementFile, UnreadableStatement, read_statement_file

LA_BANQUE_POSTALE = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE
<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20251104</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><STMTRS>
<CURDEF>EUR
<BANKACCTFROM><BANKID>20041<BRANCHID>01012<ACCTID>1234567A033<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20251101<DTEND>20251104
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20251103
<TRNAMT>+230,00
<FITID>Xf1ZkQ
<NAME>VIREMENT DE COOP ECOLE JAURÈS
<MEMO>RF38 0910 000A 2025
</STMTTRN>
<STMTTRN>
<TRNTYPE>DEBIT
<DTPOSTED>20251104120000[+1:CET]
<TRNAMT>-12.5
<FITID>Xf1ZkR
<NAME>FRAIS & COMMISSIONS &amp; DIVERS
</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>1 234,56<DTASOF>20251104</LEDGERBAL>
<AVAILBAL><BALAMT>9999.99<DTASOF>20251104</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
</OFX>
"""

EXPECTED = StatementFile(
    "ofx",
    (
        BankLine(date(2025, 11, 3), 230_00, "VIREMENT DE COOP ECOLE JAURÈS RF38 0910 000A 2025", "Xf1ZkQ", "CREDIT"),
        BankLine(date(2025, 11, 4), -12_50, "FRAIS & COMMISSIONS & DIVERS", "Xf1ZkR", "DEBIT"),
    ),
    "1234567A033",
    "EUR",
    None,
    1234_56,
)


def read(text: str, encoding: str = "cp1252") -> StatementFile:
    return read_statement_file("releve.ofx", text.encode(encoding))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_genuine_file_is_read_in_whatever_encoding(encoding: str) -> None:
    assert read(LA_BANQUE_POSTALE, encoding) == EXPECTED


def test_a_header_that_is_missing_or_on_one_line_changes_nothing() -> None:
    body = LA_BANQUE_POSTALE[LA_BANQUE_POSTALE.index("<OFX>") :]
    assert read(body) == EXPECTED
    assert read(f"OFXHEADER:100DATA:OFXSGMLVERSION:102{body}") == EXPECTED
    assert read("\r\n\r\n" + LA_BANQUE_POSTALE.replace("\n", "\r\n")) == EXPECTED


def test_tags_that_nobody_closes_change_nothing() -> None:
    assert read(LA_BANQUE_POSTALE.replace("</STMTTRN>\n", "").replace("</LEDGERBAL>", "").replace("</BANKTRANLIST>", "")) == EXPECTED
    assert read(LA_BANQUE_POSTALE.partition("<LEDGERBAL>")[0]).lines == EXPECTED.lines


def test_xml_is_read_as_sgml_is() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?>
    <OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR</CURDEF><BANKACCTFROM><ACCTID>000123</ACCTID></BANKACCTFROM>
    <BANKTRANLIST><STMTTRN><TRNTYPE>XFER</TRNTYPE><DTPOSTED>20251103</DTPOSTED><TRNAMT>-5.00</TRNAMT><FITID>9</FITID>
    <PAYEE><NAME>Mairie d&apos;Évry</NAME></PAYEE><BANKACCTTO><ACCTID>OTHER</ACCTID></BANKACCTTO>
    <MEMO><![CDATA[Sortie]]></MEMO></STMTTRN></BANKTRANLIST>
    </STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
    line = BankLine(date(2025, 11, 3), -5_00, "Mairie d'Évry Sortie", "9", "XFER")
    assert read(text, "utf-8") == StatementFile("ofx", (line,), "000123")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<DTPOSTED>20251103\n", "", "La ligne 1 du relevé n’a pas de date."),
        ("<DTPOSTED>20251103\n", "<DTPOSTED>20251399\n", "La ligne 1 du relevé : la date « 20251399 » n’est pas lisible."),
        ("+230,00", "beaucoup", "La ligne 1 du relevé : le montant « beaucoup » n’est pas lisible."),
        ("<CURDEF>EUR", "<CURDEF>CHF", "Ce relevé est en CHF : Retkoop ne lit que les comptes en euros."),
        ("<OFX>", "<!DOCTYPE x><OFX>", "Ce fichier contient une déclaration DOCTYPE : par sécurité, Retkoop ne l’ouvre pas."),
    ],
)
def test_what_cannot_be_read_is_told(old: str, new: str, reason: str) -> None:
    with pytest.raises(UnreadableStatement) as refusal:
        read(LA_BANQUE_POSTALE.replace(old, new, 1))
    assert str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ") == reason


def test_a_file_of_two_accounts_is_refused_unless_one_alone_moved() -> None:
    second = "<STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>2</BANKACCTFROM>{}</STMTRS></BANKMSGSRSV1>"
    moved = "<STMTTRN><DTPOSTED>20251103<TRNAMT>1</STMTTRN>"
    assert read(LA_BANQUE_POSTALE.replace("</BANKMSGSRSV1>", second.format(""))) == EXPECTED
    with pytest.raises(UnreadableStatement, match="plusieurs comptes"):
        read(LA_BANQUE_POSTALE.replace("</BANKMSGSRSV1>", second.format(moved)))
    with pytest.raises(UnreadableStatement, match="aucun relevé"):
        read("<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>")


WORDS = st.text(st.characters(whitelist_categories=["L", "N"], max_codepoint=0x7F), min_size=1, max_size=20)
LINES = st.lists(
    st.builds(
        BankLine,
        st.dates(date(2024, 9, 1), date(2030, 8, 31)),
        st.integers(-10_000_00, 10_000_00),
        WORDS,
        WORDS,
        st.sampled_from(["CREDIT", "DEBIT"]),
    )
)


@given(LINES, st.booleans(), st.sampled_from(",."))
def test_what_is_written_is_read_back(lines: list[BankLine], closed: bool, comma: str) -> None:  # noqa: FBT001 -- hypothesis gives it
    def tag(name: str, value: str) -> str:
        return f"<{name}>{value}" + (f"</{name}>" if closed else "\n")

    rows = "".join(
        "<STMTTRN>"
        + tag("TRNTYPE", line.type)
        + tag("DTPOSTED", f"{line.date:%Y%m%d}")
        + tag("TRNAMT", f"{line.amount / 100:.2f}".replace(".", comma))
        + tag("FITID", line.reference)
        + tag("NAME", line.label)
        + "</STMTTRN>"
        for line in lines
    )
    text = f"<OFX><STMTRS><BANKACCTFROM>{tag('ACCTID', '12')}</BANKACCTFROM><BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></OFX>"
    assert read(text, "utf-8") == StatementFile("ofx", tuple(lines), "12")


def test_a_field_outside_any_line_is_of_none() -> None:
    text = LA_BANQUE_POSTALE.replace("<BANKTRANLIST>", "<BANKTRANLIST><BANKACCTTO><ACCTID>9<MEMO>PERDU</BANKACCTTO>")
    assert read(text) == EXPECTED
