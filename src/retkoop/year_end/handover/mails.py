"""Letters of a handover: to the AD once both have signed, to who comes once it is their day."""

from __future__ import annotations

from django.conf import settings

from retkoop.mailing.services import queue_letter
from retkoop.network.models import Coop, RoleKind
from retkoop.network.queries import staff_of
from retkoop.year_end.handover.models import Handover


def tell_association(row: Handover) -> bool:
    """Queue a letter to those of the AD who look after mandates."""
    association = row.coop.association
    roles = staff_of(association).filter(kind=RoleKind.ADMINISTRATEUR)
    address = f"{settings.PUBLIC_URL}/ad/{association.department}/coops/{row.coop.rne}/"
    return _queue(row, "done", [role.user.email for role in roles], address)


def send_link(row: Handover, letter: str, address: str, to: str) -> bool:
    """Queue the letter whose link lets its reader choose a password: of the shared account, or of their own."""
    return _queue(row, letter, [to], address)


def tell_of_end(coop: Coop, heir: Coop | None) -> bool:
    """Queue a letter to a coop that ends, and to the one that takes it over."""
    context = {"coop": coop, "heir": heir, "address": f"{settings.PUBLIC_URL}/coop/{coop.rne}/annee/"}
    addresses = [coop.email, *([heir.email] if heir else [])]
    return queue_letter(template="year_end/handover/mail/ended.txt", context=context, addresses=addresses, chain=coop.chain)


def _queue(row: Handover, letter: str, to: list[str], address: str) -> bool:
    context = {"handover": row, "coop": row.coop, "address": address}
    return queue_letter(template=f"year_end/handover/mail/{letter}.txt", context=context, addresses=to, chain=row.coop.chain)
