"""The dossier of a year: the CRF, the journal, every voucher under its pièce, every other document, and an index."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string

from retkoop.archive.models import Document
from retkoop.archive.storage import opened
from retkoop.books.cells import guarded
from retkoop.books.exporting import csv_of
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.page import CoopPage
from retkoop.books.values import operation_values, with_vouchers
from retkoop.domain.money import format_decimal
from retkoop.ui.days import format_full
from retkoop.year_end.crf_document import crf_pdf
from retkoop.year_end.zipping import Member, bytes_member, text_member, zipped

LOOK: Final = Path(__file__).with_name("dossier_index.css")
ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
COLUMNS: Final = ("piece", "date", "libelle", "tiers", "banque", "caisse", "regie", "justificatif", "fichier", "sha256")
_UNSAFE: Final = re.compile(r"[^\w .,()+’-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the index: an operation with one of its vouchers, or what stands in its place; or a document of the year alone."""

    operation: Operation | None
    document: Document | None
    name: str = ""

    @property
    def said(self) -> str:
        """What the voucher is, or where."""
        if self.document is not None:
            return self.document.label
        assert self.operation is not None  # noqa: S101 -- a row is of one or the other
        if self.operation.opening:
            return "Compte rendu financier de l’année précédente"
        place = f"\u202f: {self.operation.proof_place}" if self.operation.proof_place else ""
        return f"{Proof(self.operation.proof).label}{place}"


def dossier_of(page: CoopPage, at: datetime) -> Iterator[bytes]:
    """Yield the zip of a year. All that it says is read at once; documents are opened one by one as they are sent."""
    rows = list(with_vouchers(Operation.objects.filter(book=page.book).order_by("-opening", "date", "piece_key", "pk")))
    index = list(_rows_of(page.book, rows))
    members = [
        bytes_member("CRF.pdf", crf_pdf(page.book, page.books, page.standing, page.findings, page.today)),
        text_member("journal.csv", csv_of(operation_values(rows))),
        text_member("index.csv", _csv_index(index)),
        text_member("index.html", render_to_string("year_end/dossier_index.html", {"page": page, "rows": index})),
        bytes_member("index.css", LOOK.read_bytes(), compressed=True),
        *_documents_in(index),
    ]
    return zipped(members, at)


def _documents_in(index: list[Row]) -> Iterator[Member]:
    told: set[str] = set()
    for row in index:
        if row.document is not None and row.name not in told:
            told.add(row.name)
            yield Member(row.name, partial(opened, row.document.digest))


def _rows_of(book: Book, rows: list[Operation]) -> Iterator[Row]:
    documents = {document.pk: document for document in Document.objects.filter(coop=book.coop_id, start=book.start).defer("text", "words")}
    names: Counter[str] = Counter()
    used: set[int] = set()
    for row in rows:
        vouchers = [documents[voucher.document_id] for voucher in row.vouchers.all() if voucher.document_id in documents]
        for document in vouchers:
            used.add(document.pk)
            yield Row(row, document, _named(f"justificatifs/{_safe(row.piece) or 'sans numero'}", document, names))
        if not vouchers:
            yield Row(row, None)
    for document in documents.values():
        if document.pk not in used:
            yield Row(None, document, _named(f"documents/{_safe(document.get_kind_display())}", document, names))


def _named(start: str, document: Document, names: Counter[str]) -> str:
    """Return a name that no other file of the zip has, whatever the case: some disks do not tell it apart."""
    name = f"{start} - {_safe(document.label)}"[:140].rstrip(" .")
    names[name.casefold()] += 1
    times = names[name.casefold()]
    return f"{name}{f' ({times})' if times > 1 else ''}.{ENDINGS.get(document.media_type, 'bin')}"


def _safe(text: str) -> str:
    """Return a text that any system takes as part of a file's name."""
    return " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", text)).split()).strip(" .")[:80]


def _csv_index(index: list[Row]) -> str:
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow(COLUMNS)
    table.writerows(_cells(row) for row in index)
    return written.getvalue()


def _cells(row: Row) -> list[str]:
    operation, document = row.operation, row.document
    told = ["", _day(document.date if document else None), "", "", "", "", ""]
    if operation is not None:
        texts = [guarded(operation.piece), _day(operation.date), guarded(operation.label), guarded(operation.tiers)]
        told = [*texts, *(format_decimal(amount) for amount in (operation.bank, operation.cash, operation.regie))]
    return [*told, guarded(row.said), guarded(row.name), document.digest if document else ""]


def _day(day: date | None) -> str:
    return format_full(day) if day else ""
