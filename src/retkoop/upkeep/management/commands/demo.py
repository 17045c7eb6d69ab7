"""`retkoop demo [--port N] [--no-serve]`: the demonstration, its log-ins, and the server (docs/commandes.md)."""

from __future__ import annotations

import os
from argparse import ArgumentParser

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from retkoop.domain.passwords import initial_password
from retkoop.mailing.demonstration import BACKEND
from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.demonstration import LOG_INS, TO_ACTIVATE, RealInstallation, install
from retkoop.upkeep.serving import CannotServe, opened, refuse_a_busy_port, serve

HOST = "127.0.0.1"


class Command(RetkoopCommand):
    help = "Prépare des coopératives de démonstration, puis ouvre Retkoop. Une seconde fois, tout est gardé."
    refusals = (CannotServe, RealInstallation)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, metavar="PORT")
        parser.add_argument("--no-serve", action="store_true", help="prépare les données sans ouvrir le serveur")

    def handle(self, *, port: int, no_serve: bool, **_: object) -> None:
        if not no_serve:
            refuse_a_busy_port(HOST, port)
        install(localdate())
        self._tell_log_ins()
        if not no_serve:
            self._keep_letters_here()
            mailbox = f"Les courriels arrivent ici : http://{HOST}:{port}{reverse('mailbox')}"
            said = f"{opened(HOST, port)}\n{mailbox}"
            serve(host=HOST, port=port, once_open=lambda: self.stdout.write(said), with_worker=settings.WITH_WORKER)

    def _keep_letters_here(self) -> None:
        """The demonstration writes to nobody: the server forks with these settings, the worker reads the environment."""
        os.environ["RETKOOP_DEMONSTRATION"] = "1"
        settings.DEMONSTRATION = settings.CAN_SEND_MAIL = True
        settings.EMAIL_BACKEND = BACKEND

    def _tell_log_ins(self) -> None:
        lines = [("Coopérative à activer", TO_ACTIVATE, initial_password(TO_ACTIVATE))]
        lines += [(log_in.who, log_in.username, log_in.password) for log_in in LOG_INS]
        self.stdout.write("Pour se connecter :")
        self.stdout.write("".join(f"  {who:<30} identifiant {username:<18} mot de passe {password}\n" for who, username, password in lines))
        self.stdout.flush()
