"""`retkoop crf --coop RNE --year YEAR [--json] [--pdf FILE] [--date DAY]`: what the CRF of a coop says (docs/commandes.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.utils.timezone import localdate

from retkoop.books.findings import findings_on
from retkoop.books.models import Book
from retkoop.books.queries import NoBook, book_of, books_of, standing_of
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.ui.commands import RetkoopCommand
from retkoop.year_end.crf import whole_crf
from retkoop.year_end.crf_document import crf_pdf
from retkoop.year_end.crf_text import text_of
from retkoop.year_end.options import add_book_options


class Command(RetkoopCommand):
    help = "Dit le compte rendu financier d’une coopérative\u202f: en texte, en JSON (montants en centimes), ou en PDF."
    refusals = (InvalidSchoolYear, NoBook)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_book_options(parser, required=True)
        parser.add_argument("--pdf", type=Path, metavar="FICHIER", help="écrit le document à imprimer")

    def handle(self, *, coop: str, year: str, json: bool, pdf: Path | None, date: date | None, **_: object) -> None:
        book, day = book_of(coop, SchoolYear.parse(year)), date or localdate()
        if pdf:
            self._write(pdf, _document(book, day))
        if json:
            self.stdout.write(_json(book, day))
        elif not pdf:
            self.stdout.write(text_of(whole_crf(book, day)))

    def _write(self, file: Path, content: bytes) -> None:
        try:
            file.write_bytes(content)
        except OSError:
            self.refuse(f"«\u202f{file}\u202f» ne peut pas être écrit\u202f: vérifiez le dossier et vos droits.")


def _document(book: Book, day: date) -> bytes:
    books = books_of(book.coop)
    standing = standing_of(book, others=[other for other in books if other.pk != book.pk])
    return crf_pdf(book, books, standing, findings_on(book, day), day)


def _json(book: Book, day: date) -> str:
    return json.dumps(whole_crf(book, day).as_json(), ensure_ascii=False, indent=2)
