"""Retention (conservation): documents are kept ten years, then proposed for destruction, year by year; never by themselves.

The operations stay, with their totals and their trail; what a register still holds (a photo, minutes) stays too, and proves what it
proved. What had been removed, and could come back, goes with the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet

from retkoop.archive.models import Document
from retkoop.archive.queries import removed_documents
from retkoop.archive.services import destroy_document, destroy_removed
from retkoop.audit.services import Author, writing
from retkoop.books.models import Book, Operation, Proof, Voucher
from retkoop.books.posting import set_proof
from retkoop.books.values import with_vouchers
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop
from retkoop.ui.days import format_long


class OldShelf(NamedTuple):
    """The documents of a coop's year that need be kept no more."""

    rne: str
    year: SchoolYear
    documents: int


def old_shelves(day: date) -> list[OldShelf]:
    """Return what may be destroyed on a day, coop by coop, the oldest year first."""
    latest = SchoolYear.containing(day).start
    old = [start for start in range(1948, latest) if SchoolYear(start).kept_until < day]
    counts = _held_by_none().filter(start__in=old).order_by().values_list("coop", "start").annotate(count=Count("pk"))
    found = Counter({(coop, start): count for coop, start, count in counts})
    removed = removed_documents().filter(before__start__in=old).values_list("before", flat=True)
    found.update((state["coop_id"], state["start"]) for state in removed if state)
    names = dict(Coop.objects.filter(pk__in={coop for coop, _ in found}).values_list("pk", "rne"))
    rows = sorted((names[coop], start, count) for (coop, start), count in found.items())
    return [OldShelf(rne, SchoolYear(start), count) for rne, start, count in rows]


def purge_documents(*, author: Author, coop: Coop, year: SchoolYear, day: date) -> int:
    """Destroy the documents of a year that need be kept no more, and return how many they were; those of a register stay.

    The trail tells each. Raises Refused before the ten years are over.
    """
    if day <= year.kept_until:
        raise Refused(f"Les documents de {year} se gardent jusqu’au {format_long(year.kept_until)}.")
    with writing(coop.chain, author) as trail:
        documents = list(_held_by_none().filter(coop=coop, start=year.start))
        going = {document.pk for document in documents}
        for row in _proven(coop, year):
            keys = [voucher.document_id for voucher in row.vouchers.all()]
            left = [key for key in keys if key not in going]
            if left != keys:
                set_proof(trail, row, Proof.JOINED if left else Proof.PURGED, documents=left)
        for document in documents:
            destroy_document(trail, document)
        removals = list(removed_documents().filter(chain=coop.chain, before__start=year.start))
        for removal in removals:
            destroy_removed(trail, removal)
        return len(documents) + len(removals)


def _held_by_none() -> QuerySet[Document]:
    """Return the documents that no register holds: whatever points at one keeps it, but the operations that it proves."""
    registers = (relation for relation in Document._meta.related_objects if relation.related_model is not Voucher)
    return Document.objects.filter(**{f"{relation.name}__isnull": True for relation in registers}).order_by("pk")


def _proven(coop: Coop, year: SchoolYear) -> Iterator[Operation]:
    for book in Book.objects.select_related("coop__association").filter(coop=coop, start=year.start):
        for row in with_vouchers(Operation.objects.filter(book=book, proof=Proof.JOINED).order_by("pk")):
            row.book = book
            yield row
