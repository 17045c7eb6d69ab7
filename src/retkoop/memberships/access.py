"""Who does what with the adhésions of an AD: its money is the comptable's and the administrateurs' to move, its prices theirs alone."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import RoleKind
from retkoop.users.models import User

MONEY: Final = frozenset({RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR})
"""Who records payments, collects and validates for the AD: an animateur helps, and reads."""


def money_access(user: User | AnonymousUser, department: str) -> AssociationAccess:
    """Return the access of a person who may act on the AD's money. Raises Http404 for anyone else."""
    access = open_association(user, department)
    if access.role not in MONEY:
        raise Http404
    return access
