"""`retkoop restore FILE [--to FOLDER] [--force]` (docs/sauvegardes.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from retkoop.ui.commands import RetkoopCommand
from retkoop.ui.days import format_moment
from retkoop.upkeep.backups.refusals import CannotRestore
from retkoop.upkeep.backups.restoring import restore
from retkoop.upkeep.backups.sayings import said_of


class Command(RetkoopCommand):
    help = "Refait un dossier de données à partir d’une sauvegarde, ou dit pourquoi il ne le peut pas."
    refusals = (CannotRestore,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--to", type=Path, metavar="DOSSIER", help="le dossier des données (RETKOOP_HOME), si rien n’est indiqué")
        parser.add_argument("--force", action="store_true", help="remplace ce qui s’y trouve, et garde l’ancien à part")

    def handle(self, *, file: Path, to: Path | None, force: bool, **_: object) -> None:
        to = to or settings.HOME
        restored = restore(file, to=to, force=force, now=timezone.now())
        for digest in restored.missing:
            self.stderr.write(f"document {digest} : il manquait déjà quand la sauvegarde a été faite")
        for digest in restored.altered:
            self.stderr.write(f"document {digest}\u202f: il était déjà modifié quand la sauvegarde a été faite")
        self.stdout.write(f"Sauvegarde du {format_moment(restored.made_at)} restaurée dans {to}\n{said_of(restored.counts)}")
        if restored.aside:
            self.stdout.write(f"L’ancien dossier est gardé ici : {restored.aside}")
