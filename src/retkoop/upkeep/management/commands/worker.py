"""`retkoop worker` (docs/commandes.md)."""

from __future__ import annotations

import signal
import threading
from argparse import SUPPRESS, ArgumentParser

from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.locks import in_service
from retkoop.upkeep.worker import work


class Command(RetkoopCommand):
    help = "Fait les tâches en attente, les sauvegardes et les vérifications, jusqu’à Ctrl+C. `retkoop serve` en lance un."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, help=SUPPRESS)  # the server that it goes with, and ends with

    def handle(self, *, parent: int | None, **_: object) -> None:
        stop = threading.Event()
        for order in (signal.SIGTERM, signal.SIGINT):
            signal.signal(order, lambda *_: stop.set())
        with in_service():
            work(parent=parent, stop=stop)
