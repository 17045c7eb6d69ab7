"""`retkoop serve [--host H] [--port N] [--workers N] [--no-worker]` (docs/commandes.md)."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings

from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.serving import CannotServe, opened, serve


class Command(RetkoopCommand):
    help = "Ouvre Retkoop aux navigateurs, jusqu’à Ctrl+C."
    refusals = (CannotServe,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="127.0.0.1 si rien n’est indiqué : cette machine seule")
        parser.add_argument("--port", type=int, default=8000, metavar="PORT")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="processus qui répondent ; un suffit à un département")
        parser.add_argument("--no-worker", action="store_true", help="sans tâches ni sauvegardes : `retkoop worker` les fera")

    def handle(self, *, host: str, port: int, workers: int, no_worker: bool, **_: object) -> None:
        serve(
            host=host,
            port=port,
            workers=workers,
            once_open=lambda: self.stdout.write(opened(host, port)),
            with_worker=settings.WITH_WORKER and not no_worker,
        )
