"""`retkoop activation-link IDENTIFIANT [--reset]`: a link by which its bearer chooses the password of an account."""

from __future__ import annotations

from argparse import ArgumentParser

from retkoop.audit.services import SYSTEM
from retkoop.ui.commands import RetkoopCommand
from retkoop.users import links, services
from retkoop.users.queries import NoAccount, account_named


class Command(RetkoopCommand):
    help = "Donne un lien pour activer le compte d’une coopérative (son RNE) ou d’une personne."
    refusals = (NoAccount,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identifier", metavar="IDENTIFIANT", help="le RNE de l’école, ou l’identifiant de la personne")
        parser.add_argument("--reset", action="store_true", help="d’abord réinitialiser un compte déjà activé")

    def handle(self, *, identifier: str, reset: bool, **_: object) -> None:
        user = account_named(identifier)
        if reset:
            services.return_to_initial_state(author=SYSTEM, user=user)
        try:
            token = services.make_activation_link(author=SYSTEM, user=user)
        except services.AlreadyActivated:
            self.refuse(f"Le compte {identifier} est déjà activé. Ajoutez --reset pour le réinitialiser d’abord.")
        self.stdout.write(links.public_address(links.path_of(token)))
