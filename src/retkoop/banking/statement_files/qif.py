"""QIF, the oldest format that French banks still give: one letter a line, `^` after each operation, days in no order that it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from retkoop.banking.statement_files.values import (
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
from retkoop.domain.chart import fold
from retkoop.domain.money import Cents

_START: Final = re.compile(r"\s*!(?:type|account|option|clear)\b", re.IGNORECASE)
_OF_ACCOUNTS: Final = frozenset({"bank", "cash", "oth a", "oth l"})
_DAY: Final = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*(?:[/.-]|[/.-]?\s*')\s*(\d{1,4})", re.ASCII)
_OPENING: Final = frozenset({"opening balance", "solde initial", "solde d ouverture"})
_LAST_MONTH: Final = 12
_MOST_LETTERS: Final = 10 * MOST_LINES
_UNSURE: Final = (
    "Ce fichier QIF ne dit pas si le jour vient avant le mois\u202f: Retkoop a lu {read}, comme l’écrivent les banques françaises. "
    "Vérifiez une date, ou préférez le format OFX."
)

Fields = dict[str, str]


@dataclass
class _Section:
    """The operations of an account, each by its letters."""

    account: str = ""
    rows: list[Fields] = field(default_factory=list)


def is_qif(text: str) -> bool:
    return _START.match(text[:1_000]) is not None


def read_qif(text: str) -> list[StatementFile]:
    """Return the statements of the accounts of a QIF file. Raises UnreadableStatement."""
    sections = _sections(text)
    if sections and not any(section.rows for section in sections):
        raise UnreadableStatement(
            "Ce fichier QIF ne contient aucune opération\u202f: choisissez une autre période sur le site de votre banque."
        )
    if not sections:
        raise UnreadableStatement(
            "Ce fichier QIF ne contient aucun relevé de compte\u202f: une carte ou un portefeuille n’en est pas un. "
            "Sur le site de votre banque, choisissez le compte."
        )
    days = [row.get("D", "") for section in sections for row in section.rows]
    month_first, remarks = _order(days)
    return [_told(section, remarks, month_first=month_first) for section in sections]


def _sections(text: str) -> list[_Section]:
    found: list[_Section] = []
    account = ""
    for head, rows in _blocks(text):
        if head == "account":
            account = next((row["N"] for row in reversed(rows) if row.get("N")), account)
        elif head.removeprefix("type:") in _OF_ACCOUNTS:
            found.append(_Section(account, rows))
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[Fields]]]:
    """Yield each heading of a file, in lower case, with the operations under it."""
    head, rows, row = "", list[Fields](), Fields()
    for number, told in enumerate(text.splitlines()):
        if number > _MOST_LETTERS:
            raise UnreadableStatement(TOO_MANY)
        line = told.strip()
        if not line or line.startswith("^"):
            rows += [row] if row and line else []
            row = row if not line else {}
        elif line.startswith("!"):
            yield head, [*rows, *([row] if row else [])]
            head, rows, row = " ".join(line[1:].lower().replace("type: ", "type:").split()), [], {}
        else:
            row.setdefault(line[0].upper(), line[1:].strip())
    yield head, [*rows, *([row] if row else [])]


def _order(days: Sequence[str]) -> tuple[bool, tuple[str, ...]]:
    """Return whether months come first in a file, and what is said where it does not tell."""
    found = [told for day in days if (told := _DAY.fullmatch(plain(day)))]
    if any(int(told[1]) > _LAST_MONTH for told in found):
        return False, ()
    if any(int(told[2]) > _LAST_MONTH for told in found):
        return True, ()
    unsure = next((told[0] for told in found if told[1] != told[2]), None)
    return False, (_UNSURE.format(read=f"«\u00a0{unsure}\u00a0» le jour d’abord"),) if unsure else ()


def _told(section: _Section, remarks: tuple[str, ...], *, month_first: bool) -> StatementFile:
    opening: Cents | None = None
    lines: list[BankLine] = []
    for number, row in enumerate(section.rows, start=1):
        where = f"L’opération {number} du fichier"
        amount = read_money(row.get("T") or row.get("U", ""), where)
        if opening is None and not lines and fold(row.get("P", "")) in _OPENING:
            opening = amount
            continue
        label = label_of([row.get("P", ""), row.get("M", "")])
        lines.append(BankLine(_day(row.get("D", ""), where, month_first=month_first), amount, label, plain(row.get("N", ""))[:100]))
    return StatementFile("qif", tuple(lines), plain(section.account)[:40], opening=opening, remarks=remarks)


def _day(text: str, where: str, *, month_first: bool) -> date:
    found = _DAY.fullmatch(plain(text))
    if found is None:
        return read_date(text, where)
    day, month = (found[2], found[1]) if month_first else (found[1], found[2])
    return read_date(f"{day}/{month}/{int(found[3]) + (2000 if len(found[3]) < 4 else 0)}", where)
