"""Letters queued in the transaction of what they tell: nothing is told that did not happen, and nothing that happened is not told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.template.loader import get_template
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
    written = _written(get_template(template), template, context, chain)
    rows = [queue_one(address=address, written=written) for address in known]
    send_letters.enqueue()
    return any(row.next_try_at for row in rows)


def queue_letters(*, template: str, letters: Iterable[tuple[str, Mapping[str, object], str]]) -> int:
    """Queue the same letter to many: an address, its context and its chain for each. Return how many will leave."""
    if not settings.CAN_SEND_MAIL:
        return 0
    compiled = get_template(template)
    rows = [_letter(address, _written(compiled, template, context, chain)) for address, context, chain in letters]
    if rows:
        Letter.objects.bulk_create(rows)
        send_letters.enqueue()
    return sum(row.next_try_at is not None for row in rows)


def _written(compiled: Any, template: str, context: Mapping[str, object], chain: str) -> Writing:  # noqa: ANN401 -- Django's, of any engine
    subject, _, body = compiled.render(dict(context)).strip().partition("\n")
    return Writing(subject, f"{body.strip()}\n", template.rpartition("/")[2].removesuffix(".txt"), chain)


def queue_one(*, address: str, written: Writing) -> Letter:
    """Queue one letter in the caller's transaction. One to something that is no address is kept as refused, and never leaves.

    Whoever queues many wakes the worker once (`sending.send_letters`); it looks by itself now and then.
    """
    row = _letter(address, written)
    row.save()
    return row


def keep_on_paper(*, postal: str, written: Writing) -> Letter:
    """Keep a letter that goes out on paper, in the caller's transaction: `postal` is its address, a line each. Nothing is sent."""
    row = _letter("", replace(written, keeps_body=True))
    row.postal, row.sent_at = postal[:500], row.queued_at
    row.bounced_at, row.error = None, ""
    row.save()
    return row


def _letter(address: str, written: Writing) -> Letter:
    now, wrong = timezone.now(), not is_address(address)
    return Letter(
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
