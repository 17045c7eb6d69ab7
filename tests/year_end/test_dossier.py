"""The dossier of a year, opened as whoever receives it would."""

from __future__ import annotations

import csv
import io
from datetime import date
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.test import Client

from retkoop.archive import storage
from retkoop.archive.models import DocumentKind
from retkoop.books.models import Book, Operation
from retkoop.network.access import Access
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import at, stranger
from tests.pages import Answer

HEADER = ["piece", "date", "libelle", "tiers", "banque", "caisse", "regie", "justificatif", "fichier", "sha256"]


@pytest.fixture
def dossier(alice: Access, book: Book) -> Book:
    """The musée with two vouchers on D03, one of them on D05 as well, and a statement."""
    first, second = (Operation.objects.get(book=book, piece=piece).pk for piece in ("D03", "D05"))
    receive(alice, book, label="Facture du car / 12", operation=first)
    receive(alice, book, picture_bytes("red"), name="ticket.png", operation=first)
    receive(alice, book, picture_bytes("red"), name="ticket.png", operation=second)
    receive(alice, book, picture_bytes("blue"), name="r.png", kind=DocumentKind.STATEMENT, label="Relevé d’août", day=date(2026, 8, 31))
    return book


def sent(answer: Answer) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer


def opened(client: Client, book: Book) -> ZipFile:
    answer = client.get(at(book, "dossier"))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="dossier-0910000A-2025-2026.zip"'
    return ZipFile(io.BytesIO(sent(answer)))


def index_of(archive: ZipFile) -> list[list[str]]:
    return list(csv.reader(archive.read("index.csv").decode("utf-8-sig").splitlines(), delimiter=";"))


def test_every_document_is_there_under_its_piece(client: Client, dossier: Book) -> None:
    with opened(client, dossier) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "CRF.pdf",
            "journal.csv",
            "index.csv",
            "index.html",
            "index.css",
            "justificatifs/D03 - Facture du car 12.pdf",
            "justificatifs/D03 - ticket.png",
            "justificatifs/D05 - ticket.png",
            "documents/Relevé bancaire - Relevé d’août.png",
        ]
        assert archive.read("CRF.pdf").startswith(b"%PDF-")


def test_the_index_tells_each_file_with_its_digest_and_what_stands_in_the_place_of_others(client: Client, dossier: Book) -> None:
    with opened(client, dossier) as archive:
        header, *rows = index_of(archive)
        assert header == HEADER
        files = {row[8]: row[9] for row in rows if row[8]}
        assert files == {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()[5:]}
        by_piece = {row[0]: row for row in rows if not row[8]}
        assert by_piece["D01"][:8] == [
            *("D01", "02/10/2025", "Adhésion OCCE et assurance", "OCCE 91", "-149,50", "0,00", "0,00"),
            "Justificatif sur papier\u202f: Classeur bleu",
        ]
        page = archive.read("index.html").decode()
        assert page.count("<tr>") == len(rows) + 1
        assert 'href="justificatifs/D03%20-%20Facture%20du%20car%2012.pdf"' in page


def test_a_document_that_has_disappeared_is_told(client: Client, dossier: Book) -> None:
    with opened(client, dossier) as archive:
        digest = next(row[9] for row in index_of(archive) if row[8].startswith("documents/"))
    storage.throw_away(digest)
    with opened(client, dossier) as archive:
        assert archive.namelist()[-1] == "documents/Relevé bancaire - Relevé d’août.png - MANQUANT.txt"


def test_a_year_without_documents_has_its_dossier(client: Client, book: Book) -> None:
    with opened(client, book) as archive:
        assert archive.namelist() == ["CRF.pdf", "journal.csv", "index.csv", "index.html", "index.css"]


def test_strangers_get_nothing(dossier: Book) -> None:
    assert stranger().get(at(dossier, "dossier")).status_code == 404
