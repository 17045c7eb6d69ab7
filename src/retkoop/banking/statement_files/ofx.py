"""OFX as French banks write it: OFX 1 (SGML) with or without a header, tags that nobody closes, decimal commas; OFX 2 (XML).

Read tag by tag, without an XML parser: what genuine files leave out, one would refuse, and there is nothing in them to expand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from typing import Final

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
)

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]*)(?:\s[^<>]*)?/?>|\Z")
_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_START: Final = re.compile(r"<\??OFX[\s>]|^\s*OFXHEADER|<STMTTRN>", re.IGNORECASE)
_NO_DAY: Final = re.compile(r"[0\s-]*")
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS"})
_OWN_ACCOUNT: Final = frozenset({"BANKACCTFROM", "CCACCTFROM"})
_OTHER_SIDE: Final = frozenset({"BANKACCTTO", "CCACCTTO"})
_OF_AN_ACCOUNT: Final = frozenset({"BANKID", "BRANCHID", "ACCTID", "ACCTTYPE", "ACCTKEY"})
_AGGREGATES: Final = frozenset({*_OWN_ACCOUNT, *_OTHER_SIDE, "LEDGERBAL", "AVAILBAL", "STMTTRN", "BANKTRANLIST"})
_MOST_TAGS: Final = 20 * MOST_LINES
_LONGEST_VALUE: Final = 2_000
_ONLY_CARDS: Final = (
    "Ce fichier est le relevé d’une carte bancaire, pas celui d’un compte\u202f: téléchargez le relevé du compte "
    "sur lequel elle est débitée."
)


@dataclass
class _Statement:
    """A statement as its tags come: its account, its currency, its balance and the day of it, the fields of each of its lines."""

    of_card: bool = False
    currency: str = ""
    account: str = ""
    closing: str = ""
    closed_on: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)


def is_ofx(text: str) -> bool:
    return _START.search(text[:10_000]) is not None


def read_ofx(text: str) -> list[StatementFile]:
    """Return the statements of the accounts of an OFX file, those of cards left aside. Raises UnreadableStatement."""
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UnreadableStatement("Ce fichier contient une déclaration DOCTYPE\u202f: par sécurité, Retkoop ne l’ouvre pas.")
    found = _statements(_without_cdata(text))
    if not found:
        raise UnreadableStatement(
            "Ce fichier OFX ne contient aucun relevé de compte\u202f: sur le site de votre banque, choisissez un compte et une période."
        )
    of_accounts = [one for one in found if not one.of_card]
    if not of_accounts:
        raise UnreadableStatement(_ONLY_CARDS)
    return [_told(one) for one in sorted(of_accounts, key=lambda one: one.closed_on)]


def _without_cdata(text: str) -> str:
    """Return a text whose CDATA sections stand as plain text."""
    first, *parts = text.split("<![CDATA[")
    told = (part.partition("]]>") for part in parts)
    return first + "".join(f"{inside.replace('<', '&lt;')}{after}" for inside, _, after in told)


def _statements(text: str) -> list[_Statement]:
    """Return the statements of a file; aggregates that nobody closes end where the next one begins."""
    found: list[_Statement] = []
    inside, many = "", 0
    for closes, tag, value in _tags(text):
        if tag in _STATEMENTS and not closes:
            found.append(_Statement(of_card=tag == "CCSTMTRS"))
        if tag in _STATEMENTS or tag in _AGGREGATES:
            inside = _after(inside, tag, closes=closes)
        elif inside in _OTHER_SIDE and tag not in _OF_AN_ACCOUNT:
            inside = "STMTTRN"
        if closes or not (found or tag == "STMTTRN"):
            continue
        current = found[-1] if found else _Statement()
        if not found:
            found.append(current)
        if tag == "STMTTRN":
            current.rows.append({})
            if (many := many + 1) > MOST_LINES:
                raise UnreadableStatement(TOO_MANY)
        elif value:
            _take(current, inside, tag, value)
    return found


def _after(inside: str, tag: str, *, closes: bool) -> str:
    """Return the aggregate in which the next values stand. After the account of the other side, its line goes on."""
    if not closes:
        return tag
    return "STMTTRN" if tag in _OTHER_SIDE and inside in {tag, "STMTTRN"} else ""


def _take(current: _Statement, inside: str, tag: str, value: str) -> None:
    if inside == "STMTTRN":
        for row in current.rows[-1:]:  # none where a field stands outside any line
            row.setdefault(tag, value)
    elif inside in _OWN_ACCOUNT and tag == "ACCTID":
        current.account = current.account or value
    elif inside == "LEDGERBAL" and tag == "BALAMT":
        current.closing = value
    elif inside == "LEDGERBAL" and tag == "DTASOF":
        current.closed_on = value
    elif tag == "CURDEF":
        current.currency = value


def _tags(text: str) -> Iterator[tuple[bool, str, str]]:
    """Yield each tag, whether it closes, and the text behind it."""
    for number, (tag, after) in enumerate(pairwise(_TAG.finditer(text))):
        if number > _MOST_TAGS:
            raise UnreadableStatement(TOO_MANY)
        value = text[tag.end() : min(after.start(), tag.end() + _LONGEST_VALUE)].strip()
        yield bool(tag[1]), tag[2].upper(), _ENTITY.sub(lambda told: unescape(told[0]), value) if "&" in value else value


def _told(one: _Statement) -> StatementFile:
    closing = read_money(one.closing, "Le solde du relevé") if one.closing else None
    lines = tuple(_line(row, number) for number, row in enumerate(one.rows, start=1))
    return StatementFile("ofx", lines, plain(one.account)[:40], one.currency.upper() or EURO, None, closing)


def _line(row: dict[str, str], number: int) -> BankLine:
    where = f"La ligne {number} du relevé"
    reference = row.get("FITID") or row.get("REFNUM") or row.get("CHECKNUM", "")
    days = (row.get(tag, "") for tag in ("DTPOSTED", "DTUSER", "DTAVAIL"))
    return BankLine(
        read_date(next((day for day in days if not _NO_DAY.fullmatch(day)), ""), where),
        read_money(row.get("TRNAMT", ""), where),
        label_of([row.get("NAME", ""), row.get("MEMO", "")]),
        plain(reference)[:100],
        plain(row.get("TRNTYPE", ""))[:40],
    )
