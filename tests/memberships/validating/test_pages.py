"""The pages of a validated adhésion: the AD's about one coop, the coop's own, the attestation on paper."""

from __future__ import annotations

import io
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from retkoop.books.models import Book, Operation
from retkoop.domain.attestation_code import written_code
from retkoop.memberships.models import ChequeDeposit, MembershipAttestation, Payment, PaymentState
from retkoop.memberships.validating.services import mark_left, validate
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.books.coops import YEAR, a_book, animateur, at, client_of, comptable, keeper, note, plain, queries_of, said, stranger
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.memberships.validating.at_hand import CLASSES, DUE, came_back, declared, mandate, money, ready, received
from tests.pages import errors, links, notices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 20, 10, 0)
    return clock


@pytest.fixture
def access() -> Access:
    return keeper()


@pytest.fixture
def book(access: Access) -> Book:
    return a_book(access)


def of_coop(access: Access, name: str = "membership_of_coop", year: str = "") -> str:
    address = reverse(name, kwargs={"department": "91", "rne": access.coop.rne})
    return f"{address}?annee={year}" if year else address


def submission(**more: object) -> dict[str, object]:
    return {"submission": str(uuid.uuid4()), "annee": str(YEAR), **more}


def told(client: Client, address: str, data: dict[str, object]) -> list[str]:
    return [plain(one) for one in notices(client.post(address, data, follow=True))]


def validated(access: Access) -> MembershipAttestation:
    return validate(access=money(), coop=access.coop, year=YEAR).attestation


def paper(answer: object) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)  # type: ignore[attr-defined]  # an answer
    return plain(" ".join(text.split()))


def test_the_association_sees_what_is_missing_and_validates_once_it_is_there(access: Access, book: Book) -> None:
    client = comptable()
    assert "Rien n’est encore déclaré." in said(client.get(of_coop(access)))
    declared(access.coop)
    assert "Il manque 119,60 €." in said(client.get(of_coop(access)))
    answer = client.get(of_coop(access, year="2025-2026"))
    assert "/ad/91/adhesions/paiements/nouveau/?annee=2025-2026&coop=0910000A" in links(answer)
    page = said(answer)
    assert ("Déclarée, à payer" in page, "Valider l’adhésion" in page) == (True, False)


def test_the_association_validates_from_the_page(access: Access, book: Book) -> None:
    client = comptable()
    ready(access.coop)
    page = said(client.get(of_coop(access)))
    assert "Tout est là : déclaration, engagement et 119,60 € reçus. Vous pouvez la valider." in page
    assert told(client, of_coop(access, "validate_membership"), submission(number=1)) == [
        "L’adhésion est validée, l’attestation est prête et la coopérative reçoit un courriel."
    ]
    page = said(client.get(of_coop(access)))
    assert "Validée par Comptable le 20 novembre 2025 à 10 h 00." in page
    assert written_code(MembershipAttestation.objects.get().code) in page


def test_the_same_form_twice_says_it_is_done_and_another_one_why_not(access: Access, book: Book) -> None:
    client, once = comptable(), submission(number=1)
    ready(access.coop)
    client.post(of_coop(access, "validate_membership"), once, follow=True)
    assert told(client, of_coop(access, "validate_membership"), once) == ["L’adhésion est validée."]
    assert told(client, of_coop(access, "validate_membership"), submission(number=1)) == ["Cette adhésion est déjà validée."]
    assert told(client, of_coop(access, "validate_membership"), submission(number="x")) == ["Rechargez la page, puis validez de nouveau."]


def test_what_could_not_go_into_the_cahier_is_said_to_the_association(access: Access) -> None:
    ready(access.coop)
    assert told(comptable(), of_coop(access, "validate_membership"), submission(number=1))[1] == (
        "Le paiement n’est pas encore dans son cahier. Le cahier 2025-2026 n’est pas ouvert."
    )


def test_the_page_tells_declarations_payments_and_attestations(access: Access, book: Book) -> None:
    row = ready(access.coop)
    payment = Payment.objects.get()
    payment.deposit = ChequeDeposit.objects.create(association=payment.association, number=3, deposited_on=date(2025, 10, 15))
    payment.save()
    validated(access)
    declared(access.coop, CLASSES[:1])
    received(row, -27 * 2_30, date(2025, 11, 3))
    came_back(received(row, 5_00), date(2025, 11, 4))
    received(row, 7_00, day=None, state=PaymentState.ANNOUNCED, announced_on=date(2025, 11, 6))  # type: ignore[arg-type]  # no day yet
    page = said(comptable().get(of_coop(access)))
    for words in (
        "Chèque n° 2000101 bordereau n° 3 du 15/10/2025 · dans le cahier de la coopérative",
        "Remboursement",
        "Provision insuffisante",
        "annoncé le 06/11/2025",
        "24 (− 26)",
        "N° 2, 20 novembre 2025 à 10 h 00, par Alice",
        "− 62,10",
        "Mme Perrin a accepté la version 1 de la fédération",
    ):
        assert words in page


def test_a_page_costs_as_much_for_many_payments(access: Access, book: Book) -> None:
    row = ready(access.coop)
    validated(access)
    client = comptable()
    few = queries_of(client, of_coop(access))
    for holder in ("M. Petit", "Mme Grand"):
        mandate(access.coop, holder)
    for _ in range(12):
        received(row, 1_00)
    assert (queries_of(client, of_coop(access)), few <= 12) == (few, True)


def test_the_page_of_the_coop_costs_as_much_for_many_payments(access: Access, book: Book) -> None:
    row = ready(access.coop)
    validated(access)
    client = client_of(access)
    few = queries_of(client, at(book, "membership_proof"))
    assert few <= 12
    for _ in range(12):
        received(row, 1_00)
    assert max(queries_of(client, at(book, name)) for name in ("membership_proof", "membership_here")) <= 12


def test_an_animateur_sees_without_acting(access: Access) -> None:
    ready(access.coop)
    client = animateur()
    page = said(client.get(of_coop(access)))
    assert ("Payée, à valider" in page, "Valider l’adhésion" in page, "ne renouvelle pas" in page) == (True, False, False)
    assert client.post(of_coop(access, "validate_membership"), submission(number=1)).status_code == 404
    assert client.post(of_coop(access, "leave_membership"), submission(reason="Non")).status_code == 404


def test_nobody_else_sees_it(access: Access) -> None:
    elsewhere = logged_in(make_staff("loin", RoleKind.ADMINISTRATEUR, "77"))
    assert [client.get(of_coop(access)).status_code for client in (client_of(access), stranger(), elsewhere)] == [404, 404, 404]
    assert comptable().get(of_coop(access, year="2025-2027")).status_code == 404


def test_a_coop_that_does_not_renew_is_noted_and_taken_back(access: Access) -> None:
    client, address = comptable(), of_coop(access, "leave_membership")
    answer = client.post(address, submission(reason=""))
    assert (answer.status_code, errors(answer)) == (422, ["Dites pourquoi, en une phrase."])
    once = submission(reason="L’école ferme")
    for _ in range(2):
        assert told(client, address, once) == ["C’est noté : elle ne renouvelle pas."]
    page = said(client.get(of_coop(access)))
    assert "Notée le 20 novembre 2025. Motif : L’école ferme" in page
    assert told(client, address, submission(reste="oui")) == ["Elle compte de nouveau parmi les adhésions attendues."]
    assert told(client, address, submission(reste="oui")) == ["Rien ne dit que cette coopérative ne renouvelle pas."]


def test_the_coop_is_told_that_the_attestation_comes(access: Access, book: Book) -> None:
    client = client_of(access)
    assert "dès que l’association départementale aura validé votre adhésion" in said(client.get(at(book, "membership_proof")))
    answer = client.get(at(book, "membership_attestation"))
    assert (answer.status_code, "L’attestation n’est pas encore prête" in said(answer)) == (404, True)


def test_the_coop_keeps_the_attestation_as_an_accessible_pdf(access: Access, book: Book) -> None:
    ready(access.coop)
    row = validated(access)
    client = client_of(access)
    assert written_code(row.code) in said(client.get(at(book, "membership_proof")))
    answer = client.get(at(book, "membership_attestation"))
    assert answer["Content-Disposition"] == 'attachment; filename="Attestation-0910000A-2025-2026.pdf"'
    words = paper(answer)
    for told_there in (
        "Attestation d’adhésion et d’assurance",
        "École Jean-Jaurès",
        "Évry-Courcouronnes · RNE 0910000A",
        "est adhérente de l’OCCE 91",
        "du 1er septembre 2025 au 31 août 2026",
        "52 coopérateurs : 50 élèves, 2 adultes",
        "Souscrite avec l’adhésion",
        "Mme Perrin, mandataire",
        "Pour l’OCCE 91, le 20 novembre 2025",
        written_code(row.code),
    ):
        assert told_there in words
    catalog = PdfReader(io.BytesIO(answer.content)).root_object
    assert (str(catalog["/MarkInfo"]), str(catalog["/Lang"])) == ("{'/Marked': True, '/Suspects': False}", "fr")
    assert paper(comptable().get(of_coop(access, "attestation_of_coop"))) == words


def test_what_waits_for_the_cahier_goes_in_by_one_button(access: Access, book: Book) -> None:
    row = ready(access.coop)
    client = client_of(access)
    page = said(client.get(at(book, "membership_proof")))
    assert "À inscrire dans le cahier Votre association départementale l’inscrira pour vous" in page
    assert "Adhésion OCCE 2025-2026, 12 octobre 2025, chèque n° 2000101 : 119,60 €" in page
    assert said_here(client, book) == ""
    assert told(client, at(book, "book_membership"), submission()) == ["C’est dans le cahier : 1 opération inscrite."]
    assert "Dans le cahier D01 Adhésion OCCE 2025-2026, 12 octobre 2025 : 119,60 €" in said(client.get(at(book, "membership_proof")))
    assert told(client, at(book, "book_membership"), submission()) == ["Tout est déjà dans le cahier."]
    validated(access)
    assert (Operation.objects.count(), row.payments.count()) == (1, 1)


def said_here(client: Client, book: Book) -> str:
    return plain(" ".join(client.get(at(book, "membership_here")).content.decode().split()))


def test_the_first_page_says_what_waits_once_the_association_does_it_no_more(access: Access, book: Book) -> None:
    row = ready(access.coop)
    validated(access)
    client = client_of(access)
    assert said_here(client, book) == ""
    received(row, 3_00)
    assert "Un paiement attend d’être inscrit dans le cahier : c’est déjà rempli." in said_here(client, book)
    assert said_here(animateur(), book) != ""
    assert said_here(comptable(), book) == ""


def test_an_operation_that_was_typed_already_is_shown_and_recognised(access: Access, book: Book) -> None:
    note(access, book, "D4", "2025-10-02", "Cotisation", -DUE, 0, ("62810008", DUE))
    ready(access.coop)
    client = client_of(access)
    assert "Vous l’avez déjà notée : D4 Cotisation, 2 octobre 2025. Elle sera reconnue" in said(client.get(at(book, "membership_proof")))
    assert told(client, at(book, "book_membership"), submission()) == ["C’est dans le cahier : 1 opération que vous aviez notée, reconnue."]
    page = said(client.get(at(book, "membership_proof")))
    assert "Autre répartition Votre cahier dit" in page


def test_what_cannot_go_in_says_why(access: Access, book: Book) -> None:
    row = ready(access.coop)
    received(row, 5_00, date(2025, 8, 20))
    client = client_of(access)
    assert "Pas maintenant Le cahier 2024-2025 n’est pas ouvert." in said(client.get(at(book, "membership_proof")))
    assert told(client, at(book, "book_membership"), submission()) == [
        "C’est dans le cahier : 1 opération inscrite.",
        "Le cahier 2024-2025 n’est pas ouvert.",
    ]
    assert told(client, at(book, "book_membership"), submission(submission="x")) == ["Rechargez la page, puis recommencez."]


def test_whoever_reads_the_coop_writes_nothing(access: Access, book: Book) -> None:
    ready(access.coop)
    client = comptable()
    assert "Inscrire" not in said(client.get(at(book, "membership_proof"))).replace("À inscrire", "")
    assert client.post(at(book, "book_membership"), submission()).status_code == 404


def test_nobody_else_gets_the_attestation(access: Access, book: Book) -> None:
    ready(access.coop)
    validated(access)
    addresses = at(book, "membership_attestation"), of_coop(access, "attestation_of_coop")
    clients = client_of(access), comptable(), stranger()
    assert [[client.get(address).status_code for address in addresses] for client in clients] == [[200, 404], [200, 200], [404, 404]]


def test_what_left_is_no_more_to_validate(access: Access) -> None:
    ready(access.coop)
    mark_left(access=money(), coop=access.coop, year=YEAR, reason="Non")
    page = said(comptable().get(of_coop(access)))
    assert ("Non renouvelée" in page, "L’attendre de nouveau" in page) == (True, True)


def test_the_follow_up_offers_to_validate_all_that_are_paid_to_who_may(access: Access) -> None:
    ready(access.coop)
    address = f"{reverse('memberships', kwargs={'department': '91'})}?annee={YEAR}"
    words = "Valider toutes celles qui sont payées"
    assert [words in client.get(address).content.decode() for client in (comptable(), animateur())] == [True, False]
    validated(access)
    assert words not in logged_in(money().user).get(address).content.decode()


def test_the_page_of_the_adhesion_leads_to_the_attestation_and_the_cahier(access: Access, book: Book) -> None:
    client = client_of(access)
    row = declared(access.coop)
    assert at(book, "membership_proof") not in client.get(at(book, "membership")).content.decode()
    received(row, 5_00)
    assert at(book, "membership_proof") in client.get(at(book, "membership")).content.decode()
