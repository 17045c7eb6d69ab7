"""Sealing: the report of a year is composed, signed and kept in the transaction that sends it."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pikepdf

from retkoop.archive.cleaning import Cleaned
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.services import Sent, add_document
from retkoop.audit.models import Chain
from retkoop.audit.services import Trail
from retkoop.books.page import CoopPage
from retkoop.year_end.crf_digest import crf_digest
from retkoop.year_end.models import SealedReport, SigningWay, YearClosing
from retkoop.year_end.seal.certificate import sealing_key
from retkoop.year_end.seal.report import report_pdf
from retkoop.year_end.seal.signing import sealed
from retkoop.year_end.verifiers.queries import counted_signatures


def seal(trail: Trail, page: CoopPage, closing: YearClosing) -> SealedReport:
    """Seal what a coop sends of its year, and keep it among its documents.

    `page` shows the book as it is inside the transaction. To be called inside a `writing`. Raises NoRoom, and Refused where
    the certificate cannot be read.
    """
    anchor = Chain.objects.get(pk=page.coop.chain)
    key = sealing_key(trail.at)
    content = sealed(
        report_pdf(page, closing, anchor),
        certificate=key.certificate,
        private_key=key.private_key,
        reason=f"Compte rendu {page.year} transmis",
        place=str(page.coop.association),
    )
    report = SealedReport.objects.create(
        coop=page.coop,
        book=page.book,
        round=closing.round,
        document=_kept(trail, page, closing, content),
        certificate=key.record,
        crf_digest=crf_digest(page.book, page.books, page.standing),
        anchor_sequence=anchor.sequence,
        anchor_hash=anchor.head,
        on_paper=any(one.way == SigningWay.PAPER for one in counted_signatures(page.book)[0]),
        made_at=trail.at,
    )
    trail.created(report, action="seal.made")
    return report


def _kept(trail: Trail, page: CoopPage, closing: YearClosing, content: bytes) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    name = f"compte-rendu-{page.coop.rne}-{page.year}{f'-v{closing.round}' if closing.round > 1 else ''}.pdf"
    label = f"Compte rendu scellé {page.year}{f', version {closing.round}' if closing.round > 1 else ''}"
    with tempfile.NamedTemporaryFile() as file, pikepdf.open(_written(file.name, content)) as read:
        cleaned = Cleaned(
            content=Path(file.name),
            digest=digest,
            source_digest=digest,
            media_type="application/pdf",
            size=len(content),
            pages=len(read.pages),
            text="",
        )
        sent = Sent(DocumentKind.SEALED, name, label, page.today)
        return add_document(trail, coop=page.coop, year=page.year, cleaned=cleaned, sent=sent)


def _written(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    return name
