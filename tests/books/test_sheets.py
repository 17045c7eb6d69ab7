from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter

from retkoop.books.sheets import LARGEST_FILE, MOST_ROWS, Cell, Row, UnreadableFile, read_rows

HEADER = ["date", "libelle"]
TOO_LONG = "Une cellule de la ligne 2 est trop longue : 131072 caractères au plus. Un guillemet y est-il resté ouvert ?"
NOT_READABLE = "Ce classeur est illisible : abîmé, trop gros ou protégé par un mot de passe. Enregistrez-le en CSV."


def is_header(row: Row) -> bool:
    return list(row) == HEADER


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_rows(content, is_header)
    return str(refused.value)


def xlsx(rows: Sequence[Sequence[object]], *, hidden: bool = False) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        if hidden:
            workbook.add_worksheet("Cachée").write(0, 0, "x")
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if hidden:
            workbook.worksheets()[0].hide()
            sheet.activate()
            sheet.set_first_sheet()
    return written.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_comes_with_any_usual_delimiter_encoding_and_line_end(delimiter: str, encoding: str, end: str) -> None:
    content = f"date{delimiter}libelle{end}1{delimiter}Été{end}"
    assert read_rows(content.encode(encoding), is_header) == [HEADER, ["1", "Été"]]


def test_quoted_cells_hold_delimiters_quotes_and_lines() -> None:
    assert read_rows(b'date;libelle\n1;"a;b ""c""\nd"\n\n2;e', is_header) == [HEADER, ["1", 'a;b "c"\nd'], [], ["2", "e"]]


@pytest.mark.parametrize("bom", ["utf-16", "utf-16-le", "utf-16-be"])
def test_the_unicode_text_of_excel_is_read(bom: str) -> None:
    content = f"{'' if bom == 'utf-16' else chr(0xFEFF)}date\tlibelle\r\n1\tÉté\r\n".encode(bom)
    assert read_rows(content, is_header) == [HEADER, ["1", "Été"]]


@pytest.mark.parametrize(("first", "delimiter"), [("sep=;\r\n", ";"), ("sep=,\n", ","), ("SEP=;\r", ";"), ('"sep=;"\n', ";")])
def test_the_line_in_which_excel_names_its_separator_is_skipped_and_counted(first: str, delimiter: str) -> None:
    assert read_rows(f"{first}date{delimiter}libelle\n1{delimiter}a".encode(), is_header) == [[], HEADER, ["1", "a"]]


def test_an_unknown_header_is_read_with_semicolons() -> None:
    assert read_rows(b"a;b,c", is_header) == [["a", "b,c"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Ce fichier est vide."),
        (b" \n\n", "Ce fichier est vide."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Ce fichier n’est ni du texte (CSV) ni un classeur (XLSX, ODS)."),
        (b"date;libelle\n1;a\0b", "Ce fichier n’est ni du texte (CSV) ni un classeur (XLSX, ODS)."),
        (b"\xff\xfed\x00a", "Ce fichier n’est pas du texte lisible. Enregistrez-le en CSV, encodage UTF-8."),
        (b"date\x81;libelle", "Ce fichier n’est pas du texte lisible. Enregistrez-le en CSV, encodage UTF-8."),
        (b'date;libelle\n1;a\n2;"b\n3;c', "Les guillemets de la ligne 3 ne sont pas fermés."),
        (b'date;libelle\n1;"a" b', "Les guillemets de la ligne 2 ne sont pas fermés."),
        (b'"date;libelle', "Les guillemets de la ligne 1 ne sont pas fermés."),
        (b"date;libelle\n1;" + b"x" * 200_000, TOO_LONG),
        (b"x\n" * (MOST_ROWS + 1), "Ce fichier a plus de 50000 lignes : ce n’est pas un cahier de coopérative."),
        (b"x" * (LARGEST_FILE + 1), "Ce fichier dépasse 20 Mo : ce n’est pas un cahier de coopérative."),
        (b"PK\x03\x04 not a zip", NOT_READABLE),
        (b"\xd0\xcf\x11\xe0 not a workbook", NOT_READABLE),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(content: bytes, why: str) -> None:
    assert refusal(content) == why


def test_cells_of_a_workbook_are_typed_and_rows_keep_their_numbers() -> None:
    rows: list[list[object]] = [["date", "libelle"], [], [datetime(2025, 9, 15), "'=1"], [618, 12.5], [True, "=1+1"]]  # noqa: DTZ001 -- a day, in no time zone
    expected: list[list[Cell]] = [["date", "libelle"], ["", ""], [date(2025, 9, 15), "'=1"], [618.0, 12.5], [True, 0.0]]
    assert read_rows(xlsx(rows), is_header) == expected


def ods(rows: str) -> bytes:
    """Return the least that is an OpenDocument spreadsheet."""
    spaces = {"office": "office:1.0", "table": "table:1.0", "text": "text:1.0"}
    declared = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}"' for name, urn in spaces.items())
    body = f'<office:body><office:spreadsheet><table:table table:name="Cahier">{rows}</table:table></office:spreadsheet></office:body>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", f"<office:document-content {declared}>{body}</office:document-content>")
    return written.getvalue()


def test_an_opendocument_sheet_is_typed_too() -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="2025-09-15"><text:p>15/09/2025</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,50</text:p></table:table-cell>'
    texts = "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in HEADER)
    rows = f"<table:table-row>{texts}</table:table-row><table:table-row>{day}{number}</table:table-row>"
    assert read_rows(ods(rows), is_header) == [HEADER, [date(2025, 9, 15), 12.5]]


def test_an_opendocument_sheet_of_endless_rows_is_refused() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000"/>'
    assert refusal(ods(f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>')) == NOT_READABLE


def test_the_first_sheet_that_can_be_seen_is_read() -> None:
    assert read_rows(xlsx([["date", "libelle"]], hidden=True), is_header) == [HEADER]


def test_a_workbook_with_too_many_rows_is_refused() -> None:
    assert refusal(xlsx([[1]] * (MOST_ROWS + 1))) == "Ce fichier a plus de 50000 lignes : ce n’est pas un cahier de coopérative."


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param('<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c>', id="two far corners"),
        pytest.param('<c r="A1"><v>1</v></c>' + " " * 210_000_000, id="much of nothing"),
    ],
)
def test_a_small_workbook_that_would_fill_the_memory_is_refused(cells: str) -> None:
    assert refusal(_rewritten(xlsx([[1]]), cells)) == NOT_READABLE


def _rewritten(workbook: bytes, cells: str) -> bytes:
    """Put other cells in the first row of the first sheet."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text.replace(b'<c r="A1"><v>1</v></c>', cells.encode()) if "sheet1" in name else text)
    return written.getvalue()
