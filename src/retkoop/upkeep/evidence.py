"""The stored documents held against their names: each is there, is what it was, and is somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import IO, Final

from django.db import connection, transaction
from django.utils import timezone

from retkoop.archive import storage
from retkoop.archive.models import Document
from retkoop.archive.pictures import throw_away_pictures
from retkoop.archive.queries import removed_documents
from retkoop.archive.services import words_of
from retkoop.audit.queries import readable
from retkoop.network.models import Setting
from retkoop.upkeep.backups.tape import BLOCK

_ON_ITS_WAY: Final = timedelta(days=1)
"""A content is stored before its record is: for so long, one that nobody names may still be awaited."""


def faults_of_documents() -> Iterator[str]:
    """Read all that is stored, and tell what differs from its name, is missing, or is nobody's."""
    looked_at: set[str] = set()
    documents = Document.objects.select_related("coop").order_by("digest", "pk")
    for key, document in readable(documents, documents.values_list("pk", flat=True)):
        if document is None:
            yield f"document {key} : illisible"
            continue
        if document.words != words_of(document):
            yield f"{document.subject} : les mots par lesquels on le cherche ne sont pas les siens"
        if document.digest not in looked_at:
            looked_at.add(document.digest)
            if wrong := _wrong_with(document.digest):
                yield f"document {document.digest} (« {document.label} », {document.coop.rne} {document.year}) : {wrong}"
    for digest in sorted(_signatures() - looked_at):
        if wrong := _wrong_with(digest):
            yield f"signature {digest}\u202f: {wrong}"
    for digest in _unnamed():
        yield f"document {digest} : personne ne le nomme"


def _wrong_with(digest: str) -> str:
    try:
        with storage.opened(digest) as stream:
            return "" if _digest_of(stream) == digest else "modifié"
    except (FileNotFoundError, ValueError):
        return "absent"
    except OSError as trouble:
        return f"illisible, {trouble.strerror}"


def _digest_of(stream: IO[bytes]) -> str:
    found = sha256()
    while block := stream.read(BLOCK):
        found.update(block)
    return found.hexdigest()


def _unnamed() -> Iterator[str]:
    """Yield what was stored a while ago and is named by no signature and no document, not even one that was removed and may come back."""
    named = set(Document.objects.values_list("digest", flat=True)) | _signatures()
    removed = removed_documents().values_list("before", flat=True)
    named.update(str(before.get("digest")) for before in removed if isinstance(before, dict))
    yield from (digest for digest in storage.names() if digest not in named and _is_old(digest))


def _signatures() -> set[str]:
    """Return the digests of the images that ADs sign with, in whatever year."""
    return {value for value in Setting.objects.filter(name="signature").values_list("value", flat=True) if isinstance(value, str) and value}


def _is_old(digest: str) -> bool:
    return storage.stored_at(digest) < timezone.now() - _ON_ITS_WAY


def sweep() -> None:
    """Throw away what a crash has left: contents that were stored, and whose records never came.

    Nothing is received meanwhile: on SQLite a transaction keeps other writers out, on PostgreSQL the lock of the table does; a
    content that was stored just before its record waited is written again by whoever waited (`add_document`).
    """
    for digest in list(_unnamed()):
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE archive_document IN SHARE MODE")
            if digest not in _signatures() and not Document.objects.filter(digest=digest).exists() and _is_old(digest):
                storage.throw_away(digest)
                throw_away_pictures(digest)
