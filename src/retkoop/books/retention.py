"""Retention (conservation): documents are kept ten years, then proposed for destruction, year by year; never by themselves.

The operations stay, with their totals and their trail; what a register still holds (a photo, minutes) stays too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, ProtectedError
from django.db.transaction import atomic

from retkoop.archive.models import Document
from retkoop.archive.services import destroy_document
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.models import Book, Operation, Proof
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
    rows = Document.objects.filter(start__in=old).order_by().values_list("coop__rne", "start").annotate(count=Count("pk"))
    return [OldShelf(rne, SchoolYear(start), count) for rne, start, count in sorted(rows)]


def purge_documents(*, author: Author, coop: Coop, year: SchoolYear, day: date) -> int:
    """Destroy the documents of a year that need be kept no more, and return how many they were; those of a register stay.

    The trail tells each. Raises Refused before the ten years are over.
    """
    if day <= year.kept_until:
        raise Refused(f"Les documents de {year} se gardent jusqu’au {format_long(year.kept_until)}.")
    with writing(coop.chain, author) as trail:
        for row in _proven(coop, year):
            set_proof(trail, row, Proof.PURGED)
        return sum(_destroyed(trail, document) for document in Document.objects.filter(coop=coop, start=year.start))


def _proven(coop: Coop, year: SchoolYear) -> Iterator[Operation]:
    for book in Book.objects.select_related("coop__association").filter(coop=coop, start=year.start):
        for row in with_vouchers(Operation.objects.filter(book=book, proof=Proof.JOINED).order_by("pk")):
            row.book = book
            yield row


def _destroyed(trail: Trail, document: Document) -> bool:
    try:
        with atomic():
            destroy_document(trail, document)
    except ProtectedError:
        return False
    return True
