"""camt.053, the statement of ISO 20022."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retkoop.banking.statement_files.values import (
    EURO,
    MOST_LINES,
    BankLine,
    StatementFile,
    UnreadableStatement,
    label_of,
    plain,
    read_date,
    read_money,
    refuse_other_currency,
)
from retkoop.banking.statement_files.xml import read_xml, text_in, texts_in
from retkoop.domain.money import Cents

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # for its type alone: what parses is defusedxml


def read_camt(data: bytes) -> StatementFile:
    """Return the statement of a camt.053 file; of several of the same account, all lines. Raises UnreadableStatement."""
    statements = read_xml(data).findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise UnreadableStatement("Ce fichier XML n’est pas un relevé de compte (camt.053).")
    accounts = {text_in(one, "Acct/Id/IBAN", "Acct/Id/Othr/Id") for one in statements}
    if len(accounts) > 1:
        raise UnreadableStatement("Ce fichier contient plusieurs comptes\u202f: exportez-en un seul à la fois.")
    for one in statements:
        refuse_other_currency(text_in(one, "Acct/Ccy"))
    entries = [entry for one in statements for entry in one.findall("Ntry")]
    if len(entries) > MOST_LINES:
        raise UnreadableStatement(f"Ce fichier a plus de {MOST_LINES} lignes\u202f: exportez une période plus courte.")
    lines = tuple(_line(entry, number) for number, entry in enumerate(entries, start=1))
    opening, closing = _told(statements[0], ("OPBD", "PRCD")), _told(statements[-1], ("CLBD",))
    return StatementFile("camt.053", lines, plain(accounts.pop())[:40], EURO, opening, closing)


def _told(statement: Element, codes: tuple[str, ...]) -> Cents | None:
    for told in statement.findall("Bal"):
        if text_in(told, "Tp/CdOrPrtry/Cd") in codes:
            return _amount(told, "Le solde du relevé")
    return None


def _amount(element: Element, where: str) -> Cents:
    amount = element.find("Amt")
    if amount is None:
        raise UnreadableStatement(f"{where} n’a pas de montant.")
    refuse_other_currency(amount.get("Ccy", ""))
    cents = read_money(amount.text or "", where)
    return -cents if text_in(element, "CdtDbtInd") == "DBIT" else cents


def _line(entry: Element, number: int) -> BankLine:
    where = f"La ligne {number} du relevé"
    details = "NtryDtls/TxDtls"
    parties = ("Dbtr", "Dbtr/Pty") if text_in(entry, "CdtDbtInd") == "CRDT" else ("Cdtr", "Cdtr/Pty")
    names = [text_in(entry, *(f"{details}/RltdPties/{party}/Nm" for party in parties))]
    words = [*texts_in(entry, f"{details}/RmtInf/Ustrd"), *texts_in(entry, f"{details}/RmtInf/Strd/CdtrRefInf/Ref")]
    return BankLine(
        read_date(text_in(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"), where),
        _amount(entry, where),
        label_of([*names, *words, text_in(entry, "AddtlNtryInf")]),
        plain(text_in(entry, "AcctSvcrRef", "NtryRef", f"{details}/Refs/EndToEndId"))[:100],
        plain(text_in(entry, "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd", "BkTxCd/Domn/Cd"))[:40],
    )
