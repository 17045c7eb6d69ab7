"""The documents that the registers hold: chosen among those of the year, or sent along with a form."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, QueryDict

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.documents import inbox_of
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.receiving import receive_files
from retkoop.books.vouchers import DescribedMeanwhile, describe
from retkoop.books.writable import Refused
from retkoop.ui.days import format_full
from retkoop.ui.forms import Pick
from retkoop.ui.keys import read_key


def document_picks(book: Book, kind: DocumentKind, chosen: object = None) -> list[Pick]:
    """Return the documents to choose from: those of the year of a kind or still to sort, and the one that is chosen, whatever it is."""
    kept = Q(kind=kind) | Q(pk__in=inbox_of(book).order_by().values("pk"))
    rows = Document.objects.filter(kept, coop=book.coop_id, start=book.start).values_list("pk", "label", "date", "kind")
    picks = [_pick(key, label, day, to_sort=its != kind) for key, label, day, its in rows]
    key = read_key(str(chosen or ""))
    if key is not None and str(key) not in {pick.value for pick in picks}:
        other = Document.objects.filter(coop=book.coop_id, pk=key).first()
        picks = [Pick(str(key), f"{other.label} ({other.year})"), *picks] if other else picks
    return picks


def sent_data(request: HttpRequest, page: CoopPage, kind: DocumentKind) -> QueryDict:
    """Return what a form sent; the file that came along is kept, and is the document that it chooses."""
    data = request.POST.copy()
    if file := request.FILES.get("fichiers"):
        outcome = receive_files(access=page.access, book=page.book, files=[file], kind=kind)
        for refusal in outcome.refusals:
            messages.error(request, refusal)
        for document in outcome.kept:
            data["document"] = str(document.pk)
            data.pop("without", None)
    if "without" not in data:
        _sort(page, read_key(data.get("document", "")), kind)
    return data


def _pick(key: int, label: str, day: date | None, *, to_sort: bool) -> Pick:
    told = f"{label}, {format_full(day)}" if day else label
    return Pick(str(key), f"{told} (à ranger)" if to_sort else told)


def _sort(page: CoopPage, key: int | None, kind: DocumentKind) -> None:
    """Take what a register now holds out of the documents to sort: it is no voucher, whatever it was sent as."""
    document = inbox_of(page.book).filter(pk=key).first() if key is not None else None
    if document is None:
        return
    try:
        describe(
            access=page.access,
            book=page.book,
            document=document.pk,
            version=document.version,
            kind=kind,
            label=document.label,
            day=document.date,
        )
    except (DescribedMeanwhile, Refused):
        return  # someone sorts it at this moment, or the verb that comes next says why nothing may be written
