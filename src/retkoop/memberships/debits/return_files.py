"""What banks send back about debits: pain.002, camt.053 and camt.054, whatever their version. XML from outside: nothing is believed.

A reader gives `ReturnedLine`s: of one debit (by its identifier, or by mandate and amount), or of a whole file or batch that was refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from retkoop.banking.statement_files.values import LARGEST_FILE, UnreadableStatement
from retkoop.banking.statement_files.xml import read_xml, text_in
from retkoop.domain.money import Cents, InvalidAmount, parse_amount

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # for its type alone: what parses is defusedxml

LARGEST: Final = LARGEST_FILE
_NAMELESS: Final = "NOTPROVIDED"
_RETURN_FAMILIES: Final = frozenset({"UPDD", "PRDD", "RRTN"})


class UnreadableReturns(ValueError):
    """No file of returns; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """What a bank says came back; `day` may be unknown. `message`: the file it is about, all of it (or its `batch`) without a debit."""

    code: str
    day: date | None = None
    end_to_end: str = ""
    mandate: str = ""
    amount: Cents | None = None
    message: str = ""
    batch: str = ""
    debtor: str = ""

    @property
    def of_one(self) -> bool:
        return bool(self.end_to_end or self.mandate)


def read_returns(data: bytes) -> list[ReturnedLine]:
    """Return what a file says came back, in its order. Raises UnreadableReturns."""
    if not data.strip():
        raise UnreadableReturns("Ce fichier est vide.")
    try:
        root = read_xml(data)
    except UnreadableStatement as refusal:
        raise UnreadableReturns(str(refusal)) from None
    for kind, reader in _READERS.items():
        if root.tag == "Document" and root.find(kind) is not None:
            return list(reader(root))
    raise UnreadableReturns(
        "Ce fichier XML n’est pas un fichier de retours\u202f: il faut un pain.002 (rejets), un camt.054 ou un camt.053 (relevé)."
    )


def _rejections(root: Element) -> Iterator[ReturnedLine]:
    """Read a pain.002: the debits that it names, else the batch or the file that it refuses whole."""
    day = _day(root, ".//GrpHdr/CreDtTm")
    group = root.find(".//OrgnlGrpInfAndSts")
    message = _text(root, ".//OrgnlGrpInfAndSts/OrgnlMsgId")
    named = [node for node in root.iter("TxInfAndSts") if _text(node, "TxSts") == "RJCT"]
    for node in named:
        yield replace(_one_debit(node, "OrgnlEndToEndId", "StsRsnInf", day), message=message)
    if group is not None and _text(group, "GrpSts") == "RJCT":
        yield ReturnedLine(_code(group, "StsRsnInf"), day, message=message)
        return
    for batch in root.iter("OrgnlPmtInfAndSts"):
        if _text(batch, "PmtInfSts") == "RJCT":
            yield ReturnedLine(_code(batch, "StsRsnInf"), day, message=message, batch=_text(batch, "OrgnlPmtInfId"))


def _entries(root: Element) -> Iterator[ReturnedLine]:
    """Read a camt.053 or camt.054: the details of entries that say why a debit came back, or are of the family of unpaid debits."""
    for entry in root.iter("Ntry"):
        day = _day(entry, "BookgDt/Dt") or _day(entry, "BookgDt/DtTm") or _day(entry, "ValDt/Dt")
        details = list(entry.iter("TxDtls"))
        for node in details:
            family = _text(node, "BkTxCd/Domn/Fmly/SubFmlyCd") or _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd")
            if node.find("RtrInf") is None and family not in _RETURN_FAMILIES:
                continue
            line = _one_debit(node, "Refs/EndToEndId", "RtrInf", day)
            if line.amount is None and len(details) == 1:
                line = replace(line, amount=_cents(_text(entry, "Amt")))
            yield line


def _one_debit(node: Element, name: str, reason: str, day: date | None) -> ReturnedLine:
    amounts = (".//OrgnlTxRef/Amt/InstdAmt", "AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt")
    end_to_end = _text(node, name)
    return ReturnedLine(
        code=_code(node, reason),
        day=day,
        end_to_end="" if end_to_end == _NAMELESS else end_to_end,
        mandate=_text(node, ".//MndtId"),
        amount=next((amount for path in amounts if (amount := _cents(_text(node, path))) is not None), None),
        debtor=_text(node, ".//Dbtr/Nm") or _text(node, ".//Dbtr/Pty/Nm"),
    )


def _code(node: Element, reason: str) -> str:
    code = _text(node, f"{reason}/Rsn/Cd") or _text(node, f"{reason}/Rsn/Prtry")
    return re.sub(r"[^0-9A-Z]", "", code.upper())[:4] or "MS03"


def _text(node: Element, path: str) -> str:
    return text_in(node, path)[:140]


def _day(node: Element, path: str) -> date | None:
    try:
        return date.fromisoformat(_text(node, path)[:10])
    except ValueError:
        return None


def _cents(text: str) -> Cents | None:
    try:
        return abs(parse_amount(text)) if re.fullmatch(r"[+-]?\d{1,12}(\.\d+)?", text) else None
    except InvalidAmount:
        return None


_READERS: Final[dict[str, Callable[[Element], Iterator[ReturnedLine]]]] = {
    "CstmrPmtStsRpt": _rejections,
    "BkToCstmrDbtCdtNtfctn": _entries,
    "BkToCstmrStmt": _entries,
}
