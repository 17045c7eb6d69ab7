"""CSV as French banks export it: lines of their own above the header, columns under many names, balances among the lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
from retkoop.domain.chart import fold
from retkoop.domain.money import Cents, InvalidAmount, parse_amount

_DELIMITERS: Final = ";\t,|"
_DEEPEST_HEADER: Final = 60
"""Rows above the header: no bank writes so many."""
_FOREIGN: Final = re.compile(r"francs?|frf|devise|origine|montant initial")
_COLUMNS: Final = {
    "date": (
        r"date",
        r"date (?:de )?(?:comptabilisation|comptable|ecriture)",
        r"date (?:de |de l |d )?operation|dateop|jour|date op",
        r"date (?:de )?transaction",
        r"booking date",
        r"(?:date (?:de )?)?valeur|dateval|value date",
    ),
    "amount": (r"montant(?: .*)?|amount(?: .*)?|somme",),
    "debit": (r"debits?(?: .*)?|montant (?:au )?debit(?: .*)?|depenses?|sorties?",),
    "credit": (r"credits?(?: .*)?|montant (?:au )?credit(?: .*)?|recettes?|entrees?",),
    "sign": (r"sens(?: .*)?",),
    "running": (r"solde(?: .*)?",),
    "reference": (r"ref(?:erence)?(?: .*)?|numero (?:d )?operation|n operation",),
    "type": (r"type(?: .*)?|code operation",),
    "currency": (r"devise|currency",),
    "account": (r"(?:numero (?:de |du )?|n |no )?compte|iban|account(?:num)?",),
}
_LABELS: Final = re.compile(
    r"libelle.*|label|detail.*|nature.*|description|intitule.*|informations? complementaires?|commentaire|designation|communication|motif"
    r"|nom (?:de la )?contrepartie|operation"
)
_SOLDE: Final = re.compile(
    r"(?:ancien |nouveau |dernier )?solde"
    r"(?: (?:initial|final|precedent|anterieur|crediteur|debiteur|comptable|de debut|de fin|en euros|euros|eur|de la periode))*"
    r"(?: (?:au |du |le |a la date du )?\d.*)?"
)
_REPORT: Final = re.compile(r"report(?: (?:a nouveau|du solde|solde|precedent))*")
_TOTALS: Final = re.compile(r"(?:sous )?(?:total|totaux)(?: .*)?")
_TRAILING_AMOUNT: Final = re.compile(r"(?<![\d/])([+-]?\s?(?:\d{1,3}(?:[ .]\d{3})+|\d+),\d\d)\s*(?:€|EUR|euros?)?$", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"\b(?:n[°o]|num[ée]ro|compte|iban)\b.*?[: ]((?:FR\d\d|\d)[\dA-Z ]{4,33})$", re.IGNORECASE)

Row = list[str]


@dataclass
class _Table:
    """The header of a file: the place of each column that is known, those of the words, and what stands above and below it."""

    delimiter: str
    columns: dict[str, int]
    labels: list[int]
    above: list[Row]
    below: list[Row]
    opening: Cents | None = None
    closing: Cents | None = None
    unnamed: dict[bool, Cents] = field(default_factory=dict)
    lines: list[BankLine] = field(default_factory=list)
    running: list[str] = field(default_factory=list)

    def cell(self, row: Row, column: str) -> str:
        place = self.columns.get(column)
        return plain(row[place]) if place is not None and place < len(row) else ""


def read_csv(text: str) -> StatementFile:
    """Return the statement of a CSV file. Raises UnreadableStatement."""
    table = _table(text)
    _read_above(table)
    first = len(table.above) + 2
    for number, row in enumerate(table.below, start=first):
        if any("\n" in cell and table.delimiter in cell for cell in row):
            raise UnreadableStatement(f"Les guillemets de la ligne {number} du fichier ne sont pas fermés.")
        _read_row(table, row, f"La ligne {number} du fichier")
    if not table.lines and table.closing is None:
        raise UnreadableStatement("Ce fichier n’a que son en-tête\u202f: il ne contient aucune opération.")
    _place_unnamed(table)
    _read_running(table)
    account = next((found for row in table.below if (found := table.cell(row, "account"))), "") or _account_above(table.above)
    return StatementFile("csv", tuple(table.lines), account[:40], EURO, table.opening, table.closing)


def _table(text: str) -> _Table:
    """Return the header with the most known columns, over all that may part them. Raises UnreadableStatement."""
    best: _Table | None = None
    for delimiter in _DELIMITERS:
        rows = _rows(text, delimiter)
        for place, row in enumerate(rows[:_DEEPEST_HEADER]):
            columns, labels = _header(row)
            known = len(columns) + len(labels)
            if "date" in columns and labels and columns.keys() & {"amount", "debit", "credit"}:
                if best is None or known > len(best.columns) + len(best.labels):
                    best = _Table(delimiter, columns, labels, rows[:place], rows[place + 1 :])
                break
    if best is None:
        raise UnreadableStatement(
            "Ce fichier n’est pas un relevé que Retkoop sait lire\u202f: il faut des colonnes Date, Libellé, et Montant ou Débit et Crédit."
        )
    if len(best.below) > MOST_LINES:
        raise UnreadableStatement(f"Ce fichier a plus de {MOST_LINES} lignes\u202f: exportez une période plus courte.")
    return best


def _rows(text: str, delimiter: str) -> list[Row]:
    try:
        return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _header(row: Row) -> tuple[dict[str, int], list[int]]:
    """Return the place of each column that a row names, and those of the words."""
    titles = [fold(cell.replace("_", " ")) for cell in row]
    columns = {}
    for column, names in _COLUMNS.items():
        places = [at for at, title in enumerate(titles) if column == "currency" or not _FOREIGN.search(title)]
        named = (at for name in names for at in places if re.fullmatch(name, titles[at]))
        if (place := next(named, None)) is not None:
            columns[column] = place
    taken = set(columns.values())
    return columns, [at for at, title in enumerate(titles) if at not in taken and _LABELS.fullmatch(title)]


def _read_row(table: _Table, row: Row, where: str) -> None:
    """Take one row under the header: a line, a balance, or nothing that counts."""
    label, day = label_of(row[place] for place in table.labels if place < len(row)), table.cell(row, "date")
    words = fold(label) or fold(day)
    if not any(sign.isdigit() for sign in day) and _TOTALS.fullmatch(words):
        return
    amount = _amount_in(table, row, where)
    if _SOLDE.fullmatch(words) or _REPORT.fullmatch(words):
        if amount is not None:
            _take_solde(table, words, amount)
    elif amount is not None:
        refuse_other_currency(table.cell(row, "currency"))
        reference, kind = table.cell(row, "reference")[:100], table.cell(row, "type")[:40]
        table.lines.append(BankLine(read_date(day, where), amount, label, reference, kind))
        table.running.append(table.cell(row, "running"))
    elif day and label:
        raise UnreadableStatement(f"{where} n’a pas de montant.")


def _amount_in(table: _Table, row: Row, where: str) -> Cents | None:
    """Return what a row moves, None where it says no amount."""
    written = {column: table.cell(row, column) for column in ("debit", "credit", "amount")}
    debit, credit, amount = (read_money(cell, where) if cell else 0 for cell in written.values())
    if debit and credit:
        raise UnreadableStatement(f"{where} a un débit et un crédit\u202f: elle n’est pas lisible.")
    if debit or credit:
        return -abs(debit) if debit else credit
    if not any(written.values()):
        return None
    sign = table.cell(row, "sign")
    return -abs(amount) if sign == "-" or fold(sign).startswith("d") else amount


def _take_solde(table: _Table, words: str, amount: Cents) -> None:
    """Keep a balance that stands among the lines: the old one, the new one, or, unnamed, by its place."""
    if re.search(r"ancien|initial|precedent|anterieur|debut|report", words):
        table.opening = amount
    elif re.search(r"nouveau|final|\bfin\b", words):
        table.closing = amount
    else:
        table.unnamed[bool(table.lines)] = amount


def _place_unnamed(table: _Table) -> None:
    """Place the balances that say « solde » alone: above the lines the old one, below the new one; upside down, the reverse."""
    runs_on = not table.lines or table.lines[0].date <= table.lines[-1].date
    for below, amount in table.unnamed.items():
        if below is runs_on:
            table.closing = amount if table.closing is None else table.closing
        else:
            table.opening = amount if table.opening is None else table.opening


def _read_above(table: _Table) -> None:
    """Read the balance and the currency that stand above the header."""
    for row in table.above:
        cells = [plain(cell) for cell in row if plain(cell)]
        words = fold(cells[0]) if cells else ""
        if not words.startswith(("solde", "ancien solde", "nouveau solde")) or re.search("franc|frf", words):
            continue
        amount = _last_amount(cells)
        if amount is None:
            continue
        if words.startswith(("ancien", "solde initial", "solde precedent")):
            table.opening = amount
        elif table.closing is None:
            table.closing = amount


def _last_amount(cells: Sequence[str]) -> Cents | None:
    found = _TRAILING_AMOUNT.search(cells[-1])
    try:
        return parse_amount(found[1] if found else cells[-1]) if found or len(cells) > 1 else None
    except InvalidAmount:
        return None


def _account_above(above: Sequence[Row]) -> str:
    """Return the account that the rows above the header name, "" where none does."""
    for words in _sentences(above):
        found = _ACCOUNT.search(words)
        if found and sum(sign.isdigit() for sign in found[1]) >= 5:
            return plain(found[1])
    return ""


def _sentences(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        yield " ".join(plain(cell) for cell in row if plain(cell))


def _read_running(table: _Table) -> None:
    """Take both balances of a column « Solde » that follows the lines, upwards or downwards; one that does not is left alone."""
    if not table.lines or not all(table.running) or table.opening is not None or table.closing is not None:
        return
    try:
        after = [parse_amount(cell) for cell in table.running]
    except InvalidAmount:
        return
    amounts = [line.amount for line in table.lines]
    for told, moved in ((after, amounts), (after[::-1], amounts[::-1])):
        if all(told[at] == told[at - 1] + moved[at] for at in range(1, len(told))):
            table.opening, table.closing = told[0] - moved[0], told[-1]
            return
