"""`retkoop purge`: tells which documents need be kept no more, and destroys those of a year that is named."""

from __future__ import annotations

from argparse import ArgumentParser

from django.utils.timezone import localdate

from retkoop.audit.services import SYSTEM
from retkoop.books.queries import NoBook, book_of
from retkoop.books.retention import old_shelves, purge_documents
from retkoop.books.writable import Refused
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.ui.commands import RetkoopCommand


class Command(RetkoopCommand):
    help = "Dit quels documents ont plus de dix ans ; avec --coop et --year, détruit ceux de cette année-là."
    refusals = (Refused, NoBook, InvalidSchoolYear)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--coop", metavar="RNE")
        parser.add_argument("--year", metavar="ANNÉE", help="2014-2015")

    def handle(self, *, coop: str | None, year: str | None, **_: object) -> None:
        if coop is None or year is None:
            if coop or year:
                self.refuse("--coop et --year vont ensemble.")
            self._propose()
            return
        book = book_of(coop, SchoolYear.parse(year))
        destroyed = purge_documents(author=SYSTEM, coop=book.coop, year=book.year, day=localdate())
        self.stdout.write(f"Détruits dans {book.year} de {book.coop} : {destroyed} document{'s' if destroyed > 1 else ''}.")

    def _propose(self) -> None:
        shelves = old_shelves(localdate())
        for shelf in shelves:
            self.stdout.write(f"{shelf.rne} {shelf.year} : {shelf.documents} document{'s' if shelf.documents > 1 else ''}")
        if not shelves:
            self.stdout.write("Aucun document n’a plus de dix ans.")
