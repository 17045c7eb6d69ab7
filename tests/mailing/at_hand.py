"""Letters to try things on."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from retkoop.mailing.models import Letter
from retkoop.mailing.services import Writing, queue_one

WRITTEN = Writing(subject="Vos comptes", body="Bonjour,\n\nIl manque un ticket.\n", purpose="test", chain="coop 0910000A", keeps_body=True)


def queued(address: str = "ecole@exemple.fr", written: Writing = WRITTEN) -> Letter:
    return queue_one(address=address, written=written)


def later(delay: timedelta) -> None:
    """Let time pass for the letters: all that they know is that much older."""
    moments = ("queued_at", "next_try_at", "unreachable_since")
    Letter.objects.update(**{name: F(name) - delay for name in moments})
