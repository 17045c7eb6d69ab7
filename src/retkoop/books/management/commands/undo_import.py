"""`retkoop undo-import NUMBER`: takes back the operations that an import added."""

from __future__ import annotations

from argparse import ArgumentParser

from retkoop.audit.services import SYSTEM
from retkoop.books.models import ImportBatch
from retkoop.books.services import undo_import
from retkoop.books.writable import Refused
from retkoop.ui.commands import RetkoopCommand


class Command(RetkoopCommand):
    help = "Retire d’un cahier les opérations qu’un import y a ajoutées."
    refusals = (Refused,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, metavar="NUMÉRO", help="celui que « import-book » a donné")

    def handle(self, *, number: int, **_: object) -> None:
        batch = ImportBatch.objects.select_related("book__coop").filter(pk=number).first()
        if batch is None:
            self.refuse(f"L’import n° {number} n’existe pas.")
        removed = undo_import(author=SYSTEM, batch=batch)
        self.stdout.write(f"Retiré du cahier {batch.book.year} de {batch.book.coop} : {removed} opération{'s' if removed > 1 else ''}.")
