"""The verbs of evidence: documents come in, prove operations, are described and taken away.

Each is one transaction. What the book keeps of it (operations without voucher, date of the last bank statement among the
documents) follows in the same one.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.timezone import localdate

from retkoop.archive.cleaning import Cleaned
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.ocr import ask_to_read, awaited_reading
from retkoop.archive.services import Sent, add_document, bring_back_document, describe_document
from retkoop.archive.services import remove_document as take_away
from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.services import Trail, writing
from retkoop.books.findings import refresh_totals
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.posting import PROOF_ACTIONS, set_on_paper, set_proof
from retkoop.books.queries import operation_of
from retkoop.books.values import with_vouchers
from retkoop.books.writable import Refused, writable
from retkoop.network.access import Access
from retkoop.ui.days import format_long

GONE = "Cette opération a été supprimée entre-temps."
WHERE = "Dites où se trouve le papier : « classeur bleu, pièce 12 » par exemple."
NO_DOCUMENT = "Ce document a été retiré entre-temps."


class DescribedMeanwhile(Exception):
    """Someone else described or removed the document since it was read; `current` is what it is now, None if gone."""

    def __init__(self, current: Document | None) -> None:
        super().__init__()
        self.current = current


def receive_document(  # noqa: PLR0913 -- who, where, what, for which operation
    *, access: Access, book: Book, cleaned: Cleaned, sent: Sent, operation: int | None = None, submission: uuid.UUID | None = None
) -> Document:
    """Keep a file among the documents of the year, and prove an operation by it where one is named.

    The same file twice is one document. Raises AlreadySubmitted, NoRoom, Refused where the operation is gone.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        document = add_document(trail, coop=access.coop, year=book.year, cleaned=cleaned, sent=sent, awaited=awaited_reading())
        ask_to_read(document)
        if operation is not None:
            _join(trail, book, document, operation)
        tell_statement_document(trail, book)
        return document


def join_document(*, access: Access, book: Book, document: int, operation: int) -> Operation:
    """Prove an operation by a document of the year; said twice, it is done once. Raises Refused where one of them is gone."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        return _join(trail, book, _document(book, document), operation)


def part_document(*, access: Access, book: Book, document: int, operation: int) -> Operation:
    """Take a document off an operation; it stays among those of the year. Raises Refused where the operation is gone."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        row = _operation(book, operation)
        keys = [voucher.document_id for voucher in row.vouchers.all()]
        if document in keys:
            left = [key for key in keys if key != document]
            set_proof(trail, row, Proof.JOINED if left else Proof.MISSING, documents=left)
        return row


def say_proof(*, access: Access, book: Book, operation: int, proof: Proof, place: str = "") -> Operation:
    """Say that the voucher of an operation is on paper (and where), lost, or missing after all.

    Raises Refused where documents are joined already, or the operation is gone.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        row = _operation(book, operation)
        if row.vouchers.all():
            raise Refused("Un justificatif est déjà joint à cette opération.")
        if proof is Proof.PAPER and not place.strip():
            raise Refused(WHERE)
        if (row.proof, row.proof_place) != (proof.value, place.strip()):
            set_proof(trail, row, proof, place=place.strip() if proof is Proof.PAPER else "")
        return row


class Papers(NamedTuple):
    """What was said of many vouchers at once: of how many, and the place of the first of its events in the coop's chain."""

    operations: int
    sequence: int


def say_all_on_paper(*, access: Access, book: Book, place: str) -> Papers:
    """Say of every operation without voucher that its paper is in one place; `take_back_papers` undoes it.

    Raises Refused without a place.
    """
    if not place.strip():
        raise Refused(WHERE)
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        rows = list(with_vouchers(Operation.objects.filter(book=book, proof=Proof.MISSING, opening=False).order_by("date", "pk")))
        for row in rows:
            row.book = book
        set_on_paper(trail, book, rows, place.strip())
        return Papers(len(rows), Chain.objects.get(pk=access.coop.chain).sequence + 1)


def take_back_papers(*, access: Access, book: Book, papers: Papers) -> int:
    """Undo what `say_all_on_paper` returned, for the operations of which nothing was said since; return how many they are."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        said = range(papers.sequence, papers.sequence + papers.operations)
        events = AuditEvent.objects.filter(chain=access.coop.chain, action=PROOF_ACTIONS[Proof.PAPER], actor=access.user)
        told = events.filter(sequence__gte=said.start, sequence__lt=said.stop).values_list("subject", "after")
        places = {int(subject.partition(":")[2]): after["proof_place"] for subject, after in told if after}
        rows = with_vouchers(Operation.objects.filter(book=book, pk__in=places, proof=Proof.PAPER).order_by("date", "pk"))
        same = [row for row in rows if row.proof_place == places[row.pk]]
        for row in same:
            row.book = book
            set_proof(trail, row, Proof.MISSING)
        return len(same)


def describe(  # noqa: PLR0913 -- what is said of a document
    *, access: Access, book: Book, document: int, version: int, kind: DocumentKind, label: str, day: date | None
) -> Document:
    """Correct what is said of a document. Raises DescribedMeanwhile where it has changed since `version`, Refused for a sealed report."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        row = _documents(book).filter(pk=document).first()
        if row is None or row.version != version:
            raise DescribedMeanwhile(row)
        if row.kind == DocumentKind.SEALED:
            raise Refused("Un compte rendu scellé ne change plus.")
        describe_document(trail, row, kind=kind, label=label, day=day)
        tell_statement_document(trail, book)
        return row


def remove_document(*, access: Access, book: Book, document: int) -> None:
    """Take away a document that proves nothing; `restore_document` brings it back. Raises Refused for any other."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        row = _document(book, document)
        if row.vouchers.exists():
            raise Refused("Ce document justifie une opération : retirez-le d’abord de l’opération.")
        _refuse_held(row)
        take_away(trail, row)
        tell_statement_document(trail, book)


def _refuse_held(document: Document) -> None:
    """Raise Refused where a register holds the document: whatever points at it, by name or not, keeps it."""
    for relation in Document._meta.related_objects:
        rows = relation.related_model._default_manager  # noqa: SLF001 -- public in Django, whatever its name says
        if rows.filter(**{relation.field.name: document}).exists():
            raise Refused("Ce document est dans un registre (délibération, inventaire ou subvention) : retirez-le d’abord de là.")


def can_come_back(book: Book, day: date) -> bool:
    """Tell whether a document of a book that is removed on a day can be brought back: its ten years are not over."""
    return day <= book.year.kept_until


def restore_document(*, access: Access, book: Book, document: int) -> Document:
    """Bring a removed document back. Raises Refused where the trail does not know it, its ten years are over, or it was sent again."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        event = AuditEvent.objects.filter(chain=access.coop.chain, subject=f"archive.document:{document}").order_by("-sequence").first()
        state = event.before if event is not None and event.action == "document.removed" else None
        if state is None or state["start"] != book.start or state["coop_id"] != book.coop_id:
            raise Refused("Ce document ne peut plus être rétabli.")
        if not can_come_back(book, localdate()):
            day = format_long(book.year.kept_until)
            raise Refused(f"Les documents de {book.year} se gardaient jusqu’au {day}\u202f: celui-ci ne peut plus être rétabli.")
        if _documents(book).filter(source_digest=state["source_digest"]).exists():
            raise Refused("Le même fichier a été déposé de nouveau depuis : il est dans les documents.")
        row = bring_back_document(trail, state)
        tell_statement_document(trail, book)
        return row


def tell_statement_document(trail: Trail, book: Book) -> None:
    """Tell the book the date of the latest bank statement among its documents. To be called inside a `writing`."""
    statements = _documents(book).filter(kind=DocumentKind.STATEMENT, date__isnull=False)
    latest = statements.order_by("-date").values_list("date", flat=True).first()
    if latest != book.statement_document:
        before = book.snapshot()
        book.statement_document = latest
        book.save(update_fields=["statement_document"])
        trail.changed(book, before, action="book.told")
        refresh_totals(book)


def _documents(book: Book) -> QuerySet[Document]:
    return Document.objects.filter(coop=book.coop_id, start=book.start)


def _document(book: Book, key: int) -> Document:
    row = _documents(book).filter(pk=key).first()
    if row is None:
        raise Refused(NO_DOCUMENT)
    return row


def _operation(book: Book, key: int) -> Operation:
    row = operation_of(book, key, to_write=True)
    if row is None:
        raise Refused(GONE)
    return row


def _join(trail: Trail, book: Book, document: Document, operation: int) -> Operation:
    row = _operation(book, operation)
    keys = [voucher.document_id for voucher in row.vouchers.all()]
    if document.pk not in keys:
        set_proof(trail, row, Proof.JOINED, documents=[*keys, document.pk])
    return row
