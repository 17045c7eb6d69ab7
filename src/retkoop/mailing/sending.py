"""How letters leave: those whose time has come go over one connection, each is claimed before, and tried again while no server takes it.

A letter is claimed by a conditional UPDATE, committed before a word is said to the server: two workers never send the same one, and
what a worker that is killed had in hand is tried again later. SMTP has no way to ask whether a letter was taken: one whose worker is
killed, or whose connection is cut, after its last line and before the answer is noted may leave twice. It then bears the same
Message-ID, by which mailboxes know it again. To lose the link to choose a password would be worse.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from itertools import chain
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from retkoop.mailing.models import Letter

DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""After each try that failed; the last one again and again…"""
GIVEN_UP_AFTER: Final = timedelta(days=3)
"""… until a letter is so old."""
_MOST: Final = 100
_SECONDS: Final = 45
"""What one run sends at most, and how long it goes on: other tasks wait behind it."""
_PERMANENT: Final = 500
_log = logging.getLogger(__name__)


@task()
def send_letters() -> None:
    send_due_letters()


def wake() -> None:
    """Queue the sending of letters whose time has come, where nothing in the queue does it: a step of the worker's schedule."""
    if due_letters().exists() and not DBTaskResult.objects.ready().filter(task_path=send_letters.module_path).exists():
        send_letters.enqueue()


def send_due_letters() -> int:
    """Send letters whose time has come; return how many left. What remains goes on in another task.

    A connection that is cut is made once more: one letter on which a server stumbles does not keep the others.
    """
    until, sent = time.monotonic() + _SECONDS, 0
    keys = iter(due_letters().order_by("tries", "next_try_at", "pk").values_list("pk", flat=True)[:_MOST])
    first = next(keys, None)
    if first is None:
        return 0
    waiting = chain([first], keys)
    for again in (True, False):
        try:
            with _server() as connection:
                sent += sum(_send(row, connection) for key in waiting if time.monotonic() < until and (row := _claimed(key)))
            break
        except (SMTPException, OSError) as trouble:
            if not again:
                _put_off(trouble)
    if due_letters().exists():
        send_letters.enqueue()
    return sent


def due_letters() -> QuerySet[Letter]:
    return Letter.objects.filter(next_try_at__lte=timezone.now())


@contextmanager
def _server() -> Iterator[BaseEmailBackend]:
    """Open a connection. What waited for the server to come back is due at once."""
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
        back = Letter.objects.filter(next_try_at__isnull=False, unreachable_since__isnull=False)
        back.update(next_try_at=timezone.now(), unreachable_since=None)
        yield connection
    finally:
        with contextlib.suppress(SMTPException, OSError):  # a server that has hung up is left
            connection.close()


def _claimed(key: int) -> Letter | None:
    """Return a letter that is nobody else's to send, counted as tried."""
    now = timezone.now()
    row = Letter.objects.filter(pk=key, next_try_at__lte=now).first()
    if row is None:
        return None
    claim = Letter.objects.filter(pk=key, tries=row.tries, next_try_at=row.next_try_at)
    row.tries, row.next_try_at = row.tries + 1, now + _delay(row.tries)
    return row if claim.update(tries=row.tries, next_try_at=row.next_try_at) else None


def _delay(tries: int) -> timedelta:
    return DELAYS[min(tries, len(DELAYS) - 1)]


def _send(row: Letter, connection: BaseEmailBackend) -> bool:
    """Give a letter to the server and keep what it said. Raises SMTPException, OSError where the server itself fails."""
    try:
        message(row, connection).send()
    except SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        _refused(row, code, said, bounced=True)
        return False
    except SMTPDataError as refusal:
        _refused(row, refusal.smtp_code, refusal.smtp_error, bounced=False)
        return False
    except (SMTPException, OSError) as trouble:
        Letter.objects.filter(pk=row.pk).update(error=_trouble(trouble))
        raise
    except ValueError as fault:  # no server is at fault: this letter cannot be written
        _log.exception("courriel %s", row.pk)
        _end(row, error=str(fault)[:500], failed_at=timezone.now())
        return False
    _end(row, sent_at=timezone.now(), error="", unreachable_since=None, failed_at=None)
    return True


def _end(row: Letter, **facts: object) -> None:
    """Keep what became of a letter. It is not tried again: the links and codes that it held are not kept either."""
    body = row.body if row.keeps_body or settings.DEMONSTRATION else ""
    Letter.objects.filter(pk=row.pk).update(next_try_at=None, body=body, **facts)


def _refused(row: Letter, code: int, said: bytes | str, *, bounced: bool) -> None:
    """Keep a refusal: a permanent one ends the letter, another is tried again until it is too old."""
    now, text = timezone.now(), f"{code} {_text(said)}"[:500]
    if code >= _PERMANENT:
        _end(row, error=text, unreachable_since=None, **{"bounced_at" if bounced else "failed_at": now})
    elif _too_old(row.queued_at, now):
        _end(row, error=text, unreachable_since=None, failed_at=now)
    else:
        Letter.objects.filter(pk=row.pk).update(error=text, unreachable_since=None)


def _too_old(queued_at: datetime, now: datetime) -> bool:
    return now - queued_at >= GIVEN_UP_AFTER


def _put_off(trouble: Exception) -> None:
    """Note that no server answers, on the letter that was in hand and on those that are due: each is tried again in its time."""
    now, said = timezone.now(), _trouble(trouble)
    _log.warning("le serveur de messagerie ne répond pas : %s", said)
    waiting = Letter.objects.filter(next_try_at__isnull=False)
    for tries in due_letters().order_by().values_list("tries", flat=True).distinct():
        due_letters().filter(tries=tries).update(tries=tries + 1, next_try_at=now + _delay(tries), error=said)
    # whatever was tried and waits met the same server
    waiting.filter(tries__gt=0, unreachable_since=None).update(unreachable_since=now)
    too_old = waiting.filter(queued_at__lte=now - GIVEN_UP_AFTER)
    too_old.filter(keeps_body=False).update(body="")
    too_old.update(next_try_at=None, failed_at=now)


def _trouble(trouble: Exception) -> str:
    if isinstance(trouble, SMTPResponseException):
        return f"{trouble.smtp_code} {_text(trouble.smtp_error)}"[:500]
    return f"{type(trouble).__name__} {_text(str(trouble))}"[:500]


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def message(row: Letter, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Return a letter as it leaves: what comes back to it names it by its token."""
    name, house = parseaddr(settings.DEFAULT_FROM_EMAIL)
    back = tagged(row.token)
    headers = {
        "From": formataddr((row.sender or name, house)),
        "Message-ID": f"<retkoop.{row.token}@{house.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",  # an absence is not to answer it (RFC 3834)
    }
    reply_to = [address for address in (back, row.reply_to) if address]
    return EmailMessage(row.subject, row.body, back or house, [row.address], connection=connection, headers=headers, reply_to=reply_to)


def tagged(token: str) -> str:
    """Return the address by which an answer finds its letter (`reponses+token@exemple.fr`); "" where RETKOOP_EMAIL_REPLY says none."""
    local, at, domain = settings.EMAIL_REPLY.rpartition("@")
    return f"{local}+{token}{at}{domain}" if at else ""
