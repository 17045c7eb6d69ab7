"""Files as people send them, and documents that a year holds already."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from retkoop.archive.cleaning import Cleaned, Limits, cleaned
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.services import Sent
from retkoop.books.models import Book
from retkoop.books.vouchers import receive_document
from retkoop.network.access import Access

INVOICE = ("Autocars du Hurepoix", "Le 14/11/2025", "Total TTC 184,50 €")
"""The lines of an invoice that tells its amount and its date."""


@cache
def pdf_bytes(*pages: str) -> bytes:
    """Return a PDF with a text layer, one text a page."""
    source = "\n#pagebreak()\n".join("\\\n".join(page.splitlines()) for page in pages)
    return typst.compile(source.encode(), format="pdf")


@cache
def picture_bytes(colour: str = "white") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(kept, "PNG")
    return kept.getvalue()


def a_pdf(*pages: str, name: str = "facture_car.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(*(pages or ("\n".join(INVOICE),))), "application/pdf")


def a_picture(colour: str = "white", name: str = "ticket.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes(colour), "image/png")


@cache
def _clean(content: bytes) -> tuple[Cleaned, bytes]:
    """Clean a content once a run, in a process of its own as always; the file itself does not outlast that."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "sent"
        source.write_bytes(content)
        with cleaned(source, Limits()) as clean:
            return clean, clean.content.read_bytes()


def receive(
    access: Access,
    book: Book,
    content: bytes | None = None,
    *,
    name: str = "facture_car.pdf",
    kind: DocumentKind = DocumentKind.VOUCHER,
    label: str = "",
    day: date | None = None,
    operation: int | None = None,
) -> Document:
    """Keep a file among the documents of a book, as the pages do; an invoice where none is given."""
    clean, safe = _clean(content or pdf_bytes("\n".join(INVOICE)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "content"
        file.write_bytes(safe)
        sent = Sent(kind, name, label, day)
        return receive_document(access=access, book=book, cleaned=replace(clean, content=file), sent=sent, operation=operation)


def many_documents(book: Book, count: int, first: int = 0) -> None:
    """Fill the shelves of a book with documents, numbered from `first` on, whose contents are stored nowhere."""
    digests = {number: sha256(f"{book.pk} {number}".encode()).hexdigest() for number in range(first, first + count)}
    Document.objects.bulk_create(
        Document(
            coop=book.coop,
            start=book.start,
            kind=DocumentKind.VOUCHER,
            label=f"Ticket {number + 1}",
            digest=digest,
            source_digest=digest,
            file_name=f"ticket_{number + 1}.png",
            media_type="image/png",
            size=100,
            received_at=datetime(2025, 11, 1, 8, tzinfo=UTC),
            found_amount=100_00 + number,
            words=f"ticket {number + 1}",
        )
        for number, digest in digests.items()
    )
