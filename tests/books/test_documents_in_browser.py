"""Documents in a real browser: dropped, pasted, dragged, photographed; turned and enlarged; nothing for axe to find."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.archive.models import Document
from retkoop.books.models import Book, Operation, Voucher
from retkoop.books.page import CoopPage
from retkoop.books.phone import pass_for
from retkoop.network.access import Access
from tests.archive.sent import pdf_bytes, picture_bytes, receive
from tests.books.coops import a_book, at, client_of, keeper, note
from tests.books.test_pages_in_browser import LAPTOP, PHONE, flaws
from tests.cast import a_day
from tests.conftest import Listen

Open = Callable[..., Page]

TICKET: FilePayload = {"name": "ticket.png", "mimeType": "image/png", "buffer": picture_bytes()}
HANDED_OVER = """([target, kind, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const name = kind === "paste" ? "clipboardData" : "dataTransfer";
  const made = kind === "paste" ? ClipboardEvent : DragEvent;
  document.querySelector(target).dispatchEvent(new made(kind, { [name]: data, bubbles: true, cancelable: true }));
}"""
"""What the browser does when a screenshot is pasted, or a file let go over a place."""


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


@pytest.fixture
def row(alice: Access, book: Book) -> Operation:
    return note(alice, book, "D1", "2025-11-14", "Car", -184_50)


@pytest.fixture
def open_at(alice: Access, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen) -> Open:
    """Open an address as Alice on her laptop; `device` and `known=False` for a telephone on which nobody is logged in."""

    def open_at(address: str, device: dict[str, Any] = LAPTOP, *, known: bool = True) -> Page:
        context = new_context(**{"base_url": live_server.url, "reduced_motion": "reduce", **device})
        if known:
            session = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        no_complaint(page)
        page.goto(address)
        return page

    return open_at


def hand_over(page: Page, target: str, kind: str) -> None:
    page.evaluate(HANDED_OVER, [target, kind, b64encode(picture_bytes("red")).decode()])


def joined(row: Operation) -> list[str]:
    return list(Voucher.objects.filter(operation=row).values_list("document__label", flat=True))


class TestSeveral:
    """Files that are chosen together go one by one."""

    def chosen(self, *names: str) -> list[FilePayload]:
        colours = ("red", "green", "blue", "white", "black")
        pictures: list[FilePayload] = [
            {"name": name, "mimeType": "image/png", "buffer": picture_bytes(colour)} for name, colour in zip(names, colours, strict=False)
        ]
        return pictures

    def test_each_is_kept_or_refused_by_itself(self, open_at: Open, book: Book) -> None:
        page = open_at(at(book, "documents"))
        bad: FilePayload = {"name": "page.html", "mimeType": "text/html", "buffer": b"<html><script>alert(1)</script></html>"}
        page.locator("#fichiers").set_input_files(
            [*self.chosen("a.png", "b.png"), bad, *self.chosen("a.png"), *self.chosen("x.png", "y.png", "c.png")[2:]]
        )
        expect(page.locator("#messages .notice")).to_have_count(2, timeout=20_000)
        kept, refused = page.locator("#messages .notice").all_inner_texts()
        there = "Déjà là, gardé une seule fois\u202f: «\u00a0a\u00a0»."
        assert kept.strip() == f"Reçu\u202f: «\u00a0a\u00a0», «\u00a0b\u00a0», «\u00a0c\u00a0». {there}"
        assert refused.strip().startswith("«\u00a0page.html\u00a0» n’a pas été gardé. ")
        assert sorted(Document.objects.filter(start=book.start).values_list("label", flat=True)) == ["a", "b", "c"]

    def test_what_a_cut_line_did_not_send_waits_in_the_form(self, open_at: Open, book: Book) -> None:
        page = open_at(at(book, "documents"))
        sent: list[str] = []

        def cut(route: Route) -> None:
            sent.append(route.request.method)
            if len(sent) == 2:
                route.abort()
            else:
                route.fallback()

        page.route("**/documents/", lambda route: cut(route) if route.request.method == "POST" else route.fallback())
        page.locator("#fichiers").set_input_files(self.chosen("a.png", "b.png", "c.png"))
        expect(page.locator(".drop-said")).to_contain_text("Envoi interrompu après 1 sur 3")
        page.get_by_role("button", name="Envoyer").click()
        expect(page.locator("#messages")).to_contain_text("Reçu")
        assert sorted(Document.objects.filter(start=book.start).values_list("label", flat=True)) == ["a", "b", "c"]

    def test_those_chosen_meanwhile_go_after_them(self, open_at: Open, book: Book) -> None:
        page = open_at(at(book, "documents"))
        held: list[Route] = []

        def hold(route: Route) -> None:
            if route.request.method == "POST" and not held:
                held.append(route)
            else:
                route.fallback()

        page.route("**/documents/", hold)
        page.locator("#fichiers").set_input_files(self.chosen("a.png", "b.png"))
        expect(page.locator(".drop-said")).to_have_text("Envoi\u202f: 1 sur 2…")
        assert leaving_asks(page)
        page.locator("#fichiers").set_input_files(self.chosen("", "", "c.png", "d.png", "e.png")[2:])
        held[0].fallback()
        expect(page.locator("#messages")).to_contain_text("5 documents reçus.", timeout=20_000)
        assert not leaving_asks(page)
        assert sorted(Document.objects.filter(start=book.start).values_list("label", flat=True)) == list("abcde")

    def test_one_chosen_while_one_goes_is_not_lost(self, open_at: Open, book: Book) -> None:
        page = open_at(at(book, "documents"))
        page.evaluate("""() => {
          const [zone, [first, second]] = [document.querySelector("drop-zone"), ["a", "b"].map((name) => {
            const data = new DataTransfer();
            const svg = `<svg xmlns="http://www.w3.org/2000/svg"><title>${name}</title></svg>`;
            data.items.add(new File([svg], `${name}.svg`, { type: "image/svg+xml" }));
            return data;
          })];
          for (const dataTransfer of [first, second]) zone.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""")
        expect(page.locator("#messages")).to_contain_text("b.svg")
        expect(page.locator("#messages")).to_contain_text("a.svg")

    def test_sent_again_they_are_told_as_known(self, open_at: Open, book: Book) -> None:
        names = [f"{name}.png" for name in "abcde"]
        page = open_at(at(book, "documents"))
        page.locator("#fichiers").set_input_files(self.chosen(*names))
        expect(page.locator("#messages")).to_have_text("5 documents reçus.", timeout=20_000)
        page.locator("#fichiers").set_input_files(self.chosen(*names))
        expect(page.locator("#messages")).to_have_text("5 fichiers étaient déjà là.", timeout=20_000)


def leaving_asks(page: Page) -> bool:
    """Whether the browser asks before the page is left."""
    asked: bool = page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    return asked


class TestOperation:
    @pytest.fixture
    def page(self, open_at: Open, book: Book, row: Operation) -> Page:
        return open_at(at(book, "operation", key=row.pk))

    @pytest.mark.parametrize(("kind", "target"), [("drop", "#justificatifs drop-zone"), ("paste", "body")])
    def test_a_picture_that_is_handed_over_is_joined(self, page: Page, row: Operation, kind: str, target: str) -> None:
        page.get_by_label("Libellé").fill("Car pour la sortie")
        hand_over(page, target, kind)
        expect(page.locator("#messages")).to_contain_text("Reçu")
        expect(page.locator("#justificatifs img.viewer-page")).to_have_js_property("complete", value=True)
        assert [re.fullmatch(r"Capture du \d{2}-\d{2}-\d{4} à \d{1,2} h \d{2}", label) is not None for label in joined(row)] == [True]
        assert page.get_by_label("Libellé").input_value() == "Car pour la sortie"  # what was being typed is still there
        assert flaws(page) == ("", False)

    def test_a_chosen_file_goes_off_at_once(self, page: Page, row: Operation) -> None:
        page.get_by_label("Joindre un fichier").set_input_files([TICKET])
        expect(page.locator("#messages")).to_contain_text("Reçu : « ticket ».")
        page.get_by_role("button", name="Retirer ticket").click()
        expect(page.locator("#justificatifs")).to_contain_text("Aucun justificatif pour l’instant.")
        assert joined(row) == []

    def test_the_first_one_stays_open_when_another_comes(self, alice: Access, book: Book, row: Operation, open_at: Open) -> None:
        receive(alice, book, operation=row.pk)
        page = open_at(at(book, "operation", key=row.pk))
        page.get_by_label("Joindre un fichier").set_input_files([TICKET])
        expect(page.locator("#messages")).to_contain_text("Reçu : « ticket ».")
        opened = [voucher.get_attribute("open") is not None for voucher in page.locator("details.voucher").all()]
        assert opened == [True, False]

    def test_a_cut_network_is_told_and_the_file_can_be_sent_again(self, page: Page, row: Operation) -> None:
        page.route("**/justificatifs/", lambda route: route.abort())
        page.get_by_label("Joindre un fichier").set_input_files([TICKET])
        expect(page.locator(".drop-said")).to_have_text("Envoi interrompu\u202f: vérifiez la connexion, puis appuyez sur « Envoyer ».")
        page.unroute("**/justificatifs/")
        page.get_by_role("button", name="Envoyer").click()
        expect(page.locator("#messages")).to_contain_text("Reçu : « ticket ».")
        assert joined(row) == ["ticket"]

    def test_lost_then_found(self, page: Page) -> None:
        page.get_by_text("Il est perdu").click()
        page.get_by_role("button", name="Préparer l’attestation sur l’honneur").click()
        expect(page.get_by_role("link", name="Attestation à signer (PDF)")).to_be_visible()
        assert flaws(page) == ("", False)
        page.get_by_role("button", name="Ce n’est plus vrai").click()
        expect(page.get_by_text("Il est perdu")).to_be_visible()

    def test_pages_turn_with_the_keyboard(self, alice: Access, book: Book, row: Operation, open_at: Open) -> None:
        document = receive(alice, book, pdf_bytes("Un", "Deux", "Trois"), operation=row.pk)
        page = open_at(at(book, "operation", key=row.pk))
        picture = page.locator("img.viewer-page")
        page.get_by_role("group", name="facture car").focus()
        for key, number, width in (
            ("ArrowRight", 2, 800),
            ("End", 3, 800),
            ("ArrowRight", 3, 800),
            ("+", 3, 1600),
            ("-", 3, 800),
            ("Home", 1, 800),
        ):
            page.keyboard.press(key)
            expect(picture).to_have_attribute("alt", f"facture car, page {number} sur 3")
            address = f"{at(book, 'document_page', key=document.pk, number=number)}?largeur={width}"
            assert (picture.get_attribute("src") or "").endswith(address)
        assert flaws(page) == ("", False)

    def test_a_file_far_too_large_is_not_even_sent(self, page: Page, row: Operation) -> None:
        page.evaluate("""() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(100_000_001)], "film.mp4"));
          document.querySelector("#justificatifs drop-zone").dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
        }""")
        expect(page.locator("#toasts")).to_contain_text("«\u00a0film.mp4\u00a0» est trop volumineux\u202f: 100 Mo au plus.")
        assert joined(row) == []


class TestMissing:
    def test_a_document_is_dragged_to_its_line(self, alice: Access, book: Book, row: Operation, open_at: Open) -> None:
        receive(alice, book)
        page = open_at(at(book, "missing_vouchers"))
        page.locator("[data-document]").drag_to(page.locator(f"#op-{row.pk} drop-zone"))
        expect(page.locator("#manquants")).to_contain_text("D1 : justificatif joint")
        expect(page.locator("#manquants")).to_contain_text("Rien ne manque")
        assert joined(row) == ["facture car"]

    def test_what_is_joined_to_a_line_far_down_is_told_in_sight(self, alice: Access, book: Book, open_at: Open) -> None:
        rows = [note(alice, book, f"D{number}", "2025-11-14", "Car", -number * 100) for number in range(1, 25)]
        page = open_at(at(book, "missing_vouchers"))
        chosen = page.locator(f"#fichiers-{rows[19].pk}")
        chosen.scroll_into_view_if_needed()
        svg: FilePayload = {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
        red: FilePayload = {**TICKET, "name": "rouge.png", "buffer": picture_bytes("red")}
        chosen.set_input_files([TICKET, svg, red])
        joined_files, refused = page.locator(".notice--good"), page.locator(".notice--bad")
        expect(joined_files).to_contain_text("D20 : justificatif joint")
        expect(joined_files).to_contain_text("ticket, rouge")
        for one in (joined_files, refused):
            expect(one).to_be_in_viewport(ratio=1)
        expect(page.locator(f"#fichiers-{rows[20].pk}")).to_be_focused()
        assert joined(rows[19]) == ["ticket", "rouge"]
        page.keyboard.press("Control+z")
        expect(page.locator(f"#fichiers-{rows[19].pk}")).to_be_focused()
        assert joined(rows[19]) == []
        assert flaws(page) == ("", False)

    def test_on_a_telephone_what_is_said_stands_under_the_bar_and_hides_no_line_to_go_on_with(
        self, alice: Access, book: Book, open_at: Open
    ) -> None:
        rows = [note(alice, book, f"D{number}", "2025-11-14", "Car", -number * 100) for number in range(1, 25)]
        page = open_at(at(book, "missing_vouchers"), PHONE)
        chosen = page.locator(f"#fichiers-{rows[19].pk}")
        chosen.scroll_into_view_if_needed()
        svg: FilePayload = {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
        chosen.set_input_files([TICKET, svg])
        expect(page.locator(".notice--bad")).to_be_in_viewport(ratio=1)
        expect(page.locator(f"#fichiers-{rows[20].pk}")).to_be_focused()
        bar, said, line = (page.locator(one).bounding_box() for one in (".side", ".said-of-all", f"#op-{rows[20].pk} .drop-picker"))
        assert bar is not None
        assert said is not None
        assert line is not None
        assert bar["y"] + bar["height"] <= said["y"]
        assert said["y"] + said["height"] <= line["y"]

    def test_files_for_two_lines_at_once_all_arrive(self, alice: Access, book: Book, row: Operation, open_at: Open) -> None:
        other = note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00)
        page = open_at(at(book, "missing_vouchers"))
        pictures: list[FilePayload] = [
            {**TICKET, "name": f"{name}.png", "buffer": picture_bytes(name)} for name in ("red", "blue", "green")
        ]
        page.locator(f"#fichiers-{row.pk}").set_input_files(pictures[:2])
        page.locator(f"#fichiers-{other.pk}").set_input_files(pictures[2:])
        expect(page.locator("#manquants")).to_contain_text("D2 : justificatif joint")
        assert (joined(row), joined(other)) == (["red", "blue"], ["green"])

    def test_a_paper_that_is_nowhere_keeps_its_panel_open(self, book: Book, row: Operation, open_at: Open) -> None:
        page = open_at(at(book, "missing_vouchers"))
        page.get_by_text("Il est sur papier").click()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("p.error")).to_contain_text("Dites où se trouve le papier")
        expect(page.get_by_label("Où est-il rangé ?")).to_be_focused()
        assert flaws(page) == ("", False)

    def test_on_paper_and_back_with_ctrl_z(self, book: Book, row: Operation, open_at: Open) -> None:
        page = open_at(at(book, "missing_vouchers"))
        page.get_by_text("Il est sur papier").click()
        page.get_by_label("Où est-il rangé ?").fill("Classeur bleu")
        page.keyboard.press("Enter")
        expect(page.locator("#manquants")).to_contain_text("D1 : justificatif sur papier")
        page.keyboard.press("Control+z")
        expect(page.locator(f"#op-{row.pk}")).to_be_visible()
        assert Operation.objects.get(pk=row.pk).proof == ""


class TestShelves:
    def test_a_proposal_is_accepted_with_one_key(self, alice: Access, book: Book, row: Operation, open_at: Open) -> None:
        receive(alice, book)
        page = open_at(at(book, "documents"))
        page.keyboard.press("j")
        expect(page.locator("#documents")).to_contain_text("Justificatif joint : D1 Car")
        page.get_by_role("button", name="Annuler").click()
        expect(page.get_by_role("button", name="C’est cela")).to_be_visible()
        assert joined(row) == []

    def test_the_date_is_asked_of_a_statement_alone(self, book: Book, open_at: Open) -> None:
        page = open_at(at(book, "documents"))
        expect(page.get_by_label("Date du document")).to_be_hidden()
        page.get_by_label("C’est", exact=True).select_option("Relevé bancaire")
        expect(page.get_by_label("Date du document")).to_be_visible()


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_pages_have_no_flaw(alice: Access, book: Book, row: Operation, open_at: Open, device: dict[str, Any]) -> None:
    document = receive(alice, book)
    receive(alice, book, picture_bytes(), name="ticket.png", operation=note(alice, book, "D2", "2025-11-15", "Cahiers", -12_00).pk)
    addresses = [at(book, name) for name in ("documents", "missing_vouchers", "phone_invite")]
    addresses += [at(book, "document", key=document.pk), at(book, "operation", key=row.pk)]
    assert {address: flaws(open_at(address, device)) for address in addresses} == dict.fromkeys(addresses, ("", False))


class TestTelephone:
    @pytest.fixture
    def page(self, alice: Access, book: Book, open_at: Open) -> Page:
        token = pass_for(CoopPage(alice, book, (book,), a_day("2025-11-24")))
        return open_at(f"/telephone/{token}/", PHONE, known=False)

    def test_pictures_go_off_as_they_are_taken(self, page: Page, book: Book, open_at: Open) -> None:
        assert flaws(page) == ("", False)
        picture: FilePayload = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": picture_bytes()}
        page.get_by_label("Prendre une photo").set_input_files([picture])
        expect(page.get_by_role("status").first).to_contain_text("IMG 1")
        svg: FilePayload = {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
        page.get_by_label("Choisir des photos ou un PDF").set_input_files([svg])
        expect(page.get_by_role("status").first).to_contain_text("Une image SVG peut contenir un programme.")
        assert flaws(page) == ("", False)
        expect(open_at(at(book, "documents")).locator("#documents")).to_contain_text("IMG 1")

    def test_the_computer_shows_what_has_come(self, alice: Access, book: Book, open_at: Open) -> None:
        page = open_at(at(book, "phone_invite"))
        receive(alice, book)
        expect(page.locator("#recus")).to_contain_text("facture car", timeout=8000)
        assert flaws(page) == ("", False)
        page.get_by_role("link", name="facture car").focus()
        with page.expect_response(lambda answer: answer.status == 204, timeout=8000):
            pass
        expect(page.get_by_role("link", name="facture car")).to_be_focused()


@pytest.mark.parametrize("name", ["document", "history"])
def test_a_title_without_a_space_breaks(alice: Access, book: Book, open_at: Open, name: str) -> None:
    document = receive(alice, book, name=f"{'facture' * 16}.pdf")
    parts = {"key": document.pk} if name == "document" else {}
    assert flaws(open_at(at(book, name, **parts), PHONE)) == ("", False)
