"""The verbs of documents. They write in the transaction and the trail of whoever calls, who may have more to write in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from retkoop.archive import storage
from retkoop.archive.cleaning import Cleaned
from retkoop.archive.clues import clues_in
from retkoop.archive.models import Document, DocumentKind, Reading
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Trail
from retkoop.domain.chart import fold
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop

SENT_AGAIN: Final = "document.received_again"
"""A file that the year held already: nothing has changed, but who sent it is told so, on another screen too."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person says of a file: what it is, its name on their machine, a title and a date where they give them."""

    kind: DocumentKind
    file_name: str
    label: str = ""
    date: date | None = None


def add_document(  # noqa: PLR0913 -- whose, which file, what is said of it, what it waits for
    trail: Trail, *, coop: Coop, year: SchoolYear, cleaned: Cleaned, sent: Sent, awaited: Reading = Reading.NONE
) -> Document:
    """Store a file and its record; a file that the year holds already is that document, its content written again if it was lost.

    What is said of it this time (a date, a kind other than a voucher or a photo) is then noted. `awaited` is what becomes of one without
    text. To be called inside a `writing`. Raises NoRoom.
    """
    known = Document.objects.filter(coop=coop, start=year.start, source_digest=cleaned.source_digest).first()
    if known is not None:
        return _again(trail, known, cleaned, sent)
    storage.keep(cleaned.content, cleaned.digest)
    label = (sent.label.strip() or _title(sent.file_name))[:200]
    document = Document(
        coop=coop,
        start=year.start,
        kind=sent.kind,
        label=label,
        date=sent.date,
        digest=cleaned.digest,
        source_digest=cleaned.source_digest,
        file_name=sent.file_name[-255:],
        media_type=cleaned.media_type,
        size=cleaned.size,
        pages=cleaned.pages,
        received_at=trail.at,
        received_by_id=trail.author.user.pk if trail.author.user else None,
    )
    read(document, cleaned.text, Reading.LAYER if cleaned.text.strip() else awaited)
    document.save()
    trail.created(document, action="document.received")
    if not storage.has(document.digest):  # the night threw it away, between its storing and its record
        storage.keep(cleaned.content, cleaned.digest)
    return document


def _again(trail: Trail, known: Document, cleaned: Cleaned, sent: Sent) -> Document:
    if known.digest == cleaned.digest:
        storage.keep(cleaned.content, cleaned.digest)
    # a voucher that comes back as the photo of a good stays the voucher that it is
    kind = DocumentKind(known.kind) if sent.kind in (DocumentKind.VOUCHER, DocumentKind.PHOTO) else sent.kind
    if (kind, sent.date or known.date) != (known.kind, known.date) and known.kind != DocumentKind.SEALED:
        describe_document(trail, known, kind=kind, label=known.label, day=sent.date or known.date)
    else:
        trail.changed(known, known.snapshot(), action=SENT_AGAIN)
    known.was_there = True
    return known


def _title(file_name: str) -> str:
    """Return a title from the name of a file: `facture_car.pdf` → `facture car`."""
    stem = file_name.rpartition(".")[0] or file_name
    return " ".join(stem.replace("_", " ").split()) or "Document"


def read(document: Document, text: str, reading: Reading) -> None:
    """Fill in what was read in a document; nothing is saved."""
    document.text, document.reading = text.replace("\x00", ""), reading
    document.words = words_of(document)
    found = clues_in(document.text)
    document.found_amount, document.found_date = found.amount, found.date


def words_of(document: Document) -> str:
    return fold(f"{document.label} {document.file_name} {document.text}")


def describe_document(trail: Trail, document: Document, *, kind: DocumentKind, label: str, day: date | None) -> None:
    """Correct what is said of a document. To be called inside a `writing`."""
    before = document.snapshot()
    document.kind, document.label, document.date = kind, label, day
    document.words = words_of(document)
    document.version += 1
    document.save()
    trail.changed(document, before, action="document.described")


def remove_document(trail: Trail, document: Document) -> None:
    """Take a document away; its content stays, so that it can come back, until its year is purged. To be called inside a `writing`."""
    subject, before = document.subject, document.snapshot()
    document.delete()
    trail.deleted(subject, before, action="document.removed")


def destroy_document(trail: Trail, document: Document) -> None:
    """Take a document away for good: its content is thrown away by the night. To be called inside a `writing`."""
    subject, before = document.subject, document.snapshot()
    document.delete()
    trail.deleted(subject, before, action="document.purged")


def destroy_removed(trail: Trail, removal: AuditEvent) -> None:
    """Give up a document that was removed (`removed_documents`): it comes back no more. To be called inside a `writing`."""
    trail.deleted(removal.subject, removal.before, action="document.purged")


def bring_back_document(trail: Trail, state: Mapping[str, Any]) -> Document:
    """Write a removed document again from its last snapshot, under its own key. To be called inside a `writing`."""
    audited = (field for field in Document._meta.concrete_fields if field.attname in state)
    document = Document(**{field.attname: field.to_python(state[field.attname]) for field in audited})
    document.version += 1
    document.words = words_of(document)
    document.save(force_insert=True)
    trail.created(document, action="document.restored")
    return document
