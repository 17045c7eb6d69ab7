"""`retkoop create-staff IDENTIFIANT --name NOM --kind ROLE [--ad 91] [--ask-password]`: the first people of an AD."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from retkoop.audit.services import SYSTEM
from retkoop.network.models import AD_KINDS, RoleKind
from retkoop.network.queries import UnknownAssociation, association_of
from retkoop.network.services import AlreadyThere, create_staff
from retkoop.ui.commands import RetkoopCommand
from retkoop.users import links, services
from retkoop.users.models import User

KINDS = [kind.value for kind in (*AD_KINDS, RoleKind.FEDERATION)]


class Command(RetkoopCommand):
    help = "Crée le compte d’une personne d’une association départementale, ou de la fédération, et donne son lien d’activation."
    refusals = (AlreadyThere, UnknownAssociation)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identifier", metavar="IDENTIFIANT", help="par exemple a.durand")
        parser.add_argument("--name", required=True, metavar="NOM", help="nom et prénom")
        parser.add_argument("--kind", required=True, choices=KINDS, metavar="RÔLE", help=", ".join(KINDS))
        parser.add_argument("--ad", metavar="DÉPARTEMENT", help="par exemple 91 ; sans elle, le rôle est celui de la fédération")
        parser.add_argument("--email", default="", metavar="ADRESSE")
        parser.add_argument("--ask-password", action="store_true", help="demander le mot de passe ici plutôt que donner un lien")

    def handle(self, *, identifier: str, kind: str, ad: str | None, ask_password: bool, **facts: str) -> None:
        if (kind == RoleKind.FEDERATION) == bool(ad):
            self.refuse("Indiquez --ad pour un rôle dans une association, et seulement pour lui.")
        association = association_of(ad) if ad else None
        name, email = facts["name"], facts["email"]
        # asked before anything is written: whoever gives up leaves no account behind
        password = self._asked(User(username=identifier, name=name, family=User.Family.STAFF)) if ask_password else None
        user = create_staff(author=SYSTEM, username=identifier, name=name, kind=RoleKind(kind), association=association, email=email)
        if password is None:
            self.stdout.write(links.public_address(links.path_of(services.make_activation_link(author=SYSTEM, user=user))))
        else:
            services.activate(user=user, password=password)
            self.stdout.write(f"Le compte {identifier} est prêt.")

    def _asked(self, user: User) -> str:
        while True:
            password = getpass("Mot de passe : ")
            try:
                validate_password(password, user)
            except ValidationError as refusal:
                self.stderr.write(" ".join(refusal.messages))
            else:
                return password
