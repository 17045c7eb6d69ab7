"""`retkoop import-book FILE --coop RNE --year YEAR`: the operations of a file, all or none, as one batch (docs/commandes.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from retkoop.audit.services import SYSTEM
from retkoop.books.findings import all_findings_on
from retkoop.books.importing import is_header
from retkoop.books.models import Book, ImportBatch
from retkoop.books.services import ImportRefused, import_book
from retkoop.books.sheets import LARGEST_FILE, UnreadableFile, read_rows
from retkoop.domain.checks.finding import Severity
from retkoop.domain.rne import InvalidRne, control_letter, has_right_letter
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.models import Coop
from retkoop.network.services import AlreadyThere, NoAssociation, create_coop
from retkoop.ui.commands import RetkoopCommand


class Command(RetkoopCommand):
    help = "Ajoute au cahier d’une coopérative les opérations d’un fichier CSV, XLSX ou ODS : toutes ou aucune."
    refusals = (UnreadableFile, ImportRefused, InvalidRne, InvalidSchoolYear, NoAssociation, AlreadyThere)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--coop", required=True, metavar="RNE")
        parser.add_argument("--year", required=True, metavar="ANNÉE", help="par exemple 2025-2026")
        parser.add_argument("--create", action="store_true", help="crée la coopérative et le cahier de l’année s’ils n’existent pas")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien enregistrer")

    def handle(self, *, file: Path, coop: str, year: str, create: bool, dry_run: bool, **_: object) -> None:
        school_year = SchoolYear.parse(year)
        rows = read_rows(self._content(file), is_header)
        is_new = not Coop.objects.filter(rne=coop).exists()
        with transaction.atomic():
            found = self._coop(coop, school_year, create=create)
            batch = import_book(author=SYSTEM, coop=found, year=school_year, file_name=file.name, rows=rows)
            told = self._told(batch, dry_run=dry_run)
            transaction.set_rollback(dry_run)
        self.stdout.write(told)
        if is_new and not has_right_letter(coop):
            self.stderr.write(f"Attention : d’après ses chiffres, le RNE {coop} finirait par {control_letter(coop[:7])}. Vérifiez-le.")

    def _content(self, file: Path) -> bytes:
        if not file.exists():
            self.refuse(f"Le fichier « {file} » n’existe pas.")
        try:
            with file.open("rb") as opened:
                return opened.read(LARGEST_FILE + 1)
        except OSError:
            self.refuse(f"« {file} » ne peut pas être lu : ce n’est pas un fichier, ou il vous est fermé.")

    def _coop(self, rne: str, year: SchoolYear, *, create: bool) -> Coop:
        found = Coop.objects.select_related("association").filter(rne=rne).first()
        if create:
            return found or create_coop(author=SYSTEM, rne=rne)
        if found is None:
            self.refuse(f"La coopérative « {rne} » n’existe pas. Pour la créer : ajoutez --create.")
        if not Book.objects.filter(coop=found, start=year.start).exists():
            self.refuse(f"La coopérative {rne} n’a pas de cahier {year}. Pour l’ouvrir : ajoutez --create.")
        return found

    def _told(self, batch: ImportBatch, *, dry_run: bool) -> str:
        number, book = batch.operations.count(), batch.book
        added = f"{number} opération{'s' if number > 1 else ''}"
        where = f"cahier {book.year} de {book.coop}"
        severities = [told.severity for told in all_findings_on(book, localdate())]
        state = f"À regarder dans ce cahier : {len(severities)}, dont erreurs : {severities.count(Severity.ERREUR)}."
        if dry_run:
            return f"Essai : {added} à ajouter au {where}. Rien n’est enregistré.\n{state}"
        return f"Ajouté au {where} : {added}.\n{state}\nPour revenir en arrière : retkoop undo-import {batch.pk}"
