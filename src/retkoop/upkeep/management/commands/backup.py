"""`retkoop backup [FOLDER]` (docs/sauvegardes.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.utils import timezone

from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.backups.making import make_backup
from retkoop.upkeep.backups.refusals import CannotBackUp
from retkoop.upkeep.backups.sayings import said_of
from retkoop.upkeep.runs import run_backup, troubles_of


class Command(RetkoopCommand):
    help = "Sauvegarde la base, les documents et la clé de l’installation en un fichier."
    refusals = (CannotBackUp,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="DOSSIER", help="là où disent les réglages, si rien n’est indiqué")

    def handle(self, *, folder: Path | None, **_: object) -> None:
        if folder is None:
            self._as_at_night()
        else:
            backup = make_backup(folder, at=timezone.now())
            for trouble in troubles_of(backup):
                self.stderr.write(trouble)
            self.stdout.write(f"Sauvegarde faite : {backup.file}\n{said_of(backup.counts)}")

    def _as_at_night(self) -> None:
        run = run_backup()
        if run is None:
            self.refuse("Une autre sauvegarde est en cours : attendez qu’elle finisse.")
        file, *troubles = run.message.splitlines() or [""]
        if not run.ok:
            self.refuse(run.message)
        for trouble in troubles:
            self.stderr.write(trouble)
        self.stdout.write(f"Sauvegarde faite : {file}")
