"""Reading pictures (OCR): where the machine has tesseract, a document without text is read in the background.

What is found is an aid that may be wrong: it serves search and proposals, never the evidence.
"""

from __future__ import annotations

import subprocess
from typing import Final

from django.conf import settings
from django_tasks import task

from retkoop.archive import storage
from retkoop.archive.cleaning import RefusedFile, draw_page
from retkoop.archive.models import Document, Reading
from retkoop.archive.services import read
from retkoop.audit.services import SYSTEM, writing

MOST_PAGES: Final = 5
_WIDTH: Final = 1600
_SECONDS: Final = 60


def can_read() -> bool:
    return bool(settings.TESSERACT)


def awaited_reading() -> Reading:
    """Return what becomes of a document without text: it waits to be read where the machine can."""
    return Reading.WAITING if can_read() else Reading.NONE


def ask_to_read(document: Document) -> None:
    """Queue the reading of a document that waits for it, in the transaction that keeps it."""
    if document.reading == Reading.WAITING:
        read_document.enqueue(document.pk)


@task()
def read_document(key: int) -> None:
    """Read a document by its pictures; done twice, it says the same."""
    document = Document.objects.select_related("coop").filter(pk=key, reading=Reading.WAITING).first()
    if document is None:
        return
    text = "\n".join(_text_of(document, page) for page in range(1, min(document.pages, MOST_PAGES) + 1)).strip()
    keep_reading(document=document, text=text)


def keep_reading(*, document: Document, text: str) -> None:
    """Keep what was read in a document, unless it was taken away or read meanwhile."""
    with writing(document.coop.chain, SYSTEM) as trail:
        current = Document.objects.filter(pk=document.pk, reading=Reading.WAITING).first()
        if current is not None:
            before = current.snapshot()
            read(current, text, Reading.OCR if text else Reading.NONE)
            current.save(update_fields=["text", "words", "reading", "found_amount", "found_date"])
            trail.changed(current, before, action="document.read")


def _text_of(document: Document, page: int) -> str:
    """Return what tesseract reads on a page; nothing where it fails: people read it well enough."""
    try:
        with storage.at_hand(document.digest) as content:
            picture = draw_page(content, document.media_type, page, _WIDTH)
        command = [settings.TESSERACT, "stdin", "stdout", "-l", settings.TESSERACT_LANGUAGE]
        done = subprocess.run(command, input=picture, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 -- the program of the settings
    except (OSError, RefusedFile, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
