"""Pictures read in the background, by whatever program bears tesseract's name and speaks its language."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from retkoop.archive.models import Document, Reading
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from retkoop.upkeep.worker import do_one_task
from tests.archive.sent import picture_bytes, receive

pytestmark = pytest.mark.django_db

SAYS = "#!/bin/sh\ncat >/dev/null\nprintf 'Librairie du Marché\\nLe 14/11/2025\\nTotal TTC 23,40\\n'\n"


@pytest.fixture
def program(tmp_path: Path, settings: Settings) -> Path:
    """A program that reads the same words in any picture."""
    file = tmp_path / "tesseract"
    file.write_text(SAYS)
    file.chmod(0o755)
    settings.TESSERACT = str(file)
    return file


def ticket(alice: Access, book: Book) -> Document:
    return receive(alice, book, picture_bytes(), name="ticket.png")


def test_a_picture_is_read_in_the_background(alice: Access, book: Book, program: Path) -> None:
    document = ticket(alice, book)
    assert (document.reading, document.text) == (Reading.WAITING, "")
    assert do_one_task() is True
    document.refresh_from_db()
    assert (document.reading, document.found_amount, str(document.found_date)) == (Reading.OCR, 23_40, "2025-11-14")
    assert "librairie du marche" in document.words
    assert list(faults()) == []


def test_what_was_read_is_told_in_the_trail_and_cannot_change_behind_it(alice: Access, book: Book, program: Path) -> None:
    document = ticket(alice, book)
    do_one_task()
    assert AuditEvent.objects.filter(subject=document.subject, action="document.read", actor_name="Retkoop").count() == 1
    document.refresh_from_db()
    Document.objects.filter(pk=document.pk).update(text=f"{document.text} faux", words=f"{document.words} faux")
    assert list(faults()) == [f"{document.subject}\u202f: modifié en dehors de l’application"]


def test_a_pdf_that_has_text_is_read_already(alice: Access, book: Book, program: Path) -> None:
    assert (receive(alice, book).reading, do_one_task()) == (Reading.LAYER, False)


@pytest.mark.parametrize("says", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\ncat >/dev/null\n"])
def test_what_cannot_be_read_stays_a_picture(alice: Access, book: Book, program: Path, says: str) -> None:
    program.write_text(says)
    document = ticket(alice, book)
    do_one_task()
    document.refresh_from_db()
    assert (document.reading, document.text) == (Reading.NONE, "")


def test_a_document_that_was_removed_meanwhile_is_left_alone(alice: Access, book: Book, program: Path) -> None:
    document = ticket(alice, book)
    Document.objects.filter(pk=document.pk).delete()
    assert do_one_task() is True


def test_without_the_program_nothing_is_promised(alice: Access, book: Book, settings: Settings) -> None:
    settings.TESSERACT = ""
    assert (ticket(alice, book).reading, do_one_task()) == (Reading.NONE, False)
