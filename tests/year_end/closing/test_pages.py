"""The pages of a closing, as the coop and its AD use them."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from retkoop.archive import storage
from retkoop.archive.models import DocumentKind
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.queries import state_of
from retkoop.year_end.models import Explanation, ReviewRemark, SealedReport
from retkoop.year_end.seal.verification import UNKNOWN
from tests.archive.sent import picture_bytes, receive
from tests.banking.books_at_hand import YEAR
from tests.books.coops import a_book, animateur, at, comptable, note, plain, queries_of, said
from tests.clock import Clock
from tests.pages import controls, errors, links, notices
from tests.year_end.closing.at_hand import all_sign, called, page_of, ready, sent
from tests.year_end.verifiers.at_hand import mandate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 10, 9, 5)
    return clock


def review(book: Book, name: str = "review") -> str:
    return reverse(name, kwargs={"department": "91", "rne": book.coop.rne, "year": str(book.year)})


def do(client: Client, book: Book, gesture: str) -> list[str]:
    return notices(client.post(at(book, "closing"), {"geste": gesture, "submission": str(uuid.uuid4())}, follow=True))


def test_the_list_is_useful_from_the_first_day(alice: Access, book: Book) -> None:
    preparation = Preparation(page_of(alice, book, date(2025, 11, 3)))
    assert (preparation.due, preparation.left) == (date(2026, 9, 30), 6)
    assert [line.title.replace("\u202f", " ") for line in preparation.lines if not line.done] == [
        "Rapprochement : 1 à pointer",
        "Caisse : à compter",
        "Dernier relevé bancaire à joindre",
        "Compte rendu d’activités à remplir",
        "L’année court encore",
        "Vérificateurs et signatures",
    ]


@pytest.mark.parametrize(
    ("day", "over"), [(date(2026, 8, 30), False), (date(2026, 8, 31), True), (date(2026, 9, 1), True), (date(2028, 2, 29), True)]
)
def test_accounts_leave_from_31_august_on_with_the_statement_of_the_end(alice: Access, finished: Book, day: date, over: bool) -> None:  # noqa: FBT001 -- a column of the table
    """A statement of the autumn is not the last one, even on the day before the check says so."""
    receive(alice, finished, picture_bytes("navy"), name="octobre.png", kind=DocumentKind.STATEMENT, day=date(2025, 10, 31))
    lines = {line.code: line.done for line in Preparation(page_of(alice, finished, day)).lines}
    assert (lines["annee"], lines["releve"]) == (over, False)
    receive(alice, finished, picture_bytes("teal"), name="aout.png", kind=DocumentKind.STATEMENT, day=date(2026, 8, 31))
    assert {line.code: line.done for line in Preparation(page_of(alice, finished, day)).lines}["releve"] is True


def test_a_coop_without_bank_owes_no_statement(alice: Access) -> None:
    book = a_book(alice)
    note(alice, book, "R01", "2025-10-01", "Vente de gâteaux", 0, 10_00)
    (line,) = [line for line in Preparation(page_of(alice, book)).lines if line.code == "releve"]
    assert (line.title, line.done) == ("Pas de relevé à joindre", True)


def test_its_cost(alice: Access, client: Client, finished: Book) -> None:
    assert queries_of(client, at(finished, "closing")) <= 12
    ready(alice, finished)
    assert queries_of(client, at(finished, "closing")) <= 12


def test_a_coop_explains_signs_and_sends(alice: Access, client: Client, finished: Book) -> None:
    ready(alice, finished)
    mandate(alice)
    assert do(client, finished, "appeler") == ["Les signatures sont demandées. Dès que tous ont signé, transmettez."]
    assert "Il manque la signature de 2 vérificateurs." in said(client.get(at(finished, "closing")))
    all_sign(alice, finished)
    assert "Tous ont signé. Il ne reste qu’à transmettre." in said(client.get(at(finished, "closing")))
    told, *_ = do(client, finished, "transmettre")
    assert told.startswith("Vos comptes sont transmis à l’association départementale.")
    page = said(client.get(at(finished, "closing")))
    assert "D’ici là, rien n’y change. Compte rendu scellé 2025-2026" in page
    assert "Ce qu’il reste à faire" not in page


def test_what_is_missing_is_said(client: Client, book: Book) -> None:
    (told,) = do(client, book, "appeler")
    assert "Caisse" in told
    assert state_of(book) is ClosingState.PREPARING


def test_one_goes_back_to_work(alice: Access, client: Client, finished: Book) -> None:
    called(alice, finished)
    assert do(client, finished, "reprendre") == [
        "Vous pouvez corriger. Les signatures déjà données ne valent plus dès qu’un chiffre change."
    ]
    assert state_of(finished) is ClosingState.PREPARING


def test_an_alerte_is_explained_on_the_page(client: Client, finished: Book) -> None:
    page = client.get(at(finished, "closing")).content.decode()
    given = dict(re.findall(r'name="(code|operation|message)" value="([^"]*)"', page))
    code, operation = given["code"], given["operation"]
    assert f'action="{at(finished, "explain_finding")}#alerte-{code}-{operation}"' in page
    answer = client.post(at(finished, "explain_finding"), {**given, "text": "C’est normal."}, follow=True)
    assert "Expliquée" in said(answer)
    assert (notices(answer), Explanation.objects.get(book=finished).text) == (["L’explication est enregistrée."], "C’est normal.")
    assert notices(client.post(at(finished, "explain_finding"), {**given, "text": ""}, follow=True)) == ["L’explication est retirée."]
    assert notices(client.post(at(finished, "explain_finding"), {**given, "text": "x" * 501}, follow=True)) == [
        "C’est trop long\u202f: dites-le plus brièvement."
    ]


def test_the_ad_reads_remarks_and_sends_back(alice: Access, client: Client, finished: Book) -> None:
    sent(alice, finished)
    reader = comptable()
    listed = reader.get(reverse("reviews", kwargs={"department": "91"}), {"annee": "2025-2026"})
    assert "Transmis (1)" in said(listed)
    page = said(reader.get(review(finished)))
    assert "Opérations tirées pour vous" in page
    assert "Mandataire · Mme Perrin" in page
    remark = {"line": "account:61800008", "line_label": "618 Charges", "text": "Quel musée ?"}
    reader.post(review(finished, "review_remark"), remark)
    decision = {"submission": str(uuid.uuid4()), "reason": "À revoir.", "decision": "renvoyer"}
    answer = reader.post(review(finished, "review_decision"), decision, follow=True)
    assert notices(answer) == ["Les comptes sont renvoyés à la coopérative, avec vos remarques."]
    key = ReviewRemark.objects.get(book=finished).pk
    assert "618 Charges : Quel musée ?" in said(client.get(at(finished, "closing")))
    told = notices(client.post(at(finished, "answer_remark", key=key), {"text": "Celui de l’Essonne."}, follow=True))
    assert told == ["La réponse est enregistrée."]
    assert notices(client.post(at(finished, "answer_remark", key=key), {"text": ""}, follow=True)) == [
        "Écrivez votre réponse en une phrase."
    ]


def test_a_remark_stands_at_its_line_and_the_answer_comes_back_there(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    reader, address = comptable(), review(finished, "review_remark")
    page = reader.get(review(finished)).content.decode()
    assert f'action="{address}#r-account-618-ici"' in page
    remark = {"line": "account:618", "line_label": "618 Charges", "text": "Quel musée ?"}
    assert reader.post(address, remark)["Location"] == review(finished)
    page = said(reader.get(review(finished)))
    assert page.count("À envoyer") == 2
    assert "À envoyer Quel musée ? Remarque sur 618" in page
    refused = reader.post(address, {**remark, "text": " "})
    assert refused["Location"] == f"{review(finished)}#messages"
    assert notices(reader.get(review(finished))) == ["Écrivez votre remarque en une phrase."]


def test_a_remark_on_an_alerte_of_no_line_bears_its_words(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    (alerte,) = Preparation(page_of(alice, finished)).alertes
    labels = [one["value"] for one in controls(comptable().get(review(finished)), "line_label")]
    assert (alerte.told.piece or alerte.told.message[:200]) in labels
    assert alerte.told.code not in labels


def test_an_animateur_is_told_who_decides(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    told = "Noter des remarques, valider ou renvoyer à corriger revient à un administrateur ou au comptable de votre association."
    assert told in said(animateur().get(review(finished)))
    assert told not in said(comptable().get(review(finished)))


def test_sent_back_and_unchanged_the_signatures_still_hold(alice: Access, client: Client, finished: Book) -> None:
    sent(alice, finished)
    decision = {"submission": str(uuid.uuid4()), "reason": "Une question.", "decision": "renvoyer"}
    comptable().post(review(finished, "review_decision"), decision)
    page = said(client.get(at(finished, "closing")))
    assert "L’association départementale vous demande de corriger : lisez ses remarques" in page
    assert "Les signatures valent toujours : aucun chiffre n’a changé depuis." in page
    assert "Tout est prêt pour les signatures." not in page
    assert do(client, finished, "appeler") == ["Tous ont déjà signé ces comptes\u202f: il ne reste qu’à transmettre."]
    assert "Transmettre à l’association départementale" in said(client.get(at(finished, "closing")))


def test_what_sending_back_needs_is_said_at_its_field(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    reader = comptable()
    page = said(reader.get(review(finished)))
    assert "Message à la coopérative Pour renvoyer à corriger, dites ici ce qu’il faut corriger, ou notez une remarque" in page
    decision = {"submission": str(uuid.uuid4()), "reason": " ", "decision": "renvoyer"}
    answer = reader.post(review(finished, "review_decision"), decision)
    told = "Dites à la coopérative ce qu’elle doit corriger\u202f: un message, ou une remarque sur une ligne."
    assert (answer.status_code, errors(answer)) == (422, [told])
    assert controls(answer, "submission")[0]["value"] == decision["submission"]
    long = reader.post(review(finished, "review_decision"), {**decision, "reason": "x" * 2001})
    assert (long.status_code, errors(long)) == (422, ["C’est trop long\u202f: dites-le plus brièvement."])


def test_each_remark_button_has_a_name_of_its_own(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    page = comptable().get(review(finished)).content.decode()
    names = [" ".join(re.sub(r"<[^>]*>", "", one).split()) for one in re.findall(r"<summary[^>]*>(.*?)</summary>", page, re.DOTALL)]
    assert len(names) == len(set(names))
    assert {"Remarque sur le rapprochement bancaire", "Remarque sur l’arrêté de caisse"} <= set(names)


def test_the_ad_accepts_and_opens_again(alice: Access, client: Client, finished: Book) -> None:
    sent(alice, finished)
    reader = comptable()
    send = {"submission": str(uuid.uuid4()), "reason": "", "decision": "valider"}
    assert notices(reader.post(review(finished, "review_decision"), send, follow=True)) == [
        "Les comptes sont validés, l’année est scellée."
    ]
    assert "Bravo, vos comptes sont validés." in said(client.get(at(finished, "closing")))
    send = {"submission": str(uuid.uuid4()), "reason": "", "decision": "rouvrir"}
    answer = reader.post(review(finished, "review_decision"), send)
    assert (answer.status_code, errors(answer)) == (
        422,
        ["Dites pourquoi vous rouvrez ces comptes\u202f: la coopérative et l’historique le liront."],
    )
    assert "Pourquoi rouvrir ces comptes ? La coopérative et l’historique le liront." in said(reader.get(review(finished)))
    assert notices(reader.post(review(finished, "review_decision"), {"decision": "brûler"}, follow=True)) != []


def test_the_ad_closes_a_year_that_it_has_accepted(alice: Access, client: Client, finished: Book) -> None:
    sent(alice, finished)
    reader = comptable()
    assert "Clore l’année" not in said(reader.get(review(finished)))
    reader.post(review(finished, "review_decision"), {"submission": str(uuid.uuid4()), "reason": "", "decision": "valider"})
    assert "Clore l’année" in said(reader.get(review(finished)))
    twice = {"submission": str(uuid.uuid4()), "decision": "clore"}
    for _ in range(2):
        assert notices(reader.post(review(finished, "review_decision"), twice, follow=True)) == [
            "L’année est close. Vous pourrez encore la rouvrir, avec un motif."
        ]
    assert (state_of(finished), AuditEvent.objects.filter(action="closing.closed").count()) == (ClosingState.CLOSED, 1)
    assert "Clore l’année" not in said(reader.get(review(finished)))
    assert "L’année 2025-2026 est close." in said(client.get(at(finished, "closing")))


def test_the_ad_sees_how_many_documents_of_each_kind(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    assert "Compte rendu scellé : 1, Relevé bancaire : 1." in said(comptable().get(review(finished)))


def test_the_ad_sees_what_no_explanation_excuses(alice: Access, finished: Book) -> None:
    reader = comptable()
    missing = "Le relevé bancaire de juillet n’est pas dans les documents : il accompagne le compte rendu financier."
    assert missing in said(reader.get(review(finished)))
    ready(alice, finished)
    shown = said(reader.get(review(finished)))
    alertes = Preparation(page_of(alice, finished)).alertes
    assert [plain(one.told.message) in shown for one in alertes] == [True] * shown.count("Explication : C’est normal.")
    assert missing not in shown


def test_the_ad_closes_entry(client: Client, finished: Book) -> None:
    reader = comptable()
    rule = {"blocked": "oui", "until": "30/11/2099", "reason": "Il est tard."}
    assert notices(reader.post(review(finished, "review_entry"), rule, follow=True)) == ["La saisie est fermée."]
    told = "L’association départementale a fermé la saisie de 2025-2026 jusqu’au 30 novembre 2099. Il est tard."
    assert told in client.get(at(finished, "closing")).content.decode()
    all_of_them = reverse("entry_for_all", kwargs={"department": "91"})
    assert notices(reader.post(all_of_them, {**rule, "blocked": "", "annee": "2025-2026"}, follow=True)) == [
        "Choisissez fermée ou ouverte."
    ]
    assert notices(reader.post(review(finished, "review_entry"), {"blocked": "non"}, follow=True)) == ["La saisie est rouverte."]
    assert told not in client.get(at(finished, "closing")).content.decode()


class TestSeal:
    """The page that anybody may ask."""

    def ask(self, content: bytes | None) -> tuple[int, str]:
        data = {} if content is None else {"fichier": SimpleUploadedFile("crf.pdf", content, "application/pdf")}
        answer = Client().post(reverse("verify_seal"), data)
        return answer.status_code, said(answer)

    def test_a_genuine_report(self, alice: Access, finished: Book) -> None:
        sent(alice, finished)
        with storage.opened(SealedReport.objects.get().document.digest) as stream:
            content = stream.read()
        status, told = self.ask(content)
        assert (status, "Ce compte rendu est authentique : École Jean-Jaurès (0910000A), année 2025-2026." in told) == (200, True)
        assert UNKNOWN in self.ask(content + b" ")[1]

    def test_anything_else(self) -> None:
        assert UNKNOWN in self.ask(b"%PDF-1.7 whatever")[1]
        assert self.ask(None)[0] == 422
        assert "Choisissez d’abord le fichier PDF à vérifier." in self.ask(None)[1]


def test_an_empty_year_is_led_to_the_compte_rendu_alone(client: Client, alice: Access) -> None:
    empty = a_book(alice, YEAR.next)
    assert at(empty, "direct") in links(client.get(at(empty, "closing")))


def test_a_year_that_has_begun_is_not(client: Client, finished: Book) -> None:
    assert at(finished, "direct") not in links(client.get(at(finished, "closing")))
