"""Mails to vérificateurs, who have no account: queued in the transaction of what they tell, sent by the worker."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from retkoop.mailing.services import queue_letter
from retkoop.year_end.models import Verifier
from retkoop.year_end.verifiers.tokens import address_of

INVITATION: Final = "invitation"
AGAIN: Final = "again"
CODE: Final = "code"


def can_write_to(verifier: Verifier) -> bool:
    return bool(verifier.email and settings.CAN_SEND_MAIL)


def tell(verifier: Verifier, letter: str, **more: object) -> bool:
    """Queue a letter to a vérificateur; return whether one will leave. The first line of its template is the subject."""
    if not can_write_to(verifier):
        return False
    context = {"verifier": verifier, "book": verifier.book, "coop": verifier.book.coop, "address": address_of(verifier), **more}
    template = f"year_end/verifiers/mail/{letter}.txt"
    return queue_letter(template=template, context=context, addresses=[verifier.email], chain=verifier.book.coop.chain)
