"""What a document holds, for whoever may see its coop: the file itself, and pictures of its pages."""

from __future__ import annotations

import re
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from retkoop.archive import storage
from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.models import Document
from retkoop.archive.pictures import READING, picture_of
from retkoop.archive.queries import document_of
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import open_coop
from retkoop.ui.errors import Trouble, error_page

SEALED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Encoding": "identity",  # what it holds is compressed already: GZipMiddleware leaves it alone
}
"""Whatever a document holds, no browser may take it for a page of ours."""

ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
LOST: Final = Trouble(
    "Ce document ne peut pas être montré",
    "Retkoop sait qu’il existe, mais ne retrouve pas ou ne lit pas son contenu.",
    "Prévenez votre association départementale : une sauvegarde le contient sans doute.",
)


@require_safe
def file(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponseBase:
    """The file itself, in the browser or (`telecharger`) to be kept."""
    return file_answer(request, _opened(request, rne, year, key))


def file_answer(request: HttpRequest, document: Document) -> HttpResponseBase:
    """Answer with the file of a document, for whoever was found to be let in."""
    try:
        content = storage.opened(document.digest)
    except FileNotFoundError:
        return error_page(request, 404, LOST)
    kept = bool(request.GET.get("telecharger"))
    return FileResponse(content, as_attachment=kept, filename=name_of(document), content_type=document.media_type, headers=SEALED)


@require_safe
def page(request: HttpRequest, rne: str, year: str, key: int, number: int) -> HttpResponse:
    """A page as a picture, in one of a few widths (`largeur`)."""
    return page_answer(request, _opened(request, rne, year, key), number)


def page_answer(request: HttpRequest, document: Document, number: int) -> HttpResponse:
    """Answer with the picture of a page, for whoever was found to be let in. Raises Http404."""
    if not 1 <= number <= document.pages:
        raise Http404
    try:
        picture = picture_of(document, number, _width(request.GET.get("largeur", str(READING))))
    except (FileNotFoundError, RefusedFile):
        return error_page(request, 404, LOST)
    except ValueError:
        raise Http404 from None
    return HttpResponse(picture, content_type="image/jpeg", headers=SEALED)


def name_of(document: Document) -> str:
    """Return the name under which a document is kept elsewhere: its title, in letters that any disk takes."""
    words = " ".join(re.sub(r"[^\w.,()’' -]+", " ", document.label).split()).strip(" .")
    return f"{words[:80] or 'document'}.{ENDINGS.get(document.media_type, 'bin')}"


def _opened(request: HttpRequest, rne: str, year: str, key: int) -> Document:
    """Return a document for whoever asks. Raises Http404 where they may not see it."""
    access = open_coop(request.user, rne)
    try:
        return document_of(access.coop, SchoolYear.parse(year), key)
    except InvalidSchoolYear:
        raise Http404 from None


def _width(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0
