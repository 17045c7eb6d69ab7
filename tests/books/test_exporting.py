from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from retkoop.books.exporting import csv_of, json_of, xlsx_of
from retkoop.books.importing import COLUMNS, is_header, read_book
from retkoop.books.sheets import read_rows
from retkoop.domain.chart import POSTAL, national_chart
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.ledger import book_order
from tests.domain.strategies import books, texts

CHART = national_chart()
REFUND = Operation(
    7, "D4", date(2026, 3, 2), '=1+1; "car"', Moves(bank=25_00), (Part("61800008", -20_00), Part("65000008", -5_00)), pointed=True
)
OPENING = Operation(1, "", date(2025, 9, 1), "Report", Moves(), opening=True)


def readable(text: str) -> str:
    return text.replace("\0", "").replace("\x01", "")


@st.composite
def odd_books(draw: st.DrawFn) -> list[Operation]:
    """Draw sound books with any text in each place; pièces differ, since twins are refused."""
    return [
        replace(
            operation,
            piece="RAN" if operation.opening else readable(draw(texts)) + str(operation.key),
            label=readable(draw(texts)) + "x",
            tiers=readable(draw(texts)),
            project=readable(draw(texts)),
            entered_at=None,
        )
        for operation in draw(books())
    ]


def read_back(content: bytes) -> list[Operation]:
    """Return the operations that a file holds, without their keys."""
    reading = read_book(read_rows(content, is_header), CHART)
    assert reading.refusals == ()
    return [replace(read.operation, key=0) for read in reading.operations]


def in_order(book: list[Operation]) -> list[Operation]:
    return [replace(operation, key=0) for operation in sorted(book, key=book_order)]


@given(odd_books().filter(bool))
def test_what_is_written_as_csv_reads_back_the_same(book: list[Operation]) -> None:
    assert read_back(csv_of(book).encode()) == in_order(book)


@settings(max_examples=10)
@given(odd_books().filter(bool))
def test_what_is_written_as_xlsx_reads_back_the_same(book: list[Operation]) -> None:
    assert read_back(xlsx_of(book)) == in_order(book)


def test_a_book_as_csv() -> None:
    header, *rows = csv.reader(io.StringIO(csv_of([REFUND, OPENING]), newline=""), delimiter=";")
    assert header == list(COLUMNS)
    assert rows == [
        ["RAN", "01/09/2025", "Report", "", "", "0,00", "", "", "", "", "", "", "", "", "", ""],
        ["D4", "02/03/2026", '\'=1+1; "car"', "", "", "25,00", "", "", "", "", "", "61800008", "-20,00", "", "", "oui"],
        ["", "", "", "", "", "", "", "", "", "", "", "65000008", "-5,00", "", "", ""],
    ]


def test_a_book_as_xlsx_has_dates_numbers_and_no_formula() -> None:
    rows = read_rows(xlsx_of([REFUND]), is_header)
    assert rows == [
        list(COLUMNS),
        ["D4", date(2026, 3, 2), '\'=1+1; "car"', "", "", 25.0, "", "", "", "", "", "61800008", -20.0, "", "", "oui"],
        ["", "", "", "", "", "", "", "", "", "", "", "65000008", -5.0, "", "", ""],
    ]


def test_a_book_as_json() -> None:
    assert json.loads(json_of([REFUND], coop="0910000A", year="2025-2026", bank_account=POSTAL)) == {
        "coop": "0910000A",
        "year": "2025-2026",
        "operations": [
            {
                "piece": "D4",
                "date": "2026-03-02",
                "libelle": '=1+1; "car"',
                "tiers": "",
                "cheque": "",
                "projet": "",
                "classe": "",
                "report_a_nouveau": False,
                "pointe": True,
                "banque": 25_00,
                "caisse": 0,
                "regie": 0,
                "ventilation": [{"compte": "61800008", "montant": -20_00}, {"compte": "65000008", "montant": -5_00}],
                "ecritures": [
                    {"compte": "514", "debit": 25_00, "credit": 0},
                    {"compte": "61800008", "debit": 0, "credit": 20_00},
                    {"compte": "65000008", "debit": 0, "credit": 5_00},
                ],
            }
        ],
    }


def test_an_empty_book_is_a_header() -> None:
    assert csv_of([]) == ";".join(COLUMNS) + "\r\n"
