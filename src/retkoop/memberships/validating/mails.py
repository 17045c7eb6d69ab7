"""Letters about a validated adhésion."""

from __future__ import annotations

from django.conf import settings

from retkoop.mailing.services import queue_letter
from retkoop.memberships.models import Membership
from retkoop.network.models import Coop


def tell_coop(coop: Coop, row: Membership) -> None:
    """Queue a letter to the official address of a coop: its attestation is there. Nothing where it has none, or no mail can leave."""
    address = f"{settings.PUBLIC_URL}/coop/{coop.rne}/{row.year}/adhesion/attestation/"
    context = {"coop": coop, "year": row.year, "address": address}
    queue_letter(template="memberships/validating/mail/attestation.txt", context=context, addresses=[coop.email], chain=coop.chain)
