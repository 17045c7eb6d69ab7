"""The pages of a vérificateur: what they show, what they may be asked for, and nothing of anybody else's."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, Operation
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.registers.facts import DeliberationFacts, ItemFacts
from retkoop.registers.models import Meeting
from retkoop.registers.services import record_deliberation, record_item
from retkoop.year_end.cra.questionnaires import first_version
from retkoop.year_end.models import QuestionnaireKind, Signature, Verifier
from retkoop.year_end.verifiers import codes
from retkoop.year_end.verifiers.queries import valid_signatures
from retkoop.year_end.verifiers.sample import sample_of
from retkoop.year_end.verifiers.tokens import token_of
from tests.archive.sent import picture_bytes, receive
from tests.books.coops import a_book, keeper, line, note, note_all, plain, queries_of, said
from tests.cast import CHARLIE
from tests.pages import controls, errors, notices, title
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import OTHER, code_in, in_state, invited, letters, opened, signed, telephone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Client:
    return telephone()


@pytest.fixture
def verifier(alice: Access, book: Book) -> Verifier:
    in_state(book, ClosingState.SIGNING)
    return invited(alice, book)


def to(verifier: Verifier, name: str = "verifier", **parts: object) -> str:
    return reverse(name, kwargs={"token": token_of(Verifier.objects.get(pk=verifier.pk)), **parts})


def send(phone: Client, verifier: Verifier, name: str, sent: dict[str, str]) -> tuple[int, str]:
    """Open the page of the form, send it as a browser does; return the status and where it leads."""
    page = phone.get(to(verifier, "verifier_sign" if name == "verifier_sign" else "verifier_search"), {"q": "a"})
    token = (controls(page, "csrfmiddlewaretoken") or [{"value": ""}])[0]["value"]
    seen, grid = ((controls(page, kept) or [{"value": ""}])[0].get("value", "") for kept in ("seen", "grid"))
    answer = phone.post(to(verifier, name), {"csrfmiddlewaretoken": token, "seen": seen, "grid": grid, **sent})
    send.answer = answer  # type: ignore[attr-defined]  # the last answer, for whoever reads it
    return answer.status_code, answer.headers.get("Location", "")


YES: Final = {f"grille-{question.key}": "Oui" for question in first_version(QuestionnaireKind.GRID).questions}
"""What the form sends of the grid where all is well."""


def left_out(book: Book) -> Operation:
    """Return the one operation that is not drawn."""
    drawn = sample_of(book, book.closing).keys
    (row,) = Operation.objects.filter(book=book, opening=False).exclude(pk__in=drawn)
    return row


class TestStart:
    def test_its_queries(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        few = queries_of(phone, to(verifier))
        note_all(alice, book, (line(f"R{number + 100}", "2026-05-04", "Gâteaux", 1_00 + number) for number in range(60)))
        assert (queries_of(phone, to(verifier)), few <= 30) == (few, True)

    def test_it_shows_the_accounts_and_the_drawn_operations(self, phone: Client, book: Book, verifier: Verifier) -> None:
        answer = phone.get(to(verifier))
        told = said(answer)
        assert title(answer) == "Vérifier les comptes"
        assert "Charges 616 Assurances versées 16,25 618 Charges des activités éducatives 464,70" in told
        assert "D03 Entrées et car, musée 12/03/2026 · Musée341,80 €" in told
        assert left_out(book).label not in told
        assert "3. L’inventaire Aucun bien durable n’est noté. 4. Les décisions de l’année Aucune délibération n’est notée." in told

    def test_before_the_call_to_sign_it_can_be_read(self, phone: Client, alice: Access, book: Book) -> None:
        verifier = invited(alice, book)
        told = said(phone.get(to(verifier)))
        assert "Elles seront tirées au sort quand le mandataire appellera à signer." in told
        assert "Ce n’est pas encore le moment de signer : le mandataire finit de préparer les comptes." in told
        assert "Ce n’est pas encore le moment de signer" in said(phone.get(to(verifier, "verifier_sign")))

    def test_registers_are_shown(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        item = ItemFacts("Enceinte", date(2025, 10, 3), 89_00, "Armoire bleue")
        record_item(access=alice, book=book, facts=item, submission=uuid.uuid4())
        decided = DeliberationFacts(date(2025, 11, 7), Meeting.COOPERATIVE, "On va au musée.", "", None, (), ())
        record_deliberation(access=alice, book=book, facts=decided, submission=uuid.uuid4())
        told = said(phone.get(to(verifier)))
        assert "Enceinte, 89,00 € acheté le 03/10/2025 · Armoire bleue En tout : 89,00 €." in told
        assert "Conseil de coopérative, 7 novembre 2025 On va au musée." in told

    def test_the_crf_is_had_on_paper(self, phone: Client, verifier: Verifier) -> None:
        answer = phone.get(to(verifier, "verifier_crf"))
        assert answer["Content-Disposition"] == 'attachment; filename="CRF-0910000A-2025-2026.pdf"'
        assert "Compte rendu financier 2025-2026" in words(answer.content)

    def test_after_a_change_it_says_which_and_asks_again(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        signed(verifier)
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        answer = phone.get(to(verifier))
        (told,) = notices(answer)
        assert plain(told).startswith("Les comptes ont changé depuis votre signature Elle ne vaut plus pour ces nouveaux comptes.")
        assert "École Jean-Jaurès : " in plain(told)


class TestOperations:
    def test_a_drawn_one_is_shown_with_its_pictures(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        row = Operation.objects.get(book=book, piece="D03")
        receive(alice, book, picture_bytes("red"), name="entrees.png", operation=row.pk)
        document = Document.objects.get()
        told = said(phone.get(to(verifier, "verifier_operation", key=row.pk)))
        assert "Montant 341,80 €" in told
        assert "entrees" in told
        picture = phone.get(to(verifier, "verifier_document_page", key=document.pk, number=1))
        file = phone.get(to(verifier, "verifier_document_file", key=document.pk) + "?telecharger=1")
        assert (picture.status_code, picture["Content-Type"], file["Content-Disposition"]) == (
            200,
            "image/jpeg",
            'attachment; filename="entrees.png"',
        )
        assert {answer["Content-Security-Policy"] for answer in (picture, file)} == {"sandbox; default-src 'none'"}
        assert {answer["Cache-Control"] for answer in (picture, file)} == {"private, no-store"}
        assert b"".join(file.streaming_content)[:4] == b"\x89PNG"  # type: ignore[attr-defined]  # a file

    @pytest.mark.parametrize(
        ("proof", "sentence"),
        [
            ("paper", "Il est sur papier : Classeur bleu. Demandez au mandataire de vous le montrer."),
            ("lost", "Il est perdu : le mandataire a signé une attestation sur l’honneur. Demandez à la voir."),
            ("purged", "Il a été détruit au bout de dix ans, comme la règle le permet."),
            ("", "Il manque. Demandez au mandataire pourquoi, et dites-le dans vos réponses."),
        ],
    )
    def test_what_there_is_instead_of_a_picture(self, phone: Client, book: Book, verifier: Verifier, proof: str, sentence: str) -> None:
        row = Operation.objects.get(book=book, piece="D03")
        Operation.objects.filter(pk=row.pk).update(proof=proof)
        assert f"Justificatif {sentence}" in said(phone.get(to(verifier, "verifier_operation", key=row.pk)))

    def test_any_other_is_asked_for_and_then_shown(self, phone: Client, book: Book, verifier: Verifier) -> None:
        row = left_out(book)
        address = to(verifier, "verifier_operation", key=row.pk)
        assert phone.get(address).status_code == 404
        assert send(phone, verifier, "verifier_ask", {"operation": str(row.pk)}) == (302, address)
        send(phone, verifier, "verifier_ask", {"operation": str(row.pk)})
        assert (phone.get(address).status_code, opened(verifier).asked) == (200, [row.pk])
        event = AuditEvent.objects.get(action="verifier.asked")
        assert (event.actor_name, event.role) == ("Inès Moreau", "verifier")
        assert f"Celles que vous avez demandées {row.piece} {row.label}" in said(phone.get(to(verifier)))

    @pytest.mark.parametrize("typed", ["D03", "musee", "341,80", "12/03/2026"])
    def test_it_is_found_by_piece_label_amount_or_day(self, phone: Client, verifier: Verifier, typed: str) -> None:
        assert "D03 Entrées et car, musée" in said(phone.get(to(verifier, "verifier_search"), {"q": typed}))

    def test_what_is_not_there_is_said(self, phone: Client, verifier: Verifier) -> None:
        told = said(phone.get(to(verifier, "verifier_search"), {"q": "xyz\x00"}))
        assert told.endswith("Rien ne correspond Essayez un seul mot du libellé, ou le montant exact.")

    def test_a_long_answer_says_that_it_goes_on(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        for number in range(31):
            note(alice, book, f"R{number + 100}", "2026-05-04", "Gâteaux", 1_00 + number)
        told = said(phone.get(to(verifier, "verifier_search"), {"q": "gâteaux"}))
        assert "30 opérations" in told
        assert told.endswith("Il y en a d’autres : précisez ce que vous cherchez.")

    @pytest.mark.parametrize("key", ["", "x", "9" * 30])
    def test_what_is_no_key_is_absent(self, phone: Client, verifier: Verifier, key: str) -> None:
        assert send(phone, verifier, "verifier_ask", {"operation": key}) == (404, "")

    def test_the_opening_is_no_operation_to_ask_for(self, phone: Client, book: Book, verifier: Verifier) -> None:
        row = Operation.objects.get(book=book, opening=True)
        status, _ = send(phone, verifier, "verifier_ask", {"operation": str(row.pk)})
        assert (status, opened(verifier).asked) == (422, [])
        assert notices(send.answer) == ["Cette opération n’est plus dans le cahier."]  # type: ignore[attr-defined]  # as `send` leaves it

    def test_two_hundred_are_enough(self, phone: Client, book: Book, verifier: Verifier) -> None:
        Verifier.objects.filter(pk=verifier.pk).update(asked=list(range(10_000, 10_200)))
        send(phone, verifier, "verifier_ask", {"operation": str(left_out(book).pk)})
        told = notices(send.answer)  # type: ignore[attr-defined]  # idem
        assert [plain(one) for one in told] == ["Vous avez déjà demandé 200 opérations : demandez à voir le classeur entier."]


class TestNothingElse:
    """Whatever the token opens, it opens of one book alone."""

    def test_of_another_coop(self, phone: Client, verifier: Verifier) -> None:
        charlie = keeper(CHARLIE)
        other = a_book(charlie)
        row = note(charlie, other, "D1", "2025-11-14", "Car", -10_00)
        receive(charlie, other, picture_bytes("blue"), operation=row.pk)
        receive(charlie, other, picture_bytes("green"), kind=DocumentKind.STATEMENT, day=date(2026, 8, 31))
        assert send(phone, verifier, "verifier_ask", {"operation": str(row.pk)})[0] == 422
        Verifier.objects.filter(pk=verifier.pk).update(asked=[row.pk])
        keys = list(Document.objects.values_list("pk", flat=True))
        addresses = [to(verifier, "verifier_operation", key=row.pk)]
        addresses += [to(verifier, "verifier_document_file", key=key) for key in keys]
        addresses += [to(verifier, "verifier_document_page", key=key, number=1) for key in keys]
        assert [phone.get(address).status_code for address in addresses] == [404] * 5

    def test_of_its_own_documents_those_in_sight_alone(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        far = left_out(book)
        receive(alice, book, picture_bytes("red"), operation=far.pk)
        receive(alice, book, picture_bytes("blue"))
        receive(alice, book, picture_bytes("green"), kind=DocumentKind.STATEMENT, day=date(2026, 8, 31))
        voucher, alone, statement = Document.objects.order_by("pk")
        pages = [to(verifier, "verifier_document_page", key=one.pk, number=1) for one in (voucher, alone, statement)]
        assert [phone.get(page).status_code for page in pages] == [404, 404, 200]
        send(phone, verifier, "verifier_ask", {"operation": str(far.pk)})
        assert [phone.get(page).status_code for page in pages] == [200, 404, 200]

    def test_what_one_asked_for_is_not_shown_to_the_other(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        row, other = left_out(book), invited(alice, book, OTHER)
        send(phone, verifier, "verifier_ask", {"operation": str(row.pk)})
        assert phone.get(to(other, "verifier_operation", key=row.pk)).status_code == 404

    def test_a_forged_form_does_nothing(self, phone: Client, book: Book, verifier: Verifier) -> None:
        assert phone.post(to(verifier, "verifier_ask"), {"operation": str(left_out(book).pk)}).status_code == 403
        assert opened(verifier).asked == []


class TestSigning:
    def test_a_code_by_mail_and_what_was_written_is_kept(self, phone: Client, verifier: Verifier, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        sent = {"comment": "Très clair.", "reserves": "Le ticket D12 manque.", "envoyer": "1"}
        assert send(phone, verifier, "verifier_sign", sent) == (302, to(verifier, "verifier_sign") + "#id_code")
        page = phone.get(to(verifier, "verifier_sign"))
        assert "Très clair." in page.content.decode()
        (told,) = notices(page)
        assert "S’il est parti par courriel, il arrive à ines…s@exemple.fr en quelques instants : tapez-le ci-dessous." in plain(told)
        code = code_in(letters()[-1])
        typed = f" {code[:3]} {code[3:]}"
        done = send(phone, verifier, "verifier_sign", {"comment": "Très clair.", "reserves": "Le ticket D12 manque.", "code": typed, **YES})
        assert done == (302, to(verifier))
        signature = Signature.objects.get()
        assert (signature.comment, signature.reserves, signature.way) == ("Très clair.", "Le ticket D12 manque.", "mail")
        assert title(phone.get(to(verifier))) == "Merci\u202f!"

    def test_without_mail_the_page_says_whom_to_ask(self, phone: Client, verifier: Verifier) -> None:
        assert "Demandez le code au mandataire : il le fait apparaître sur sa page" in said(phone.get(to(verifier, "verifier_sign")))
        assert send(phone, verifier, "verifier_sign", {"comment": "À suivre", "envoyer": "1"}) == (
            302,
            to(verifier, "verifier_sign") + "?garde=1#id_code",
        )
        kept = phone.get(to(verifier, "verifier_sign") + "?garde=1").content.decode()
        assert "Vos réponses sont gardées" in kept.partition('<div role="status">')[2]
        assert "Vos réponses sont gardées" not in phone.get(to(verifier, "verifier_sign")).content.decode()
        assert codes.draft_of(verifier) == {"comment": "À suivre", "reserves": ""}

    def test_a_wrong_code_says_so_and_keeps_what_was_written(self, phone: Client, verifier: Verifier) -> None:
        assert send(phone, verifier, "verifier_sign", {"comment": "Très clair.", "code": "123456", **YES})[0] == 422
        assert (errors(send.answer), valid_signatures(verifier.book)) == ([codes.NO_CODE], [])  # type: ignore[attr-defined]  # as `send` leaves it
        assert codes.draft_of(verifier) == {"comment": "Très clair.", "reserves": "", **YES}

    def test_who_guesses_waits(self, phone: Client, verifier: Verifier) -> None:
        for _ in range(3):
            codes.new_code(verifier, by_hand=True)
            for _ in range(4):
                send(phone, verifier, "verifier_sign", {"code": "not one", **YES})
        assert errors(send.answer)[0].startswith("Trop d’essais. Attendez ")  # type: ignore[attr-defined]  # as `send` leaves it

    def test_who_asks_for_too_many_codes_waits(self, phone: Client, verifier: Verifier, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        asked = [send(phone, verifier, "verifier_sign", {"envoyer": "1"})[0] for _ in range(6)]
        assert asked == [302] * 5 + [422]
        assert errors(send.answer)[0].startswith("Trop d’essais. Attendez ")  # type: ignore[attr-defined]  # idem
        assert len(letters()) == 5

    def test_what_changed_meanwhile_is_said(self, phone: Client, alice: Access, book: Book, verifier: Verifier) -> None:
        seen = controls(phone.get(to(verifier, "verifier_sign")), "seen")[0]["value"]
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        code = codes.new_code(verifier, by_hand=True)
        assert send(phone, verifier, "verifier_sign", {"seen": seen, "code": code, **YES})[0] == 422
        assert "Les comptes ont changé pendant que vous les lisiez. Relisez-les, puis signez." in said(send.answer)  # type: ignore[attr-defined]  # idem

    def test_a_text_without_end_is_refused(self, phone: Client, verifier: Verifier) -> None:
        send(phone, verifier, "verifier_sign", {"comment": "x" * 4001, "code": "123456", **YES})
        assert [plain(one) for one in errors(send.answer)] == ["4 000 caractères au plus."]  # type: ignore[attr-defined]  # idem

    def test_without_what_was_seen_nothing_is_signed(self, phone: Client, verifier: Verifier) -> None:
        code = codes.new_code(verifier, by_hand=True)
        assert send(phone, verifier, "verifier_sign", {"seen": "", "code": code})[0] == 422
        assert "Rechargez la page." in said(send.answer)  # type: ignore[attr-defined]  # idem
