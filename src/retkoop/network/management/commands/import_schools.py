"""`retkoop import-schools FICHIER`: the ministry's directory of schools, taken in or brought up to date (docs/commandes.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from retkoop.audit.services import SYSTEM
from retkoop.domain.directory import UnreadableDirectory
from retkoop.network.directory import departments_to_fill, fill_circonscriptions, import_schools
from retkoop.network.directory_words import told_counts
from retkoop.network.models import DirectoryImport
from retkoop.ui.commands import RetkoopCommand
from retkoop.ui.templates import plural


class Command(RetkoopCommand):
    help = "Reprend l’annuaire des établissements (CSV du ministère) : ajoute et met à jour les écoles, n’en efface aucune."
    refusals = (UnreadableDirectory,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")

    def handle(self, *, file: Path, **_: object) -> None:
        if not file.exists():
            self.refuse(f"Le fichier « {file} » n’existe pas.")
        try:
            with file.open("rb") as opened:
                told = import_schools(author=SYSTEM, file=opened, file_name=file.name)
        except OSError:
            self.refuse(f"« {file} » ne peut pas être lu : ce n’est pas un fichier, ou il vous est fermé.")
        filled = sum(fill_circonscriptions(author=SYSTEM, association=one) for one in departments_to_fill())
        self.stdout.write(f"Annuaire repris de {told.file_name} : {', '.join(told_counts(told.counts))}.")
        if filled:
            self.stdout.write(f"Circonscription indiquée à {plural(filled, 'coopérative')}.")
        self._warn(told)

    def _warn(self, told: DirectoryImport) -> None:
        refused = told.counts.get("refused", 0)
        if not refused:
            return
        self.stderr.write(f"Attention : {plural(refused, 'ligne refusée', 'lignes refusées')}, le reste est repris.")
        for line, reason in told.refusals:
            self.stderr.write(f"  ligne {line} : {reason}")
        if refused > len(told.refusals):
            self.stderr.write(f"  … et {refused - len(told.refusals)} de plus.")
