"""Letters about a payment, to the coop."""

from __future__ import annotations

from django.conf import settings

from retkoop.mailing.services import queue_letter
from retkoop.memberships.models import Payment


def tell_coop(payment: Payment, letter: str, **more: object) -> None:
    """Queue a letter to the official address of a coop; nothing where it has none, or no mail can leave."""
    membership, coop = payment.membership, payment.membership.coop
    context = {
        "payment": payment,
        "coop": coop,
        "year": membership.year,
        "association": coop.association,
        "address": f"{settings.PUBLIC_URL}/coop/{coop.rne}/{membership.year}/adhesion/",
        **more,
    }
    queue_letter(template=f"memberships/receipts/mail/{letter}.txt", context=context, addresses=[coop.email], chain=coop.chain)
