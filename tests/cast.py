"""The cast of our tests: Alice keeps her coop's books, Bob is an animateur of her AD, Charlie is a stranger from another coop."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.network.services import create_coop, create_staff
from retkoop.ui.typed import TYPED_BY, made_for
from retkoop.users.models import User
from retkoop.users.services import activate

PASSWORD: Final = "quatre girafes violettes"
"""Everybody's: long enough for staff too."""

ALICE: Final = "0910000A"
CHARLIE: Final = "0910620E"
FAR_AWAY: Final = "0330000X"
"""A coop of another AD."""


def make_coop(rne: str = ALICE, name: str = "École Jean-Jaurès", commune: str = "Évry-Courcouronnes") -> Coop:
    return create_coop(author=SYSTEM, rne=rne, name=name, commune=commune)


def account(coop: Coop) -> User:
    """Return the account of a coop, activated with PASSWORD."""
    return activate(user=User.objects.get(username=coop.rne), password=PASSWORD)


def association(department: str = "91") -> DepartmentalAssociation:
    return DepartmentalAssociation.objects.get(department=department)


def make_staff(username: str, kind: RoleKind, department: str | None = "91") -> User:
    """Return a person of an AD, or of the federation where no département is given, activated with PASSWORD."""
    place = association(department) if department else None
    user = create_staff(author=SYSTEM, username=username, name=username.title(), kind=kind, association=place)
    return activate(user=user, password=PASSWORD)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made_for_them(user: User) -> dict[str, str]:
    """Return what the forms of a page say of the account they were made for."""
    return {TYPED_BY: made_for(str(user.pk))}


def a_day(text: str) -> date:
    return date.fromisoformat(text)
