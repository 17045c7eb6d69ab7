"""OFX as French banks write it: OFX 1 (SGML) with or without a header, tags that nobody closes, decimal commas; OFX 2 (XML).

Read tag by tag, without an XML parser: what genuine files leave out, one would refuse, and there is nothing in them to expand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

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

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]*)(?:\s[^<>]*)?/?>")
_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|[a-z]{2,8});")
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS"})
_OWN_ACCOUNT: Final = frozenset({"BANKACCTFROM", "CCACCTFROM"})
_AGGREGATES: Final = frozenset({*_OWN_ACCOUNT, "LEDGERBAL", "AVAILBAL", "STMTTRN", "BANKACCTTO", "CCACCTTO", "BANKTRANLIST"})


@dataclass
class _Statement:
    """A statement as its tags come: its account, its currency, its balance, the fields of each of its lines."""

    currency: str = ""
    account: str = ""
    closing: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)


def is_ofx(text: str) -> bool:
    return re.search(r"<OFX>|^\s*OFXHEADER|<STMTTRN>", text[:10_000], re.IGNORECASE) is not None


def read_ofx(text: str) -> StatementFile:
    """Return the statement of an OFX file. Raises UnreadableStatement, also where it holds several accounts that moved."""
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UnreadableStatement("Ce fichier contient une déclaration DOCTYPE\u202f: par sécurité, Retkoop ne l’ouvre pas.")
    statements = _statements(_CDATA.sub(lambda found: found[1], text))
    if not statements:
        raise UnreadableStatement("Ce fichier OFX ne contient aucun relevé de compte.")
    moved = [one for one in statements if one.rows] or statements[:1]
    if len({one.account for one in moved}) > 1:
        raise UnreadableStatement("Ce fichier contient plusieurs comptes\u202f: exportez-en un seul à la fois.")
    refuse_other_currency(moved[0].currency)
    rows = [row for one in moved for row in one.rows]
    if len(rows) > MOST_LINES:
        raise UnreadableStatement(f"Ce fichier a plus de {MOST_LINES} lignes\u202f: exportez une période plus courte.")
    closing = read_money(moved[0].closing, "Le solde du relevé") if moved[0].closing and len(moved) == 1 else None
    lines = tuple(_line(row, number) for number, row in enumerate(rows, start=1))
    return StatementFile("ofx", lines, plain(moved[0].account), EURO, None, closing)


def _statements(text: str) -> list[_Statement]:
    """Return the statements of a file; aggregates that nobody closes end where the next one begins."""
    found: list[_Statement] = []
    inside = ""
    for closes, tag, value in _tags(text):
        if tag in _STATEMENTS and not closes:
            found.append(_Statement())
        if tag in _STATEMENTS or tag in _AGGREGATES:
            inside = _after(inside, tag, closes=closes)
        if closes or not (found or tag == "STMTTRN"):
            continue
        current = found[-1] if found else _Statement()
        if not found:
            found.append(current)
        if tag == "STMTTRN":
            current.rows.append({})
        elif value:
            _take(current, inside, tag, value)
    return found


def _after(inside: str, tag: str, *, closes: bool) -> str:
    """Return the aggregate in which the next values stand. After the account of the other side, its line goes on."""
    if not closes:
        return tag
    return "STMTTRN" if tag in {"BANKACCTTO", "CCACCTTO"} and inside == tag else ""


def _take(current: _Statement, inside: str, tag: str, value: str) -> None:
    if inside == "STMTTRN":
        current.rows[-1].setdefault(tag, value)
    elif inside in _OWN_ACCOUNT and tag == "ACCTID":
        current.account = current.account or value
    elif inside == "LEDGERBAL" and tag == "BALAMT":
        current.closing = value
    elif tag == "CURDEF":
        current.currency = value


def _tags(text: str) -> Iterator[tuple[bool, str, str]]:
    """Yield each tag, whether it closes, and the text behind it."""
    tags = list(_TAG.finditer(text))
    for place, tag in enumerate(tags):
        until = tags[place + 1].start() if place + 1 < len(tags) else len(text)
        yield bool(tag[1]), tag[2].upper(), _ENTITY.sub(lambda found: unescape(found[0]), text[tag.end() : until]).strip()


def _line(row: dict[str, str], number: int) -> BankLine:
    where = f"La ligne {number} du relevé"
    reference = row.get("FITID") or row.get("REFNUM") or row.get("CHECKNUM", "")
    return BankLine(
        read_date(row.get("DTPOSTED") or row.get("DTUSER", ""), where),
        read_money(row.get("TRNAMT", ""), where),
        label_of([row.get("NAME", ""), row.get("MEMO", "")]),
        plain(reference)[:100],
        plain(row.get("TRNTYPE", ""))[:40],
    )
