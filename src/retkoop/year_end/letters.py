"""Letters: queued in the transaction of what they tell, sent by the worker. Nothing is told that did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django_tasks import task


def queue_letter(template: str, context: Mapping[str, object], addresses: Iterable[str]) -> bool:
    """Queue a letter to each address; return whether one will leave. The first line of its template is the subject."""
    known = sorted(set(filter(None, addresses))) if settings.CAN_SEND_MAIL else []
    if not known:
        return False
    subject, _, body = render_to_string(template, dict(context)).strip().partition("\n")
    for address in known:
        send_letter.enqueue(address, subject, body.strip() + "\n")
    return True


@task()
def send_letter(address: str, subject: str, body: str) -> None:
    EmailMessage(subject, body, to=[address]).send()
