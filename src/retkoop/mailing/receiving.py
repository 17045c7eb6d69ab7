"""What comes back: one RFC 5322 message, from anybody. A bounce marks its letter, an answer is kept as text, all else is left.

Hostile input: it is read up to a size, parsed by the standard library without looking inside what is attached, and nothing of it
is ever shown as HTML. It finds its letter by a token that its reader alone has seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import Enum
from html import unescape
from itertools import islice
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags

from retkoop.mailing.models import Letter, LetterAnswer

MOST_BYTES: Final = 2_000_000
"""What follows is not read: attachments of an answer are not kept."""
_MOST_PARTS: Final = 200
_LONGEST: Final = 10_000
_MOST_ANSWERS: Final = 20
_TOKENS: Final = re.compile(r"(?:\+|<retkoop\.)([0-9a-f]{24})@")
_ADDRESSED: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "In-Reply-To", "References")
_QUOTED: Final = re.compile(r"\n(?:-{2,} ?(?:Message d.origine|Original Message)|On .{1,200} wrote:|Le .{1,200} a écrit\s?:).*", re.DOTALL)

Parts = list["Message[Any, Any]"]


class Received(Enum):
    """What a message turned out to be."""

    BOUNCE = "refus noté"
    ANSWER = "réponse gardée"
    AUTOMATIC = "réponse automatique, laissée"
    UNKNOWN = "aucun courriel de Retkoop n’y est nommé"
    UNREADABLE = "illisible"


def receive(raw: bytes) -> Received:
    """Take in one message."""
    try:
        read = message_from_bytes(raw[:MOST_BYTES])
        parts = list(islice(read.walk(), _MOST_PARTS))
    except (RecursionError, ValueError, LookupError):
        return Received.UNREADABLE
    if _is_report(read):
        return _bounce(read, parts)
    if _is_automatic(read):
        return Received.AUTOMATIC
    return _answer(read, parts)


def _header(part: Message[Any, Any], name: str) -> str:
    return " ".join(str(value) for value in part.get_all(name, []))


def _is_report(read: Message[Any, Any]) -> bool:
    return read.get_content_type() == "multipart/report"


def _is_automatic(read: Message[Any, Any]) -> bool:
    said = _header(read, "Auto-Submitted").split(";")[0].strip().lower()
    signs = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Response")
    bulk = _header(read, "Precedence").strip().lower() in {"bulk", "auto_reply", "junk", "list"}
    return said not in {"", "no"} or bulk or any(name in read for name in signs) or _header(read, "Return-Path").strip() == "<>"


def _letter(texts: Iterator[str]) -> Letter | None:
    """Return the letter whose token one of the texts holds, of those that have left."""
    tokens = list(islice(dict.fromkeys(token for text in texts for token in _TOKENS.findall(text.lower())), 20))
    return Letter.objects.filter(token__in=tokens, sent_at__isnull=False).first() if tokens else None


def _bounce(read: Message[Any, Any], parts: Parts) -> Received:
    """Note a delivery report (RFC 3464) that says of an address that it failed for good."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    fields = [group for report in reports for group in report.get_payload() if isinstance(group, Message)]
    failed = [group for group in fields if _header(group, "Action").strip().lower() == "failed"]
    if not failed:
        return Received.AUTOMATIC
    originals = [part for part in parts if "Message-ID" in part and part is not read]
    returned = [_content(part) for part in parts if part.get_content_type() == "text/rfc822-headers"]
    row = _letter(iter([*(_header(read, name) for name in _ADDRESSED), *(_header(part, "Message-ID") for part in originals), *returned]))
    if row is None:
        return Received.UNKNOWN
    reason = _header(failed[0], "Diagnostic-Code").partition(";")[2] or _header(failed[0], "Status") or "Courriel refusé"
    Letter.objects.filter(pk=row.pk, bounced_at=None).update(bounced_at=timezone.now(), error=_readable(reason)[:500])
    return Received.BOUNCE


@transaction.atomic
def _answer(read: Message[Any, Any], parts: Parts) -> Received:
    row = _letter(_header(read, name) for name in _ADDRESSED)
    if row is None:
        return Received.UNKNOWN
    now = timezone.now()
    Letter.objects.filter(pk=row.pk, answered_at=None).update(answered_at=now)
    if LetterAnswer.objects.filter(letter=row).count() < _MOST_ANSWERS:
        LetterAnswer.objects.create(letter=row, received_at=now, sender=_sender(read), text=_text(parts))
    return Received.ANSWER


def _sender(read: Message[Any, Any]) -> str:
    return _readable(parseaddr(_header(read, "From"))[1])[:254]


def _text(parts: Parts) -> str:
    """Return what a message says, without what it quotes at its end."""
    plain = next((_content(part) for part in parts if part.get_content_type() == "text/plain"), None)
    if plain is None:
        plain = next((_stripped(_content(part)) for part in parts if part.get_content_type() == "text/html"), "")
    lines = [_readable(line) for line in _QUOTED.sub("", f"\n{plain[: 4 * _LONGEST]}".replace("\r\n", "\n")).split("\n")]
    while lines and (not lines[-1] or lines[-1].startswith(">")):
        lines.pop()
    return "\n".join(lines).strip()[:_LONGEST]


def _stripped(page: str) -> str:
    """Return the words of a page; none of one that is made to keep its reader busy."""
    try:
        return unescape(strip_tags(page))
    except SuspiciousOperation:
        return ""


def _content(part: Message[Any, Any]) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _readable(line: str) -> str:
    """Return a line with nothing in it but signs that can be seen."""
    return "".join(sign if sign.isprintable() or sign == "\u202f" else " " for sign in line).strip()
