"""camt.053, XML from outside, and what is no statement at all."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.banking.statement_files import BankLine, SeveralAccounts, StatementFile, UnreadableStatement, read_statement_file

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">117.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">230.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2025-11-03</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>COOP JAURES</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>RF38 0910 000A 2025</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">12.5</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<BookgDt><DtTm>2025-11-04T10:00:00</DtTm></BookgDt><AddtlNtryInf>FRAIS</AddtlNtryInf></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


INSTEAD = "sur le site de votre banque, téléchargez plutôt le format OFX (ou CSV)."
PDF = f"C’est un PDF, qui ne se lit pas ligne à ligne : {INSTEAD}"


def other(message: str) -> bytes:
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:x.001.08"><{message}/></Document>'.encode()


def refusal_of(data: bytes, name: str = "releve") -> str:
    with pytest.raises(UnreadableStatement) as refusal:
        read_statement_file(name, data)
    return str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ")


def test_a_statement_is_read() -> None:
    lines = (
        BankLine(date(2025, 11, 3), 230_00, "COOP JAURES RF38 0910 000A 2025", "A1", "ESCT"),
        BankLine(date(2025, 11, 4), -12_50, "FRAIS"),
    )
    read = read_statement_file("releve.xml", CAMT.encode())
    assert read == StatementFile("camt.053", lines, "FR7630006000011234567890189", "EUR", -100_00, 117_50)


def test_a_doctype_is_refused_before_anything_is_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    assert refusal_of(CAMT.replace("<Document", f"{bomb}<Document").encode()) == (
        "Ce fichier contient une déclaration DOCTYPE : par sécurité, Retkoop ne l’ouvre pas."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Ce fichier est vide."),
        (b" \n", "Ce fichier est vide."),
        (b"%PDF-1.7", PDF),
        (b"PK\x03\x04", "Ceci est un classeur : enregistrez-le en CSV, ou demandez à votre banque un export OFX."),
        (b"a\0b", "Ce fichier n’est pas du texte : demandez à votre banque un export OFX ou CSV."),
        (b"x" * 10_000_001, "Ce fichier dépasse 10 Mo : ce n’est pas un relevé, ou exportez une période plus courte."),
        (b"  \n%PDF-1.7", PDF),
        (b"\xff\xd8\xff\xe0", f"C’est une image : {INSTEAD}"),
        (b"PK\x05\x06" + b"\0" * 18, "Ce fichier n’est pas du texte : demandez à votre banque un export OFX ou CSV."),
        (b"\x1f\x8b", "C’est une archive : ouvrez-la, et envoyez le relevé qu’elle contient."),
        (b"{\\rtf1", f"C’est un document de traitement de texte : {INSTEAD}"),
        (b":20:STARTUMS\n:25:", f"C’est un relevé MT940, que Retkoop ne lit pas : {INSTEAD}"),
        (b"01" + b" " * 118 + b"\r\n04", f"C’est un relevé CFONB, que Retkoop ne lit pas : {INSTEAD}"),
        (
            b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html>",
            f"C’est une page web, pas un relevé : votre session de banque s’était peut-être fermée. Reconnectez-vous, puis {INSTEAD}",
        ),
        (b"<a>" * 31, "Ce fichier XML est emboîté comme aucune banque ne l’écrit : Retkoop ne l’ouvre pas."),
        (
            other("BkToCstmrDbtCdtNtfctn"),
            (
                "Ce fichier est un avis d’opérations (camt.054), sans solde, pas un relevé de compte : "
                "demandez à votre banque le relevé, au format camt.053 ou OFX."
            ),
        ),
        (
            other("BkToCstmrAcctRpt"),
            (
                "Ce fichier est un point en cours de journée (camt.052), dont les opérations peuvent changer, pas un relevé de compte : "
                "demandez à votre banque le relevé, au format camt.053 ou OFX."
            ),
        ),
        (b"<a>", "Ce fichier XML est abîmé : téléchargez-le de nouveau depuis votre banque."),
        (b"<a/>", "Ce fichier XML n’est pas un relevé de compte (camt.053)."),
        (CAMT.replace('Ccy="EUR">12.5', 'Ccy="GBP">12.5').encode(), "Ce relevé est en GBP : Retkoop ne lit que les comptes en euros."),
        (CAMT.replace("<BookgDt><Dt>2025-11-03</Dt></BookgDt>", "").encode(), "La ligne 1 du relevé n’a pas de date."),
        (CAMT.replace('<Amt Ccy="EUR">12.5</Amt>', "").encode(), "La ligne 2 du relevé n’a pas de montant."),
    ],
)
def test_what_is_no_statement_is_told(data: bytes, reason: str) -> None:
    assert refusal_of(data) == reason


def test_a_name_of_a_pdf_is_told_too() -> None:
    assert refusal_of(b"abc", "Releve.PDF") == PDF


def test_the_encoding_that_an_xml_file_claims_is_not_believed() -> None:
    said = CAMT.replace("COOP JAURES", "COOP JAURÈS")
    for data in (said.encode("cp1252"), said.replace("UTF-8", "ISO-8859-1").encode(), said.replace("UTF-8", "UTF-16").encode("utf-16")):
        assert read_statement_file("releve.xml", data).lines[0].label == "COOP JAURÈS RF38 0910 000A 2025"


def test_of_several_accounts_one_is_asked_for() -> None:
    statement = CAMT[CAMT.index("<Stmt>") : CAMT.index("</BkToCstmrStmt>")]
    both = CAMT.replace("</BkToCstmrStmt>", statement.replace("1234567890189", "1234567890278") + "</BkToCstmrStmt>").encode()
    with pytest.raises(SeveralAccounts, match="plusieurs comptes") as several:
        read_statement_file("releve.xml", both)
    assert [one.account[-3:] for one in several.value.found] == ["189", "278"]
    assert read_statement_file("releve.xml", both, "FR76 3000 6000 0112 3456 7890 278").account == "FR7630006000011234567890278"
