"""What a document holds, for whoever may see its coop, and for nobody else."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.http import FileResponse
from django.test import Client
from PIL import Image

from retkoop.archive import storage
from retkoop.archive.models import Document
from retkoop.archive.pictures import throw_away_pictures
from retkoop.archive.views import name_of
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.archive.sent import pdf_bytes, picture_bytes, receive
from tests.books.coops import a_book, at, client_of, comptable, keeper, said, stranger
from tests.cast import CHARLIE
from tests.pages import Answer

pytestmark = pytest.mark.django_db

LOST = (
    "Ce document ne peut pas être montré Retkoop sait qu’il existe, mais ne retrouve pas ou ne lit pas son contenu. "
    "Prévenez votre association départementale : une sauvegarde le contient sans doute."
)


@pytest.fixture
def invoice(alice: Access, book: Book) -> Document:
    return receive(alice, book, pdf_bytes("Facture", "Suite"), name="Facture du car, n°12.pdf")


def fetched(client: Client, address: str) -> tuple[FileResponse, bytes]:
    """Return an answer that streams, and all of what it streams."""
    answer = client.get(address)
    assert isinstance(answer, FileResponse)
    parts: Iterable[bytes] = answer.streaming_content
    return answer, b"".join(parts)


def told(answer: Answer) -> str:
    """Return what an error page says, without where it leads."""
    return said(answer).partition(" Aller à l’accueil")[0]


def file(book: Book, document: Document) -> str:
    return at(book, "document_file", key=document.pk)


def page(book: Book, document: Document, number: int = 1) -> str:
    return at(book, "document_page", key=document.pk, number=number)


class TestFile:
    def test_it_is_what_is_stored(self, client: Client, book: Book, invoice: Document) -> None:
        answer, content = fetched(client, file(book, invoice))
        with storage.opened(invoice.digest) as kept:
            assert (answer.status_code, content) == (200, kept.read())

    def test_no_browser_takes_it_for_a_page(self, client: Client, book: Book, invoice: Document) -> None:
        answer, _ = fetched(client, file(book, invoice))
        assert {name: answer.get(name) for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
            "Content-Type": "application/pdf",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        assert (answer["Cache-Control"], answer["Content-Length"]) == ("private, no-store", str(invoice.size))

    @pytest.mark.parametrize(("question", "how"), [("", "inline"), ("?telecharger=1", "attachment")])
    def test_its_name_is_its_title(self, client: Client, book: Book, invoice: Document, question: str, how: str) -> None:
        answer, _ = fetched(client, file(book, invoice) + question)
        assert answer["Content-Disposition"] == f'{how}; filename="Facture du car, n 12.pdf"'

    @pytest.mark.parametrize(
        ("label", "name"),
        [
            ("../../etc/passwd", "etc passwd.jpg"),
            ('a"b\r\nSet-Cookie: x', "a b Set-Cookie x.jpg"),
            ("Reçu de l’école", "Reçu de l’école.jpg"),
            ("…", "document.jpg"),
            ("x" * 200, "x" * 80 + ".jpg"),
        ],
    )
    def test_a_name_that_any_disk_takes(self, label: str, name: str) -> None:
        assert name_of(Document(label=label, media_type="image/jpeg")) == name

    def test_a_content_that_is_lost_is_told(self, alice: Access, client: Client, book: Book) -> None:
        never_drawn = receive(alice, book, picture_bytes("olive"), name="ticket.png")
        storage.throw_away(never_drawn.digest)
        answers = [client.get(file(book, never_drawn)), client.get(page(book, never_drawn))]
        assert [(answer.status_code, told(answer)) for answer in answers] == [(404, LOST)] * 2


class TestPage:
    @pytest.mark.parametrize("width", [160, 800, 1600])
    def test_a_page_is_a_picture_of_the_width_asked_for(self, client: Client, book: Book, invoice: Document, width: int) -> None:
        answer = client.get(page(book, invoice, 2), {"largeur": str(width)})
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer["Content-Type"], answer["X-Content-Type-Options"], picture.format) == ("image/jpeg", "nosniff", "JPEG")
        assert abs(picture.width - width) <= 1

    @pytest.mark.parametrize("width", ["0", "161", "99999", "-1", "٨", "", "800.0"])
    def test_any_other_width_is_not_drawn(self, client: Client, book: Book, invoice: Document, width: str) -> None:
        assert client.get(page(book, invoice), {"largeur": width}).status_code == 404

    @pytest.mark.parametrize("number", [0, 3, 10**12])
    def test_there_are_no_other_pages(self, client: Client, book: Book, invoice: Document, number: int) -> None:
        assert client.get(page(book, invoice, number)).status_code == 404

    def test_it_is_drawn_once(self, client: Client, book: Book, invoice: Document) -> None:
        first = client.get(page(book, invoice)).content
        kept = Path(settings.HOME) / "apercus" / invoice.digest[:2] / f"{invoice.digest}-1-800.jpg"
        assert kept.read_bytes() == first
        kept.write_bytes(b"as it was drawn")
        assert client.get(page(book, invoice)).content == b"as it was drawn"
        assert [one.name for one in kept.parent.iterdir() if one.name.startswith(".")] == []
        kept.unlink()

    def test_pictures_go_with_their_content(self, alice: Access, client: Client, book: Book) -> None:
        drawn, other = (receive(alice, book, picture_bytes(colour), name=f"{colour}.png") for colour in ("teal", "gold"))
        for document in (drawn, other):
            client.get(page(book, document), {"largeur": "160"})
        throw_away_pictures(drawn.digest)
        kept = [Path(settings.HOME) / "apercus" / one.digest[:2] / f"{one.digest}-1-160.jpg" for one in (drawn, other)]
        assert [one.exists() for one in kept] == [False, True]

    def test_a_picture_is_its_only_page(self, alice: Access, client: Client, book: Book) -> None:
        ticket = receive(alice, book, picture_bytes("red"), name="ticket.png")
        assert [client.get(page(book, ticket, number)).status_code for number in (1, 2)] == [200, 404]


class TestWhoMay:
    def test_strangers_are_told_that_nothing_is_there(self, book: Book, invoice: Document) -> None:
        who = stranger()
        assert [who.get(address).status_code for address in (file(book, invoice), page(book, invoice))] == [404, 404]

    def test_readers_see_it(self, book: Book, invoice: Document) -> None:
        who = comptable()
        assert fetched(who, file(book, invoice))[0].status_code == who.get(page(book, invoice)).status_code == 200

    def test_nobody_sees_it_without_being_logged_in(self, book: Book, invoice: Document) -> None:
        answers = [Client().get(address) for address in (file(book, invoice), page(book, invoice))]
        assert [answer.headers["Location"].split("?")[0] for answer in answers] == ["/connexion/"] * 2

    def test_an_address_of_another_coop_or_year_opens_nothing(self, alice: Access, client: Client, book: Book, invoice: Document) -> None:
        charlie = keeper(CHARLIE)
        asked = [(client_of(charlie), a_book(charlie)), (client, a_book(alice, book.year.next))]
        assert [who.get(view(one, invoice)).status_code for who, one in asked for view in (file, page)] == [404] * 4

    @pytest.mark.parametrize("year", ["2025", "hier", "2025-2027"])
    def test_what_is_no_year(self, client: Client, book: Book, invoice: Document, year: str) -> None:
        assert client.get(file(book, invoice).replace(str(book.year), year)).status_code == 404

    def test_it_is_only_looked_at(self, client: Client, book: Book, invoice: Document) -> None:
        assert [client.post(address).status_code for address in (file(book, invoice), page(book, invoice))] == [405, 405]
