"""Who does what with the adhésions of an AD: its money is the comptable's and the administrateurs' to move, its prices theirs alone."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from retkoop.books.writable import Refused
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import RoleKind
from retkoop.users.models import User

MONEY: Final = frozenset({RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR})
"""Who records payments, collects and validates for the AD: an animateur helps, and reads."""
NOT_THEIRS: Final = "Seuls le comptable et les administrateurs de l’association départementale tiennent son argent."
LEFT: Final = "L’association départementale a noté que la coopérative ne renouvelle pas son adhésion. Écrivez-lui si c’est une erreur."
CLOSED: Final = "Cette coopérative est fermée\u202f: elle n’adhère plus."


def adhering_refusal(closed_on: date | None, left_on: date | None) -> str | None:
    """Tell why a coop that ended, or whose adhésion is not renewed, does not adhere any more; None where it may."""
    if closed_on is not None:
        return CLOSED
    return LEFT if left_on is not None else None


def refuse_others(access: AssociationAccess) -> None:
    """Raise Refused for whoever may not act on the AD's money."""
    if access.role not in MONEY:
        raise Refused(NOT_THEIRS)


def money_access(user: User | AnonymousUser, department: str) -> AssociationAccess:
    """Return the access of a person who may act on the AD's money. Raises Http404 for anyone else."""
    access = open_association(user, department)
    if access.role not in MONEY:
        raise Http404
    return access
