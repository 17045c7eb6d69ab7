"""A telephone as camera: a pass for twenty minutes, one book, one person who may write in it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from retkoop.archive.models import Document
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, Voucher
from retkoop.books.phone import square
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Role, RoleKind
from retkoop.network.services import end_role
from tests.archive.sent import a_picture, picture_bytes, receive
from tests.books.coops import a_book, at, comptable, keeper, note, plain, queries_of, said, stranger
from tests.cast import ALICE, CHARLIE, logged_in, make_staff
from tests.clock import Clock
from tests.pages import Answer, controls, links, notices, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CLOSED = (
    "Ce carré n’est plus valable Il ne sert que quelques minutes. Sur l’ordinateur, ouvrez « Photographier un justificatif » et faites un "
    "nouveau carré, puis visez-le avec ce téléphone."
)


@pytest.fixture
def phone() -> Client:
    """A telephone on which nobody is logged in; it minds forged forms as a browser's server does."""
    return Client(enforce_csrf_checks=True)


def address_in(answer: Answer) -> str:
    """Return the address that a page shows beside its square."""
    found = re.search(r'class="phone-address">([^<]+)<', answer.content.decode())
    assert found is not None
    return unescape(found[1])


def invited(client: Client, book: Book, question: str = "") -> str:
    return urlsplit(address_in(client.get(at(book, "phone_invite") + question))).path


def send(phone: Client, path: str, *files: SimpleUploadedFile) -> tuple[int, list[str]]:
    """Open the page and send files from it; return the status and what is said."""
    token = controls(phone.get(path), "csrfmiddlewaretoken")[0]["value"]
    answer = phone.post(path, {"csrfmiddlewaretoken": token, "fichiers": list(files)})
    return answer.status_code, [plain(notice) for notice in notices(answer)]


def words_in(fragment: Answer) -> str:
    """Return what a part of a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", fragment.content.decode()).split())


class TestSquare:
    def test_the_page_shows_it(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "phone_invite"))
        assert title(answer) == "Photographier un justificatif"
        assert "Ce carré ouvre seulement l’envoi de justificatifs à École Jean-Jaurès, pendant 20 minutes." in said(answer)
        assert "Rien n’est encore arrivé." in said(answer)

    def test_it_is_small_and_holds_no_style(self) -> None:
        drawn = square(f"https://retkoop.example/telephone/{'x' * 120}/")
        assert (drawn.width, len(drawn.path) < 20_000, re.sub(r"[Mhvz\d -]", "", drawn.path)) == (drawn.width, True, "")

    def test_it_leads_to_where_the_page_was_asked(self, client: Client, book: Book, settings: Settings) -> None:
        settings.ALLOWED_HOSTS = ["retkoop.example"]
        answer = client.get(at(book, "phone_invite"), headers={"Host": "retkoop.example"})
        assert (urlsplit(address_in(answer)).netloc, notices(answer)) == ("retkoop.example", [])

    @pytest.mark.parametrize(
        ("public", "host", "count"), [("http://127.0.0.1:8000", "localhost:8123", 1), ("http://192.168.1.5:8000", "192.168.1.5:8000", 0)]
    )
    def test_a_telephone_cannot_reach_localhost(
        self, client: Client, book: Book, settings: Settings, public: str, host: str, count: int
    ) -> None:
        settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["localhost"], public
        answer = client.get(at(book, "phone_invite"), headers={"Host": "localhost:8123"})
        assert (urlsplit(address_in(answer)).netloc, len(notices(answer))) == (host, count)

    def test_who_is_on_the_telephone_already_has_a_link(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "phone_invite"))
        assert "Vous êtes déjà sur le téléphone ? Prenez vos photos ici, sans viser de carré." in said(answer)
        assert [link for link in links(answer) if "/telephone/" in link and link.startswith("http")] == [address_in(answer)]

    def test_only_who_may_write_makes_one(self, book: Book) -> None:
        addresses = [at(book, "phone_invite"), at(book, "phone_arrived")]
        assert [who.get(address).status_code for who in (stranger(), comptable()) for address in addresses] == [404] * 4

    def test_its_queries(self, client: Client, book: Book) -> None:
        assert queries_of(client, at(book, "phone_invite")) <= 12


class TestTelephone:
    def test_the_page_names_the_coop_and_asks_for_no_log_in(self, client: Client, book: Book, phone: Client) -> None:
        answer = phone.get(invited(client, book))
        assert said(answer).startswith("Photographier un justificatif Pour École Jean-Jaurès, année 2025-2026.")
        pickers = [(one.get("capture"), "multiple" in one, one["accept"]) for one in controls(answer, "fichiers")]
        accepted = "image/*,application/pdf,.heic,.heif"
        assert pickers == [("environment", True, accepted), (None, True, accepted)]

    def test_pictures_come_to_the_inbox_under_the_name_of_who_invited(self, client: Client, book: Book, phone: Client) -> None:
        status, told = send(phone, invited(client, book), a_picture("red", "IMG_1.png"), a_picture("blue", "IMG_2.png"))
        assert (status, told) == (200, ["Reçu : 2 documents IMG 1 IMG 2"])
        assert list(Document.objects.order_by("pk").values_list("label", "received_by__username")) == [("IMG 1", ALICE), ("IMG 2", ALICE)]
        events = AuditEvent.objects.filter(action="document.received").values_list("actor_name", "role")
        assert set(events) == {("École Jean-Jaurès", "coop")}

    def test_asked_for_an_operation_they_prove_it(self, alice: Access, client: Client, book: Book, phone: Client) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Car", -184_50)
        question = f"?operation={row.pk}"
        assert "Pour D1, Car" in said(client.get(at(book, "phone_invite") + question))
        send(phone, invited(client, book, question), a_picture())
        assert list(Voucher.objects.values_list("operation", flat=True)) == [row.pk]

    @pytest.mark.parametrize("operation", ["99999", "x", str(2**63)])
    def test_an_operation_that_is_none_is_left_aside(self, client: Client, book: Book, phone: Client, operation: str) -> None:
        assert send(phone, invited(client, book, f"?operation={operation}"), a_picture())[0] == 200

    def test_a_refusal_is_told_beside_what_is_kept(self, client: Client, book: Book, phone: Client) -> None:
        svg = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        status, told = send(phone, invited(client, book), svg, a_picture())
        reason = "a.svg : Une image SVG peut contenir un programme. Envoyez un PDF ou une photo."
        assert (status, told) == (200, ["Reçu : 1 document ticket", f"1 fichier n’a pas été gardé {reason}"])

    def test_nothing_sent_is_told(self, client: Client, book: Book, phone: Client) -> None:
        assert send(phone, invited(client, book)) == (422, ["Choisissez d’abord un fichier : une photo ou un PDF."])

    def test_sent_again_it_is_one_document(self, client: Client, book: Book, phone: Client) -> None:
        path = invited(client, book)
        send(phone, path, a_picture())
        status, told = send(phone, path, a_picture(), a_picture("red", "IMG_1.png"))
        assert (status, told) == (200, ["Reçu : 1 document IMG 1", "Déjà là, gardé une seule fois : 1 document ticket"])
        assert Document.objects.count() == 2

    def test_a_forged_form_sends_nothing(self, client: Client, book: Book, phone: Client) -> None:
        assert phone.post(invited(client, book), {"fichiers": [a_picture()]}).status_code == 403
        assert Document.objects.count() == 0

    def test_a_year_that_is_closed_meanwhile_says_so_at_once(self, client: Client, book: Book, phone: Client, clock: Clock) -> None:
        path = invited(client, book)
        Book.objects.filter(pk=book.pk).update(sealed_at=clock.time)
        answer = phone.get(path)
        why = "Les comptes de 2025-2026 sont validés et scellés : corrigez par une opération de l’année suivante."
        assert (answer.status_code, controls(answer, "fichiers")) == (200, [])
        assert [plain(notice) for notice in notices(answer)] == [f"On ne peut plus rien envoyer pour 2025-2026 {why}"]

    def test_its_queries(self, client: Client, book: Book, phone: Client) -> None:
        assert queries_of(phone, invited(client, book)) <= 12


class TestPass:
    """What opens nothing tells nothing of why."""

    def refused(self, phone: Client, path: str) -> tuple[int, int, str]:
        """Return how a telephone is answered to a look and to a file; nothing may come of it."""
        look = phone.get(path)
        sent = Client().post(path, {"fichiers": [a_picture()]})
        assert Document.objects.count() == 0
        return look.status_code, sent.status_code, said(look)

    def test_it_lasts_twenty_minutes(self, client: Client, book: Book, phone: Client, clock: Clock) -> None:
        path = invited(client, book)
        clock.advance(minutes=20)
        assert phone.get(path).status_code == 200
        clock.advance(seconds=1)
        assert self.refused(phone, path) == (410, 410, CLOSED)

    def test_an_altered_one_opens_nothing(self, client: Client, book: Book, phone: Client) -> None:
        path = invited(client, book)
        letter = "B" if path[15] == "A" else "A"
        assert self.refused(phone, path[:15] + letter + path[16:]) == (404, 404, CLOSED)

    @pytest.mark.parametrize("token", ["x", "a:b:c", "é", ":" * 50])
    def test_what_is_no_pass_opens_nothing(self, phone: Client, token: str) -> None:
        assert self.refused(phone, f"/telephone/{token}/") == (404, 404, CLOSED)

    def test_what_was_signed_for_something_else_opens_nothing(self, alice: Access, book: Book, phone: Client) -> None:
        token = signing.dumps([book.coop.rne, book.start, alice.user.pk, None, 2**40], salt="something else")
        assert self.refused(phone, f"/telephone/{token}/") == (404, 404, CLOSED)

    def test_a_role_that_ends_stops_it(self, book: Book, phone: Client) -> None:
        helper = make_staff("animateur", RoleKind.ANIMATEUR)
        path = invited(logged_in(helper), book)
        assert phone.get(path).status_code == 200
        end_role(author=SYSTEM, role=Role.objects.get(user=helper))
        assert self.refused(phone, path) == (404, 404, CLOSED)

    def test_an_account_that_is_closed_stops_it(self, alice: Access, client: Client, book: Book, phone: Client) -> None:
        path = invited(client, book)
        alice.user.is_active = False
        alice.user.save()
        assert self.refused(phone, path) == (404, 404, CLOSED)

    def test_it_reaches_no_other_coop(self, client: Client, book: Book, phone: Client) -> None:
        theirs = a_book(keeper(CHARLIE))
        send(phone, invited(client, book), a_picture())
        assert (Document.objects.get().coop_id, Document.objects.filter(coop=theirs.coop).count()) == (book.coop_id, 0)

    def test_it_opens_no_session(self, client: Client, book: Book, phone: Client) -> None:
        phone.get(invited(client, book))
        assert phone.get(at(book, "documents")).status_code == 302

    def test_log_in_on_the_telephone_changes_nothing(self, client: Client, book: Book) -> None:
        assert stranger().get(invited(client, book)).status_code == 200


class TestArrived:
    def test_what_has_come_since_is_told(self, alice: Access, client: Client, book: Book, phone: Client, clock: Clock) -> None:
        receive(alice, book)
        clock.advance(minutes=1)
        page = client.get(at(book, "phone_invite"))
        asked = re.search(r'hx-get="([^"]+)"', page.content.decode())
        assert asked is not None
        send(phone, urlsplit(address_in(page)).path, a_picture())
        answer = client.get(unescape(asked[1]))
        assert (answer.status_code, "1 document reçu" in plain(answer.content.decode())) == (200, True)
        assert links(answer) == [at(book, "document", key=Document.objects.get(label="ticket").pk)]

    def test_what_the_page_shows_already_is_not_sent_again(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        address = f"{at(book, 'phone_arrived')}?depuis={int(clock.time.timestamp())}"
        page = client.get(at(book, "phone_invite"))
        for content in ("red", "blue"):
            (shown,) = controls(page, "vus")
            assert client.get(f"{address}&vus={shown['value']}").status_code == 204
            receive(alice, book, picture_bytes(content))
            page = client.get(f"{address}&vus={shown['value']}")
            assert page.status_code == 200

    def test_what_was_there_already_is_told_too(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        receive(open_coop(make_staff("bob", RoleKind.ANIMATEUR), ALICE), book)
        clock.advance(minutes=1)
        asked = {"depuis": str(int(clock.time.timestamp()))}
        (shown,) = controls(client.get(at(book, "phone_invite")), "vus")
        assert client.get(at(book, "phone_arrived"), {**asked, "vus": shown["value"]}).status_code == 204
        receive(alice, book)
        answer = client.get(at(book, "phone_arrived"), {**asked, "vus": shown["value"]})
        assert words_in(answer) == "facture car Déjà là, gardé une seule fois"
        receive(alice, book, picture_bytes(), name="ticket.png")
        assert words_in(client.get(at(book, "phone_arrived"), asked)) == "1 document reçu ticket facture car Déjà là, gardé une seule fois"

    @pytest.mark.parametrize("since", ["", "x", "0", "9" * 19, "9" * 400])
    def test_once_the_square_is_spent_nobody_asks_any_more(self, client: Client, book: Book, since: str) -> None:
        answer = client.get(at(book, "phone_arrived"), {"depuis": since})
        assert (answer.status_code, "Le carré n’est plus valable." in answer.content.decode()) == (286, True)

    def test_that_is_after_twenty_minutes(self, client: Client, book: Book, clock: Clock) -> None:
        address = f"{at(book, 'phone_arrived')}?depuis={int(clock.time.timestamp())}"
        statuses = []
        for minutes in (0, 20, 1):
            clock.advance(minutes=minutes)
            statuses.append(client.get(address).status_code)
        assert statuses == [200, 200, 286]

    def test_what_others_send_is_not_told(self, client: Client, book: Book, clock: Clock) -> None:
        receive(open_coop(make_staff("bob", RoleKind.ANIMATEUR), ALICE), book)
        answer = client.get(at(book, "phone_arrived"), {"depuis": str(int(clock.time.timestamp()))})
        assert "Rien n’est encore arrivé." in answer.content.decode()
