"""A statement that is a table of rows, whatever it came in (CSV, workbook): its lines, the balances among them, the accounts it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from retkoop.banking.statement_files.columns import DEEPEST_HEADER, Columns, Row, cell_at, columns_guessed, columns_named
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
from retkoop.domain.chart import fold
from retkoop.domain.money import Cents, InvalidAmount, parse_amount

HEADERS_DEEP: Final = DEEPEST_HEADER
NO_TABLE: Final = (
    "Ce fichier n’est pas un relevé que Retkoop sait lire\u202f: il faut des colonnes Date, Libellé, et Montant ou Débit et Crédit. "
    "Sur le site de votre banque, téléchargez plutôt le format OFX."
)
_SOLDE: Final = re.compile(
    r"(?:ancien |nouveau |dernier )?solde"
    r"(?: (?:initial|final|precedent|anterieur|crediteur|debiteur|comptable|(?:de|en) (?:debut|fin)|(?:en )?euros|eur|de (?:la )?periode))*"
    r"(?: (?:au |du |le |a la date du )?\d.*)?"
)
_SOLDE_OF_NO_DAY: Final = re.compile(r"(?:(?:ancien|nouveau|dernier|votre) )?solde\b.*")
_REPORT: Final = re.compile(r"report(?: (?:a nouveau|du solde|solde|precedent))*")
_TOTALS: Final = re.compile(r"(?:sous )?(?:total|totaux)(?: .*)?")
_OLD: Final = re.compile(r"ancien|initial|precedent|anterieur|debut|report")
_NEW: Final = re.compile(r"nouveau|final|\bfin\b")
_LEFT_ASIDE: Final = re.compile(
    r"processing|pending|declined|reverted|failed|cancell?ed|en attente|en cours|a venir|refusee?|annulee?|echouee?"
)
_TRAILING_AMOUNT: Final = re.compile(r"(?<![\d/])([+-]?\s?(?:\d{1,3}(?:[ .]\d{3})+|\d+),\d\d)\s*(?:€|EUR|euros?)?$", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"\b(?:n°|(?:n[o.]|num[ée]ro|compte|livret|iban)\b).{0,60}?[: ]((?:FR\d\d|\d)[\dA-Z ]{4,33})$", re.IGNORECASE)
_BARE_ACCOUNT: Final = re.compile(r"(?:\d[\d ]{4,22}[A-Z]?[\d ]{0,5}|\*{2,}\d{3,6}|[A-Z]{2}\d\d[\dA-Z ]{10,30})")
_CURRENCY: Final = re.compile(r"\bdevise\b\s*:?\s*([A-Z]{3})\b", re.IGNORECASE)
_LONGEST_SENTENCE: Final = 300


@dataclass
class _Section:
    """A header, the rows above it and those below, numbered from `first`, and what they say."""

    columns: Columns
    above: Sequence[Row]
    below: Sequence[Row]
    first: int
    opening: Cents | None = None
    closing: Cents | None = None
    unnamed: dict[bool, Cents] = field(default_factory=dict)
    lines: list[BankLine] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    account: str = ""


def headers_of(rows: Sequence[Row]) -> Iterator[tuple[int, Columns]]:
    """Yield the place and the columns of each header: the first stands near the top, others begin the tables of other accounts."""
    found = False
    for place, row in enumerate(rows):
        if not found and place >= DEEPEST_HEADER:
            return
        columns = columns_named(row)
        if columns is not None:
            found = True
            yield place, columns


def read_table(format_: str, rows: Sequence[Row]) -> list[StatementFile]:
    """Return the statements of a table, one an account. Raises UnreadableStatement."""
    if len(rows) > MOST_LINES + DEEPEST_HEADER:
        raise UnreadableStatement(TOO_MANY)
    told: list[StatementFile] = []
    for section in _sections(rows):
        _read_above(section)
        for number, row in enumerate(section.below, start=section.first):
            _read_row(section, row, f"La ligne {number} du fichier")
        _sign_by_type(section)
        _place_unnamed(section)
        _read_running(section)
        section.account = section.account or (_name_of_next(section, told[-1].account) if told else "")
        told += _told(format_, section)
    if not any(one.lines or one.closing is not None for one in told):
        raise UnreadableStatement("Ce fichier n’a que son en-tête\u202f: il ne contient aucune opération. Choisissez une autre période.")
    return told


def _sections(rows: Sequence[Row]) -> Iterator[_Section]:
    """Yield the tables of a file, each with its rows; what stands between two belongs to the second. Raises UnreadableStatement."""
    headers = list(headers_of(rows))
    if not headers:
        yield _without_header(rows)
        return
    start = 0
    for at, (place, columns) in enumerate(headers):
        until = headers[at + 1][0] if at + 1 < len(headers) else len(rows)
        end = until if until == len(rows) else _end_of(rows, place + 1, until, columns)
        yield _Section(columns, rows[start:place], rows[place + 1 : end], place + 2)
        start = end


def _end_of(rows: Sequence[Row], first: int, until: int, columns: Columns) -> int:
    """Return where the rows of a table end before the next header: at the first empty row after its last day."""
    last = max((place for place in range(first, until) if _is_day(columns.cell(rows[place], "date"))), default=first - 1)
    return next((place for place in range(last + 1, until) if not any(cell.strip() for cell in rows[place])), last + 1)


def _name_of_next(section: _Section, before: str) -> str:
    """Return what stands first above a header that is not the first: another account, unless the header alone comes again."""
    return next((cell for row in section.above for place in range(len(row)) if (cell := cell_at(row, place))), before)


def _without_header(rows: Sequence[Row]) -> _Section:
    columns = columns_guessed(rows)
    if columns is None:
        raise UnreadableStatement(NO_TABLE)
    first = next(place for place, row in enumerate(rows) if _is_day(columns.cell(row, "date")) and any(columns.words(row)))
    return _Section(columns, rows[:first], rows[first:], first + 1)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _told(format_: str, section: _Section) -> list[StatementFile]:
    """Return the statement of a table, or, where a column names several accounts, one for each, without the balances of the whole."""
    whole = StatementFile(format_, tuple(section.lines), section.account[:40], EURO, section.opening, section.closing)
    names = list(dict.fromkeys(section.accounts))
    if not names or not all(names):
        return [whole]
    if len(names) == 1:
        return [replace(whole, account=names[0][:40])]
    pairs = list(zip(section.lines, section.accounts, strict=True))
    return [StatementFile(format_, tuple(line for line, name in pairs if name == one), one[:40]) for one in names]


def _read_row(section: _Section, row: Row, where: str) -> None:
    """Take one row under the header: a line, a balance, or nothing that counts."""
    columns = section.columns
    label, day = label_of(columns.words(row)), columns.cell(row, "date") or columns.cell(row, "value")
    words = fold(label) or fold(day)
    if (not _has_digit(day) and _TOTALS.fullmatch(words)) or _LEFT_ASIDE.fullmatch(fold(columns.cell(row, "fate"))):
        return
    amount = _amount_in(columns, row, where)
    if _SOLDE.fullmatch(words) or _REPORT.fullmatch(words) or (_SOLDE_OF_NO_DAY.fullmatch(words) and not _is_day(day)):
        amount = _last_amount([cell for place in range(len(row)) if (cell := cell_at(row, place))]) if amount is None else amount
        if amount is not None:
            _take_solde(section, words, amount)
    elif amount is not None and _BARE_ACCOUNT.fullmatch(label):
        section.closing, section.account = amount, label  # the last row of a bank without headers
    elif amount is not None:
        _take_line(section, row, BankLine(read_date(day, where), amount, label))
    elif day and label:
        raise UnreadableStatement(f"{where} n’a pas de montant.")


def _is_day(text: str) -> bool:
    return text[:1].isdigit()


def _take_line(section: _Section, row: Row, line: BankLine) -> None:
    columns = section.columns
    refuse_other_currency(columns.cell(row, "currency"))
    section.lines.append(replace(line, reference=columns.cell(row, "reference")[:100], type=columns.cell(row, "type")[:40]))
    section.running.append(columns.cell(row, "running"))
    section.accounts.append(columns.cell(row, "account"))


def _amount_in(columns: Columns, row: Row, where: str) -> Cents | None:
    """Return what a row moves, None where it says no amount."""
    written = {column: columns.cell(row, column) for column in ("debit", "credit", "amount")}
    debit, credit, amount = (read_money(cell, where) if _has_digit(cell) or cell.strip("- €") else 0 for cell in written.values())
    if debit and credit:
        raise UnreadableStatement(f"{where} a un débit et un crédit\u202f: elle n’est pas lisible.")
    if debit or credit:
        return -abs(debit) if debit else credit
    if not any(written.values()):
        return None
    sign = columns.cell(row, "sign")
    return -abs(amount) if sign == "-" or fold(sign).startswith("d") else amount


def _sign_by_type(section: _Section) -> None:
    """Make what a column « Type » calls a debit leave, where no amount has a sign."""
    kinds = {fold(line.type) for line in section.lines}
    if kinds == {"debit", "credit"} and all(line.amount >= 0 for line in section.lines):
        section.lines = [replace(line, amount=-line.amount) if fold(line.type) == "debit" else line for line in section.lines]


def _take_solde(section: _Section, words: str, amount: Cents) -> None:
    """Keep a balance that stands among the lines: the old one, the new one, or, unnamed, by its place."""
    if _OLD.search(words):
        section.opening = amount
    elif _NEW.search(words):
        section.closing = amount
    else:
        section.unnamed[bool(section.lines)] = amount


def _place_unnamed(section: _Section) -> None:
    """Place the balances that say « solde » alone: above the lines the old one, below the new one; upside down, the reverse."""
    runs_on = not section.lines or section.lines[0].date <= section.lines[-1].date
    for below, amount in section.unnamed.items():
        if below is runs_on:
            section.closing = amount if section.closing is None else section.closing
        else:
            section.opening = amount if section.opening is None else section.opening


def _read_above(section: _Section) -> None:
    """Read the account, the balances and the currency that stand above the header. Raises UnreadableStatement for another currency."""
    for row in section.above:
        cells = [cell for place in range(min(len(row), 40)) if (cell := cell_at(row, place)[:_LONGEST_SENTENCE])]
        sentence = " ".join(cells)[:_LONGEST_SENTENCE]
        currency = _CURRENCY.search(sentence)
        refuse_other_currency(currency[1] if currency else "")
        section.account = section.account or _account_in([*cells, sentence])
        words = fold(cells[0]) if cells else ""
        if len(cells) > 3 and (bare := next((cell for cell in cells if _BARE_ACCOUNT.fullmatch(cell)), "")):
            section.account, words = bare, "solde"  # account, days, balance: a line of its own at several banks
        if not words.startswith(("solde", "ancien solde", "nouveau solde")) or re.search("franc|frf", words):
            continue
        amount = _last_amount(cells)
        if amount is not None and re.match(r"ancien|solde (?:initial|precedent|(?:en|de) debut)", words):
            section.opening = amount
        elif amount is not None and section.closing is None:
            section.closing = amount


def _account_in(texts: Sequence[str]) -> str:
    """Return the account that one of these texts names, "" where none does."""
    for text in texts:
        found = _ACCOUNT.search(text)
        if found and sum(sign.isdigit() for sign in found[1]) >= 5:
            return plain(found[1])
    return ""


def _last_amount(cells: Sequence[str]) -> Cents | None:
    found = _TRAILING_AMOUNT.search(cells[-1][-_LONGEST_SENTENCE:]) if cells else None
    try:
        return parse_amount(found[1] if found else cells[-1]) if found or len(cells) > 1 else None
    except InvalidAmount:
        return None


def _read_running(section: _Section) -> None:
    """Take both balances of a column « Solde » that follows the lines, upwards or downwards; one that does not is left alone."""
    if not section.lines or not all(section.running) or section.opening is not None or section.closing is not None:
        return
    try:
        after = [parse_amount(cell) for cell in section.running]
    except InvalidAmount:
        return
    amounts = [line.amount for line in section.lines]
    for told, moved in ((after, amounts), (after[::-1], amounts[::-1])):
        if all(told[at] == told[at - 1] + moved[at] for at in range(1, len(told))):
            section.opening, section.closing = told[0] - moved[0], told[-1]
            return
