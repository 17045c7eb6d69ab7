"""`retkoop verify-seal FILE`: 0 and what it is where the seal holds, 1 otherwise (docs/commandes.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from retkoop.ui.commands import RetkoopCommand
from retkoop.year_end.seal.verification import verdict_on


class Command(RetkoopCommand):
    help = "Dit si un PDF est un compte rendu scellé par cette installation, et s’il n’a pas changé depuis."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")

    def handle(self, *, file: Path, **_: object) -> None:
        try:
            verdict = verdict_on(file.read_bytes())
        except OSError as trouble:
            self.refuse(f"{file} ne peut pas être lu\u202f: {trouble.strerror}.")
        if not verdict.genuine:
            self.refuse(*verdict.sentences)
        self.stdout.write("\n".join(verdict.sentences))
