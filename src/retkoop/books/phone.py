"""The pass of a telephone: for twenty minutes, it lets someone's telephone send vouchers to one book, and nothing else.

It is signed, not stored: each use asks again whether that person may write there, so that a role that ends stops it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from struct import Struct
from typing import Final, NamedTuple

import qrcode
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from retkoop.archive.models import Document
from retkoop.archive.services import SENT_AGAIN
from retkoop.audit.queries import history
from retkoop.books.documents import documents_of
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Coop
from retkoop.ui.keys import read_key
from retkoop.users.models import User

MINUTES: Final = 20
_SALT: Final = "retkoop.books.phone"
_PASS: Final = Struct(">LLLL")
"""Book, person, operation (0: none), and the second when it was made."""
_SEAL: Final = 16
"""Bytes of its signature."""
_LAST: Final = 200
"""Events of the coop's chain among which a file that was sent again is looked for."""
LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


class Expired(Exception):
    """The pass was good, and is no more."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass opens: a book, for a person; the operation that the pictures prove, where it was asked for one."""

    access: Access
    book: Book
    operation: int | None


def pass_for(page: CoopPage, operation: int | None = None) -> str:
    """Return a new pass, as it stands in an address: short enough for a square that any telephone reads."""
    said = _PASS.pack(page.book.pk, page.access.user.pk, operation or 0, int(timezone.now().timestamp()))
    return urlsafe_b64encode(said + _seal_of(said)).decode().rstrip("=")


def _seal_of(said: bytes) -> bytes:
    return salted_hmac(_SALT, said, algorithm="sha256").digest()[:_SEAL]


def opened(token: str) -> Pass:
    """Return what a pass opens now. Raises Expired, and Http404 for one that is not ours or whose holder may write there no more."""
    try:
        content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise Http404 from None
    said, seal = content[: _PASS.size], content[_PASS.size :]
    if len(said) < _PASS.size or not constant_time_compare(seal, _seal_of(said)):
        raise Http404
    key, user, operation, made = _PASS.unpack(said)
    if timezone.now().timestamp() - made > MINUTES * 60:
        raise Expired
    rne = Coop.objects.filter(books=key).values_list("rne", flat=True).first() or ""
    access = open_coop(User.objects.filter(pk=user).first() or AnonymousUser(), rne, to_write=True)
    book = next((book for book in books_of(access.coop) if book.pk == key), None)
    if book is None:
        raise Http404
    return Pass(access, book, operation or None)


class Square(NamedTuple):
    """An address as a square to photograph: how many modules wide, and its dark ones as the path of an SVG."""

    width: int
    path: str


def square(address: str) -> Square:
    """Draw an address; dark modules that follow each other on a row are one stroke."""
    drawn = qrcode.QRCode(border=3)
    drawn.add_data(address)
    rows = drawn.get_matrix()
    runs = ((x, y, len(run)) for y, row in enumerate(rows) for x, run in _dark_runs(row))
    return Square(len(rows), "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs))


def _dark_runs(row: list[bool]) -> Iterator[tuple[int, list[int]]]:
    for dark, run in groupby(range(len(row)), key=row.__getitem__):
        if dark:
            columns = list(run)
            yield columns[0], columns


def arrived(page: CoopPage, since: datetime) -> list[Document]:
    """Return what this person has sent to the book since a moment, the latest first; what was there already says so (`was_there`)."""
    again = _sent_again(page, since)
    new = Q(received_by=page.access.user, received_at__gte=since)
    documents = list(documents_of(page.book).filter(new | Q(pk__in=again))[:50])
    for document in documents:
        document.was_there = document.received_at < since
    return documents


def _sent_again(page: CoopPage, since: datetime) -> set[int]:
    # asked every few seconds: the last events are enough, and cost the same in a long chain
    events = history(page.coop.chain).values_list("action", "actor", "at", "subject")[:_LAST]
    mine = (subject for action, actor, at, subject in events if (action, actor) == (SENT_AGAIN, page.access.user.pk) and at >= since)
    return {int(subject.partition(":")[2]) for subject in mine}


def shown(documents: Sequence[Document]) -> str:
    """Return what tells one list of what has arrived from another: how many, and the latest."""
    return f"{len(documents)}-{documents[0].pk if documents else 0}"


def read_moment(text: str) -> datetime | None:
    """Return a moment that an address tells, while a pass made then still opens; None for any other."""
    now = timezone.now()
    age = now.timestamp() - (read_key(text) or 0)
    return now - timedelta(seconds=age) if 0 <= age <= MINUTES * 60 else None
