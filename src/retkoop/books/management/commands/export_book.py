"""`retkoop export-book --coop RNE --year YEAR --format csv|xlsx|json [--out FILE]` (docs/commandes.md)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from retkoop.books.exporting import csv_of, json_of, xlsx_of
from retkoop.books.models import Book
from retkoop.books.queries import NoBook, book_of, operations_of
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.ui.commands import RetkoopCommand


class Command(RetkoopCommand):
    help = "Écrit le cahier d’une coopérative en CSV (qui se réimporte), en XLSX ou en JSON."
    refusals = (InvalidSchoolYear, NoBook)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--coop", required=True, metavar="RNE")
        parser.add_argument("--year", required=True, metavar="ANNÉE", help="par exemple 2025-2026")
        parser.add_argument("--format", choices=("csv", "xlsx", "json"), default="csv")
        parser.add_argument("--out", type=Path, metavar="FICHIER", help="la sortie standard si rien n’est indiqué")

    def handle(self, *, coop: str, year: str, format: str, out: Path | None, **_: object) -> None:  # noqa: A002 -- the option's name
        book = book_of(coop, SchoolYear.parse(year))
        if format == "xlsx" and out is None and sys.stdout.isatty():
            self.refuse("Un classeur ne s’affiche pas : indiquez un fichier avec --out.")
        self._write(_content(book, format), out)

    def _write(self, content: bytes, out: Path | None) -> None:
        if out is None:
            sys.stdout.buffer.write(content)
            return
        try:
            out.write_bytes(content)
        except OSError:
            self.refuse(f"« {out} » ne peut pas être écrit : vérifiez le dossier et vos droits.")


def _content(book: Book, form: str) -> bytes:
    operations = operations_of(book)
    if form == "xlsx":
        return xlsx_of(operations)
    if form == "json":
        return json_of(operations, coop=book.coop.rne, year=str(book.year), bank_account=book.bank_account).encode()
    return csv_of(operations).encode()
