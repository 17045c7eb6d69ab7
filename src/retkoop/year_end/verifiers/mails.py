"""Mails to vérificateurs, who have no account: queued in the transaction of what they tell, sent by the worker."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django_tasks import task

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
    subject, _, body = render_to_string(f"year_end/verifiers/mail/{letter}.txt", context).strip().partition("\n")
    send_letter.enqueue(verifier.email, subject, body.strip() + "\n")
    return True


@task()
def send_letter(address: str, subject: str, body: str) -> None:
    EmailMessage(subject, body, to=[address]).send()
