"""camt.053, the statement of ISO 20022, in its versions .02 to .13: one line an entry (Ntry), as the paper has it, whatever it groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from retkoop.banking.statement_files.values import (
    EURO,
    MOST_LINES,
    TOO_MANY,
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

_BOOKED: Final = frozenset({"", "BOOK"})
"""What waits (PDNG), or is only told (INFO, FUTR), is in no balance."""
_OTHERS: Final = {
    "BkToCstmrAcctRpt": "un point en cours de journée (camt.052), dont les opérations peuvent changer",
    "BkToCstmrDbtCdtNtfctn": "un avis d’opérations (camt.054), sans solde",
    "CstmrPmtStsRpt": "la réponse de la banque à un fichier d’ordres (pain.002)",
    "CstmrDrctDbtInitn": "un fichier de prélèvements (pain.008)",
    "CstmrCdtTrfInitn": "un fichier de virements (pain.001)",
}
_DETAILS: Final = "NtryDtls/TxDtls"


def read_camt(data: bytes) -> list[StatementFile]:
    """Return the statements of a camt.053 file, in the order of their days. Raises UnreadableStatement."""
    root = read_xml(data)
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise UnreadableStatement(_why_not(root))
    if sum(len(one.findall("Ntry")) for one in statements) > MOST_LINES:
        raise UnreadableStatement(TOO_MANY)
    return [_told(one) for one in sorted(statements, key=_first_day)]


def _why_not(root: Element) -> str:
    other = next((words for tag, words in _OTHERS.items() if root.find(tag) is not None), None)
    if other is None:
        return "Ce fichier XML n’est pas un relevé de compte (camt.053)."
    return f"Ce fichier est {other}, pas un relevé de compte\u202f: demandez à votre banque le relevé, au format camt.053 ou OFX."


def _first_day(statement: Element) -> str:
    """Return the day from which a statement counts, as ISO text: banks put the latest first, or the earliest."""
    opening = [text_in(told, "Dt/Dt", "Dt/DtTm") for told in statement.findall("Bal") if _code(told) in {"OPBD", "PRCD"}]
    return text_in(statement, "FrToDt/FrDtTm", "FrToDt/FrDt")[:10] or next(iter(opening), "")[:10]


def _told(one: Element) -> StatementFile:
    booked = [entry for entry in one.findall("Ntry") if text_in(entry, "Sts", "Sts/Cd") in _BOOKED]
    lines = tuple(_line(entry, number) for number, entry in enumerate(booked, start=1))
    account = plain(text_in(one, "Acct/Id/IBAN", "Acct/Id/Othr/Id"))[:40]
    opening, closing = _solde(one, ("OPBD", "PRCD")), _solde(one, ("CLBD",))
    return StatementFile("camt.053", lines, account, text_in(one, "Acct/Ccy").upper() or EURO, opening, closing)


def _code(told: Element) -> str:
    return text_in(told, "Tp/CdOrPrtry/Cd")


def _solde(statement: Element, codes: tuple[str, ...]) -> Cents | None:
    found = {_code(told): told for told in statement.findall("Bal")}
    told = next((found[code] for code in codes if code in found), None)
    return None if told is None else _amount(told, "Le solde du relevé")


def _amount(element: Element, where: str) -> Cents:
    amount = element.find("Amt")
    if amount is None:
        raise UnreadableStatement(f"{where} n’a pas de montant.")
    refuse_other_currency(amount.get("Ccy", ""))
    cents = read_money(amount.text or "", where)
    return -cents if text_in(element, "CdtDbtInd") == "DBIT" else cents


def _line(entry: Element, number: int) -> BankLine:
    where = f"La ligne {number} du relevé"
    came = text_in(entry, "CdtDbtInd") == "CRDT"
    # what a reversal gives back keeps its parties: the sign says where money goes, they say who began
    party = "Dbtr" if came is not (text_in(entry, "RvslInd") in {"true", "1"}) else "Cdtr"
    names = [
        name for details in entry.findall(_DETAILS) for name in [text_in(details, f"RltdPties/{party}/Nm", f"RltdPties/{party}/Pty/Nm")]
    ]
    words = [*texts_in(entry, f"{_DETAILS}/RmtInf/Ustrd"), *texts_in(entry, f"{_DETAILS}/RmtInf/Strd/CdtrRefInf/Ref")]
    return BankLine(
        read_date(text_in(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"), where),
        _amount(entry, where),
        label_of([*names, *words, text_in(entry, "AddtlNtryInf")]),
        plain(text_in(entry, "AcctSvcrRef", "NtryRef", f"{_DETAILS}/Refs/EndToEndId"))[:100],
        plain(text_in(entry, "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd", "BkTxCd/Domn/Cd"))[:40],
    )
