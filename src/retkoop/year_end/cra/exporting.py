"""The answers of an AD's coops as a file: a row a coop, CSV or XLSX; in XLSX each table has a sheet of its own besides.

Texts that a spreadsheet would run as a formula get an apostrophe in front, as in any file that leaves the house.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from retkoop.books.cells import guarded
from retkoop.domain.answers import is_answered
from retkoop.domain.money import format_decimal
from retkoop.domain.questionnaire import Question, QuestionKind
from retkoop.year_end.cra.counts import CoopRow, Counts, remark_owner

Cell: TypeAlias = str | int | Decimal
"""A text, a number, or an amount in euros, exact."""
Line: TypeAlias = list[Cell]

COLUMNS: Final = ("RNE", "École", "Commune", "État")
LONGEST_NAME: Final = 31


def coops_in(counts: Counts) -> list[CoopRow]:
    """Return the coops of the file: those counted; those that have not begun too, unless only finished ones are asked for."""
    if counts.finished_only:
        return counts.counted
    latest = counts.version == counts.versions[0]
    return [one for one in counts.coops if one.version == counts.version.pk or (latest and one.version is None)]


def lines_of(counts: Counts) -> Iterator[Line]:
    """Yield the file line by line, the titles first."""
    asked, owners = counts.questionnaire.asked, remark_owner(counts.questionnaire)
    yield [*COLUMNS, *(guarded(f"{owners[one.key].label} (remarque)" if one.key in owners else one.label) for one in asked)]
    for coop in coops_in(counts):
        given = counts.answers.get(coop.book, {})
        yield [coop.rne, guarded(coop.name), guarded(coop.commune), coop.told, *(cell_of(one, given.get(one.key)) for one in asked)]


def cell_of(question: Question, value: Any) -> Cell:  # noqa: ANN401 -- an answer, as JSON holds it
    """Return an answer in one cell; photos are counted, the rows of a table stand behind one another."""
    if not is_answered(value):
        return ""
    if question.kind is QuestionKind.NUMBER:
        return int(value)
    if question.kind is QuestionKind.AMOUNT:
        return Decimal(value) / 100
    return len(value) if question.kind is QuestionKind.PHOTOS else guarded(text_of(question, value))


def text_of(question: Question, value: Any) -> str:  # noqa: ANN401 -- idem
    """Write an answer out."""
    match question.kind:
        case QuestionKind.AMOUNT:
            return format_decimal(value)
        case QuestionKind.SEVERAL:
            return " ; ".join(value)
        case QuestionKind.TABLE:
            return " | ".join(row_told(question, row) for row in value)
        case _:
            return str(value)


def row_told(question: Question, row: Mapping[str, Any]) -> str:
    """Write a row of a table out, each cell behind the title of its column; empty cells are left out."""
    cells = [(column, row[column.key]) for column in question.columns if is_answered(row.get(column.key))]
    return " ; ".join(f"{column.label}\u202f: {text_of(column.question, value)}" for column, value in cells)


def csv_of(counts: Counts) -> str:
    """Return the answers as CSV: `;`, amounts 1234,56."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(lines_of(counts))
    return written.getvalue()


def xlsx_of(counts: Counts) -> bytes:
    """Return the answers as an XLSX workbook: numbers are numbers, texts are texts and never formulas."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook:
        looks = {"bold": workbook.add_format({"bold": True, "bottom": 1}), "amount": workbook.add_format({"num_format": "#,##0.00"})}
        _fill(workbook.add_worksheet("Réponses"), lines_of(counts), **looks)
        tables = [question for question in counts.questionnaire.questions if question.kind is QuestionKind.TABLE]
        for question, name in zip(tables, sheet_names([question.key for question in tables]), strict=True):
            _fill(workbook.add_worksheet(name), _table_lines(counts, question), **looks)
    return written.getvalue()


def sheet_names(keys: Sequence[str]) -> list[str]:
    """Return a name a sheet, as near to its key as Excel allows: 31 characters, no two alike, and one that it keeps for itself."""
    names: list[str] = []
    for key in keys:
        name, number = key[:LONGEST_NAME], 2
        while name in {"history", *names}:
            mark = f"_{number}"
            name, number = key[: LONGEST_NAME - len(mark)] + mark, number + 1
        names.append(name)
    return names


def _table_lines(counts: Counts, question: Question) -> Iterator[Line]:
    """Yield the rows of a table, each with its coop."""
    yield ["RNE", "École", *(guarded(column.label) for column in question.columns)]
    for coop in counts.counted:
        for row in counts.answers[coop.book].get(question.key) or ():
            yield [coop.rne, guarded(coop.name), *(cell_of(column.question, row.get(column.key)) for column in question.columns)]


def _fill(sheet: Worksheet, lines: Iterator[Line], *, bold: Format, amount: Format) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 11)
    sheet.set_column(1, 60, 24)
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell, bold if number == 0 else None)
            else:
                sheet.write_number(number, place, cell, amount if isinstance(cell, Decimal) else None)
