"""What people are called before each other: those who look from afar with their place, those of the coop by their name."""

from __future__ import annotations

from retkoop.network.access import Access
from retkoop.network.models import RoleKind


def display_name(access: Access) -> str:
    """Return « Julie Martin (OCCE 91) », « Thomas Fontaine (fédération) », « Claire Perrin »."""
    if not access.from_afar:
        return access.user.name
    place = "fédération" if access.role is RoleKind.FEDERATION else str(access.coop.association)
    return f"{access.user.name} ({place})"
