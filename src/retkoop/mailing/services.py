"""Letters queued in the transaction of what they tell: nothing is told that did not happen, and nothing that happened is not told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from retkoop.mailing.models import Letter
from retkoop.mailing.sending import send_letters

KEPT: Final = timedelta(days=400)
NO_ADDRESS: Final = "Ce n’est pas une adresse de courriel."


@dataclass(frozen=True, slots=True)
class Writing:
    """What a letter is: its words, what it is for, the chain of whom it speaks, who sends it."""

    subject: str
    body: str
    purpose: str
    chain: str = ""
    sender: str = ""
    reply_to: str = ""
    keeps_body: bool = False


def queue_letter(*, template: str, context: Mapping[str, object], addresses: Iterable[str], chain: str = "") -> bool:
    """Queue a letter to each address; return whether one will leave. The first line of its template is the subject."""
    known = sorted(set(filter(None, addresses))) if settings.CAN_SEND_MAIL else []
    if not known:
        return False
    subject, _, body = render_to_string(template, dict(context)).strip().partition("\n")
    purpose = template.rpartition("/")[2].removesuffix(".txt")
    rows = [queue_one(address=address, written=Writing(subject, f"{body.strip()}\n", purpose, chain)) for address in known]
    send_letters.enqueue()
    return any(row.next_try_at for row in rows)


def queue_one(*, address: str, written: Writing) -> Letter:
    """Queue one letter in the caller's transaction. One to something that is no address is kept as refused, and never leaves.

    Whoever queues many wakes the worker once (`sending.send_letters`); it looks by itself now and then.
    """
    now, wrong = timezone.now(), not is_address(address)
    return Letter.objects.create(
        address=address[:254],
        subject=_line(written.subject)[:300],
        body="" if wrong and not written.keeps_body else written.body,
        keeps_body=written.keeps_body,
        sender=_line(written.sender)[:100],
        reply_to=written.reply_to if is_address(written.reply_to) else "",
        purpose=written.purpose[:40],
        chain=written.chain,
        token=secrets.token_hex(12),
        queued_at=now,
        next_try_at=None if wrong else now,
        bounced_at=now if wrong else None,
        error=NO_ADDRESS if wrong else "",
    )


def give_up(*, letters: QuerySet[Letter], reason: str) -> int:
    """Let letters that still wait not leave any more; return how many."""
    waiting = letters.filter(next_try_at__isnull=False)
    waiting.filter(keeps_body=False).update(body="")
    return waiting.update(next_try_at=None, failed_at=timezone.now(), error=reason)


def erase_old_letters(*, now: datetime) -> int:
    """Erase the letters of more than 400 days with their answers; return how many."""
    gone, _ = Letter.objects.filter(queued_at__lt=now - KEPT).delete()
    return gone


def is_address(text: str) -> bool:
    """Tell whether a text is an address that a letter can be sent to."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _line(text: str) -> str:
    """Return a text as one line: what follows a line end in a header would be another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
