"""What a coop sends of its year as one document: its CRF, its CRA, its quitus, and the list of its documents with their SHA-256."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import Chain
from retkoop.books.models import Book, Voucher
from retkoop.books.page import CoopPage
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural
from retkoop.year_end.cra.cra_document import cra_data
from retkoop.year_end.crf_document import crf_data
from retkoop.year_end.models import YearClosing
from retkoop.year_end.verifiers.paper import quitus_data

TEMPLATE: Final = Path(__file__).with_name("sealed.typ")


def report_pdf(page: CoopPage, closing: YearClosing, anchor: Chain) -> bytes:
    """Return the document, still to be sealed; `anchor` is the head of the coop's chain on which it stands."""
    return pdf(TEMPLATE, report_data(page, closing, anchor), page.today)


def report_data(page: CoopPage, closing: YearClosing, anchor: Chain) -> dict[str, object]:
    """Return what `sealed.typ` lays out."""
    crf = crf_data(page.book, page.books, page.standing, page.findings, page.today, sent=True)
    version = f", version {closing.round}" if closing.round > 1 else ""
    documents = documents_told(page.book)
    return {
        "title": f"Compte rendu {page.year}{version}, {page.coop.name} ({page.coop.rne})",
        "running": f"Compte rendu {page.year}{version} · {page.coop.name} · {page.coop.rne}",
        "made": f"Transmis avec Retkoop le {format_long(page.today)}",
        "crf": crf,
        "cra": cra_data(page.book, page.today),
        "quitus": quitus_data(page.book),
        "documents": documents,
        "documents_told": _told(len(documents), page.today),
        "anchor": _anchor_told(anchor, closing, version),
    }


def documents_told(book: Book) -> list[tuple[str, str, str, str]]:
    """Return the documents of a year in the order of their pièces: pièces, title, kind, SHA-256; sealed reports left aside."""
    pieces: dict[int, list[str]] = {}
    vouchers = Voucher.objects.filter(book=book).order_by("operation__date", "operation__piece_key", "operation_id")
    for document, piece in vouchers.values_list("document_id", "operation__piece"):
        pieces.setdefault(document, []).append(piece)
    rank = {document: place for place, document in enumerate(pieces)}
    rows = Document.objects.filter(coop=book.coop_id, start=book.start).exclude(kind=DocumentKind.SEALED)
    told = sorted(rows.values_list("pk", "label", "kind", "digest"), key=lambda row: (rank.get(row[0], len(rank)), row[0]))
    return [
        (", ".join(filter(None, pieces.get(key, []))), label, str(DocumentKind(kind).label), _legible(digest))
        for key, label, kind, digest in told
    ]


def _legible(digest: str) -> str:
    """Cut a digest in words of sixteen, that can be read aloud, and copied without a sign that cannot be seen."""
    return " ".join(digest[place : place + 16] for place in range(0, len(digest), 16))


def _told(count: int, day: date) -> str:
    if not count:
        return f"Aucun document n’était joint à cette année le {format_long(day)}."
    said = "L’empreinte SHA-256 d’un fichier est la même tant qu’il n’a pas changé d’un seul octet."
    return f"{plural(count, 'document')} le {format_long(day)}. {said}"


def _anchor_told(anchor: Chain, closing: YearClosing, version: str) -> list[str]:
    lines = [
        "Ce document porte une signature électronique (PAdES) de l’installation de Retkoop qui l’a fait.",
        "Un lecteur de PDF dit s’il a changé depuis\u202f; Retkoop le dit aussi, à la page « Vérifier un sceau ».",
        f"Il s’appuie sur le maillon n° {anchor.sequence} de la piste d’audit de la coopérative.",
        f"L’empreinte de ce maillon est {_legible(anchor.head)}.",
    ]
    if closing.round > 1:
        lines.append(
            f"C’est la{version.removeprefix(',')} du compte rendu de cette année\u202f: elle remplace la précédente, qui est conservée."
        )
    return lines
