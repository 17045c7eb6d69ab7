"""What a bank statement file says, whatever its format; and what its cells hold: text, amounts, days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from retkoop.domain.money import Cents, InvalidAmount, parse_amount
from retkoop.ui.days import InvalidDay, parse_day

LARGEST_FILE: Final = 10_000_000
"""Bytes: a year of a busy account is a tenth of it."""
MOST_LINES: Final = 50_000
EURO: Final = "EUR"
_LONGEST_LABEL: Final = 300
_TRAILING_ZEROS: Final = re.compile(r"^([^.,]*[.,]\d\d)0+$")
_COMPACT_DAY: Final = re.compile(r"(?P<year>19\d\d|20\d\d|21\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:\D.*|\d{6}.*)?", re.ASCII)


class UnreadableStatement(ValueError):
    """The file is no bank statement that can be read; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of a statement, in cents, negative where money left. `reference` and `type` are the bank's own, "" where it gives none."""

    date: date
    amount: Cents
    label: str
    reference: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement: its lines in the order of the file, balances in cents, None where it has none; `account` is "" where it names none."""

    format: str
    lines: tuple[BankLine, ...]
    account: str = ""
    currency: str = EURO
    opening: Cents | None = None
    closing: Cents | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the contract of `retkoop read-statement --json`: null where the file says nothing."""
        lines = [
            {**asdict(line), "date": line.date.isoformat(), "reference": line.reference or None, "type": line.type or None}
            for line in self.lines
        ]
        soldes = {"opening": self.opening, "closing": self.closing}
        return {"format": self.format, "account": self.account or None, "currency": self.currency, **soldes, "lines": lines}


def decoded(data: bytes) -> str:
    """Read UTF-8, UTF-16 by its first bytes, else Windows-1252, whatever the header of a file claims. Raises UnreadableStatement."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableStatement("Ce fichier n’est pas du texte\u202f: demandez à votre banque un export OFX ou CSV.")


def plain(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(seen.split())


def label_of(parts: Iterable[str]) -> str:
    """Return the words of a line: its parts one after the other, one that another holds already left out."""
    told: list[str] = []
    for part in map(plain, parts):
        if part and not any(part in other for other in told):
            told = [*(other for other in told if other not in part), part]
    return " ".join(told)[:_LONGEST_LABEL].strip()


def read_money(text: str, where: str) -> Cents:
    """Read an amount as banks write it: `-12.50`, `1 234,56 EUR`, `12,50-`, `12.5000`.

    Raises UnreadableStatement; `where` names the line.
    """
    bare = plain(text)
    if bare.endswith(("-", "+")):
        bare = f"{bare[-1]}{bare[:-1]}".strip()
    zeros = _TRAILING_ZEROS.fullmatch(bare)
    try:
        return parse_amount(zeros[1] if zeros else bare)
    except InvalidAmount:
        raise UnreadableStatement(f"{where}\u202f: le montant «\u00a0{bare[:40]}\u00a0» n’est pas lisible.") from None


def read_date(text: str, where: str) -> date:
    """Read a day as banks write it (`20251103120000`, `03/11/2025`, `2025-11-03`). Raises UnreadableStatement; `where` names the line."""
    bare = plain(text)
    if not bare:
        raise UnreadableStatement(f"{where} n’a pas de date.")
    compact = _COMPACT_DAY.fullmatch(bare)
    try:
        told = f"{compact['year']}-{compact['month']}-{compact['day']}" if compact else re.split(r"[ T]", bare)[0]
        day = parse_day(told)
    except InvalidDay:
        raise UnreadableStatement(f"{where}\u202f: la date «\u00a0{bare[:40]}\u00a0» n’est pas lisible.") from None
    return day


def refuse_other_currency(currency: str) -> None:
    """Raise UnreadableStatement for any currency but the euro."""
    if currency and currency.upper() not in {EURO, "EUROS", "EURO", "€"}:
        raise UnreadableStatement(f"Ce relevé est en {plain(currency)[:10]}\u202f: Retkoop ne lit que les comptes en euros.")
