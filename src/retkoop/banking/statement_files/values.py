"""What a bank statement file says, whatever its format; and what its cells hold: text, amounts, days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from retkoop.domain.chart import fold
from retkoop.domain.dates import MONTHS
from retkoop.domain.money import Cents, InvalidAmount, format_amount, parse_amount
from retkoop.ui.days import InvalidDay, parse_day

LARGEST_FILE: Final = 10_000_000
"""Bytes: a year of a busy account is a tenth of it."""
MOST_LINES: Final = 50_000
TOO_MANY: Final = f"Ce fichier a plus de {MOST_LINES} lignes\u202f: exportez une période plus courte."
EURO: Final = "EUR"
_LONGEST_LABEL: Final = 300
_TRAILING_ZEROS: Final = re.compile(r"^([^.,]*[.,]\d\d)0+$")
_YEAR_FIRST: Final = re.compile(r"(?P<year>19\d\d|20\d\d|21\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)(?:\D.*|\d{2,}.*)?", re.ASCII)
_IN_WORDS: Final = re.compile(r"(\d{1,2})(?:er)?[ .-]+([^\W\d]{3,9})\.?[ .-]+(\d{4}|\d{2})")
_UNIT_FIRST: Final = re.compile(r"^([+-]?)\s*(?:€|EUR)\s*(?=[\d+-])", re.IGNORECASE)
_LOOSE_MARK: Final = re.compile(r"(?<=\d)\s*([.,])\s*(?=\d)")
_OLD_CODES: Final = {"cp850": rb"(?i)libell\x82|d\x82bit|op\x82ration", "mac_roman": rb"(?i)libell\x8e|d\x8ebit|op\x8eration"}
"""What a header reads like where a program of another age wrote it."""


class UnreadableStatement(ValueError):
    """The file is no bank statement that can be read; the message says why, and what to do, in French."""


class SeveralAccounts(UnreadableStatement):
    """The file holds several accounts that moved, and nobody said which: `found` has their statements."""

    def __init__(self, found: Sequence[StatementFile]) -> None:
        names = ", ".join(one.account or "sans numéro" for one in found)
        super().__init__(f"Ce fichier contient plusieurs comptes ({names})\u202f: choisissez-en un.")
        self.found = tuple(found)


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
    """A statement: its lines in the order of the file, balances in cents, None where it has none; `account` is "" where it names none.

    `remarks`: what its reader should know of how it was read, in French.
    """

    format: str
    lines: tuple[BankLine, ...]
    account: str = ""
    currency: str = EURO
    opening: Cents | None = None
    closing: Cents | None = None
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def gap(self) -> Cents:
        """What the new balance has beyond the old one and the lines: 0 in a whole file, or where it does not give both."""
        if self.opening is None or self.closing is None:
            return 0
        return self.closing - self.opening - sum(line.amount for line in self.lines)

    @property
    def told_gap(self) -> str:
        """Say that the balances and the lines do not agree, and what to do, in French; "" where they do."""
        if not self.gap or self.opening is None or self.closing is None:
            return ""
        there = format_amount(self.closing - self.gap)
        return (
            f"Ancien solde ({format_amount(self.opening)}) et lignes font {there}, le fichier annonce {format_amount(self.closing)}\u202f: "
            f"{format_amount(abs(self.gap))} d’écart. Il manque peut-être des lignes\u202f: comparez-le au relevé de votre banque."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the contract of `retkoop read-statement --json`: null where the file says nothing."""
        lines = [
            {**asdict(line), "date": line.date.isoformat(), "reference": line.reference or None, "type": line.type or None}
            for line in self.lines
        ]
        soldes = {"opening": self.opening, "closing": self.closing}
        return {"format": self.format, "account": self.account or None, "currency": self.currency, **soldes, "lines": lines}


def decoded(data: bytes) -> str:
    """Read UTF-8, UTF-16, else Windows-1252, whatever the header of a file claims. Raises UnreadableStatement.

    A label that was cut in the middle of a letter makes no UTF-8 file a Windows one.
    """
    text = data.decode(_encoding(data), errors="replace").lstrip("\ufeff")
    if "\0" in text:
        raise UnreadableStatement("Ce fichier n’est pas du texte\u202f: demandez à votre banque un export OFX ou CSV.")
    return text.replace("\ufffd", "").replace("¤", "€")  # the euro of ISO 8859-15 stands where Windows has the other sign


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    odd, even = data[1:400:2].count(0), data[:400:2].count(0)
    if max(odd, even) > len(data[:400]) // 3 and not min(odd, even):
        return "utf-16-le" if odd else "utf-16-be"
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    if not broken or len(text) - len(text.encode("ascii", "ignore")) > 2 * broken:
        return "utf-8"
    return next((name for name, header in _OLD_CODES.items() if re.search(header, data[:20_000])), "cp1252")


def plain(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def label_of(parts: Iterable[str]) -> str:
    """Return the words of a line: its parts one after the other, one that another holds already left out."""
    told: list[str] = []
    for part in map(plain, parts):
        if part and not any(part in other for other in told):
            told = [*(other for other in told if other not in part), part]
    return " ".join(told)[:_LONGEST_LABEL].strip()


def read_money(text: str, where: str) -> Cents:
    """Read an amount as banks write it: `-12.50`, `1 234,56 EUR`, `12,50-`, `(12,50)`, `EUR 12.5000`.

    Raises UnreadableStatement; `where` names the line.
    """
    bare = _UNIT_FIRST.sub(r"\1", plain(text[:100]))
    if not bare:
        raise UnreadableStatement(f"{where} n’a pas de montant.")
    if bare.endswith(("-", "+")):
        bare = f"{bare[-1]}{bare[:-1]}".strip()
    elif bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    zeros = _TRAILING_ZEROS.fullmatch(bare := _LOOSE_MARK.sub(r"\1", bare))
    try:
        return parse_amount(zeros[1] if zeros else bare)
    except InvalidAmount:
        raise UnreadableStatement(f"{where}\u202f: le montant «\u00a0{bare[:40]}\u00a0» n’est pas lisible.") from None


def read_date(text: str, where: str) -> date:
    """Read a day as banks write it (`20251103120000`, `03/11/2025`, `2025-11-03`, `3 nov. 2025`).

    Raises UnreadableStatement; `where` names the line.
    """
    bare = plain(text[:100])
    if not bare:
        raise UnreadableStatement(f"{where} n’a pas de date.")
    first, words = _YEAR_FIRST.fullmatch(bare), _IN_WORDS.match(bare)
    try:
        if first:
            return parse_day(f"{first['year']}-{first['month']}-{first['day']}")
        return parse_day(f"{words[1]}/{_month(words[2])}/{words[3]}" if words else re.split(r"[ T]", bare)[0])
    except InvalidDay:
        raise UnreadableStatement(f"{where}\u202f: la date «\u00a0{bare[:40]}\u00a0» n’est pas lisible.") from None


def _month(word: str) -> int:
    """Return the month that a word of at least three letters begins, 0 where none does, or where two do."""
    found = [number for number, month in enumerate(MONTHS, start=1) if fold(month).startswith(fold(word))]
    return found[0] if len(found) == 1 else 0


def refuse_other_currency(currency: str) -> None:
    """Raise UnreadableStatement for any currency but the euro."""
    if currency and currency.upper() not in {EURO, "EUROS", "EURO", "€"}:
        raise UnreadableStatement(f"Ce relevé est en {plain(currency)[:10]}\u202f: Retkoop ne lit que les comptes en euros.")
