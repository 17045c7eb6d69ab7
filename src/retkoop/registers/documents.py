"""The documents that the registers hold: chosen among those of the year, or sent along with a form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from retkoop.archive.models import Document, DocumentKind
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.receiving import receive_files
from retkoop.ui.days import format_full
from retkoop.ui.forms import Pick
from retkoop.ui.keys import read_key


def document_picks(book: Book, kind: DocumentKind, chosen: object = None) -> list[Pick]:
    """Return the documents of a kind to choose from: those of the year, and the one that is chosen, of whatever kind and year."""
    rows = Document.objects.filter(coop=book.coop_id, start=book.start, kind=kind).values_list("pk", "label", "date")
    picks = [Pick(str(key), f"{label}, {format_full(day)}" if day else label) for key, label, day in rows]
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
    return data
