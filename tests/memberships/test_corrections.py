"""The whole story of corrections, through the pages: a complement, a refund, paid twice, come back, left, arrived in the year."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of
from retkoop.memberships.declaring.home import home_words
from retkoop.memberships.models import BookedPayment, MembershipAttestation, Payment
from retkoop.memberships.queries import membership_of
from retkoop.network.access import Access
from retkoop.network.models import Coop, RoleKind
from retkoop.users.models import User
from tests.books.coops import YEAR, a_book, at, client_of, keeper, plain, said
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.memberships.at_hand import declared_membership, faults_of_rows
from tests.memberships.declaring.at_hand import CM1, CM2, typed
from tests.pages import notices, title

CP = ("CP", "Mme Roche", "9", "1")
"""Ten coopérateurs: 23,00 €."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 10, 6, 17, 30)
    return clock


VALIDATED = "L’adhésion est validée, l’attestation est prête et la coopérative reçoit un courriel."
KEPT = ["École Jean-Jaurès : c’est enregistré."]


def staff() -> Client:
    """Somebody of the AD who has just logged in: months go by in these stories, and sessions do not last."""
    return logged_in(User.objects.filter(username="nadine").first() or make_staff("nadine", RoleKind.COMPTABLE))


def place(name: str, **parts: Any) -> str:  # noqa: ANN401 -- parts of an address
    return f"{reverse(name, kwargs={'department': '91', **parts})}?annee={YEAR}"


def told(client: Client, address: str, given: dict[str, object]) -> list[str]:
    answer = client.post(address, given | {"submission": uuid.uuid4()}, follow=True)
    assert answer.status_code == 200
    return [plain(one) for one in notices(answer)]


def noted(access: Access, amount: str, day: str, **more: object) -> list[str]:
    """Have the AD note a payment on its page, and return what it says."""
    row = membership_of(access.coop, YEAR)
    assert row is not None
    given = {"membership": row.pk, "amount": amount, "day": day, "kind": "transfer", **more}
    return told(staff(), place("new_membership_payment"), given)


def validated(access: Access, number: int) -> str:
    return told(staff(), place("validate_membership", rne=access.coop.rne), {"annee": str(YEAR), "number": number})[0]


def corrected(access: Access, book: Book, number: int, *rows: tuple[str, str, str, str]) -> list[str]:
    return told(client_of(access), at(book, "membership_form"), dict(typed(*rows, version=str(number), reason="Une classe change")))


def hub(access: Access, book: Book) -> str:
    return said(client_of(access).get(at(book, "membership")))


def booked(access: Access, book: Book) -> list[str]:
    """Press the coop's button that puts payments into the cahier."""
    return told(client_of(access), at(book, "book_membership"), {})


def cahier(book: Book) -> list[tuple[date, int, dict[str, int]]]:
    rows = Operation.objects.filter(book=book).order_by("date", "pk")
    return [(row.date, row.bank, {one.account: one.debit - one.credit for one in row.lines.exclude(account="512")}) for row in rows]


def verdicts() -> list[str]:
    """Return what the public page says of each attestation, in their order."""
    return [title(Client().get(reverse("check_attestation", kwargs={"code": row.code}))) for row in MembershipAttestation.objects.all()]


def paid_and_validated(access: Access) -> None:
    declared_membership(access)
    assert noted(access, "119,60", "06/10/2025") == KEPT
    assert validated(access, 1) == VALIDATED


FIRST = (date(2025, 10, 6), -119_60, {"62810008": 106_60, "61681008": 13_00})
HOLDS = (
    "L’attestation déjà délivrée vaut toujours : une nouvelle la remplacera quand l’association départementale aura validé la correction."
)
GENUINE, ENDED = "Attestation authentique", "Attestation qui ne vaut plus"


def test_a_complement_in_january(alice: Access, book: Book, clock: Clock) -> None:
    paid_and_validated(alice)
    clock.set(2026, 1, 12, 9, 0)
    assert corrected(alice, book, 1, CM1, CM2, CP) == ["Vos effectifs sont corrigés. Il y a 23,00 € de plus à payer."]
    page = hub(alice, book)
    shown = [sentence in page for sentence in ("Payer 23,00 €", HOLDS, "L’attestation et le cahier", "Le paiement et le cahier")]
    assert (shown, verdicts()) == ([True, True, True, False], [GENUINE])
    proof = said(client_of(alice).get(at(book, "membership_proof")))
    assert "Elle vaut toujours, pour les effectifs de la déclaration n° 1" in proof
    assert validated(alice, 2) == "Il manque 23,00 €, 119,60 € reçus sur 142,60 €."
    assert noted(alice, "23", "12/01/2026") == KEPT
    assert validated(alice, 2) == VALIDATED
    assert cahier(book) == [FIRST, (date(2026, 1, 12), -23_00, {"62810008": 20_50, "61681008": 2_50})]
    assert verdicts() == [ENDED, GENUINE]
    old = MembershipAttestation.objects.earliest("pk")
    public = said(Client().get(reverse("check_attestation", kwargs={"code": old.code})))
    assert "L’association départementale en a délivré une autre à cette coopérative, qui la remplace." in public
    assert HOLDS not in hub(alice, book)
    assert booked(alice, book) == ["Tout est déjà dans le cahier."]
    assert faults_of_rows() == []


def test_a_refund_in_january(alice: Access, book: Book, clock: Clock) -> None:
    paid_and_validated(alice)
    clock.set(2026, 1, 12, 9, 0)
    assert corrected(alice, book, 1, CM1)[0] == "Vos effectifs sont corrigés. Il y a 62,10 € de moins à payer."
    assert "L’association départementale vous doit 62,10 €" in hub(alice, book)
    assert validated(alice, 2) == VALIDATED
    assert "L’association départementale vous doit 62,10 €" in hub(alice, book)
    assert "À rendre 62,10 €" in said(staff().get(place("membership_of_coop", rne=alice.coop.rne)))
    clock.set(2026, 1, 14, 9, 0)
    assert noted(alice, "62,10", "13/01/2026", kind="refund") == KEPT
    assert "Un paiement attend d’être inscrit" in client_of(alice).get(at(book, "membership_here")).content.decode()
    assert booked(alice, book) == ["C’est dans le cahier : 1 opération inscrite."]
    assert cahier(book) == [FIRST, (date(2026, 1, 13), 62_10, {"62810008": -55_35, "61681008": -6_75})]
    assert (verdicts(), "L’adhésion est validée" in hub(alice, book)) == ([ENDED, GENUINE], True)
    assert faults_of_rows() == []


def test_a_refund_before_the_correction_is_validated_keeps_the_attestation(alice: Access, book: Book, clock: Clock) -> None:
    paid_and_validated(alice)
    clock.set(2026, 1, 12, 9, 0)
    corrected(alice, book, 1, CM1)
    assert noted(alice, "62,10", "12/01/2026", kind="refund") == KEPT
    assert (verdicts(), HOLDS in hub(alice, book)) == ([GENUINE], True)
    assert noted(alice, "0,01", "12/01/2026", kind="refund") == KEPT
    assert (verdicts(), HOLDS in hub(alice, book)) == ([ENDED], False)


def test_a_coop_that_pays_twice(alice: Access, book: Book, clock: Clock) -> None:
    paid_and_validated(alice)
    assert noted(alice, "119,60", "06/10/2025", beyond="on") == KEPT
    assert "L’association départementale vous doit 119,60 €" in hub(alice, book)
    booked(alice, book)
    assert cahier(book) == [FIRST, (date(2025, 10, 6), -119_60, {"62810008": 119_60})]
    second = Payment.objects.latest("pk")
    clock.set(2025, 10, 20, 9, 0)
    given = {"action": "impaye", "version": second.version, "day": "20/10/2025", "reason": "Sans provision"}
    address = reverse("membership_payment", kwargs={"department": "91", "key": second.pk})
    assert told(staff(), address, given) == ["Le paiement est noté revenu impayé."]
    assert ("L’adhésion est validée" in hub(alice, book), verdicts()) == (True, [GENUINE])
    booked(alice, book)
    assert cahier(book)[2:] == [(date(2025, 10, 20), 119_60, {"62810008": -119_60})]
    first = Payment.objects.earliest("pk")
    address = reverse("membership_payment", kwargs={"department": "91", "key": first.pk})
    told(staff(), address, {"action": "annuler", "version": first.version, "reason": "Autre école"})
    assert verdicts() == [ENDED]
    booked(alice, book)
    assert cahier(book)[3:] == [(date(2025, 10, 20), 119_60, {"62810008": -106_60, "61681008": -13_00})]
    assert BookedPayment.objects.count() == 4
    assert faults_of_rows() == []


def test_what_is_paid_beyond_is_given_back(alice: Access, book: Book) -> None:
    declared_membership(alice)
    assert noted(alice, "129,60", "06/10/2025", beyond="on") == KEPT
    assert validated(alice, 1) == VALIDATED
    assert cahier(book) == [(date(2025, 10, 6), -129_60, {"62810008": 116_60, "61681008": 13_00})]
    assert noted(alice, "10", "06/10/2025", kind="refund_cheque", cheque="55") == KEPT
    booked(alice, book)
    assert cahier(book)[1:] == [(date(2025, 10, 6), 10_00, {"62810008": -10_00})]
    assert ("vous doit" in hub(alice, book), verdicts()) == (False, [GENUINE])


def test_a_payment_that_comes_back_then_is_paid_again(alice: Access, book: Book, clock: Clock) -> None:
    paid_and_validated(alice)
    clock.set(2025, 10, 20, 9, 0)
    row = Payment.objects.get()
    address = reverse("membership_payment", kwargs={"department": "91", "key": row.pk})
    given = {"action": "impaye", "version": row.version, "day": "20/10/2025", "reason": "Sans provision"}
    assert told(staff(), address, given) == ["Le paiement est noté revenu impayé. Il reste 119,60 € à payer."]
    assert (verdicts(), "Payer 119,60 €" in hub(alice, book)) == ([ENDED], True)
    assert client_of(alice).get(at(book, "membership_attestation")).status_code == 404
    assert noted(alice, "119,60", "20/10/2025") == KEPT
    assert validated(alice, 1) == VALIDATED
    parts = FIRST[2]
    back = (date(2025, 10, 20), 119_60, {account: -amount for account, amount in parts.items()})
    assert cahier(book) == [FIRST, back, (date(2025, 10, 20), -119_60, parts)]
    assert verdicts() == [ENDED, GENUINE]


def test_a_coop_that_leaves_gets_its_money_back(alice: Access, book: Book) -> None:
    declared_membership(alice)
    noted(alice, "119,60", "06/10/2025")
    leave = place("leave_membership", rne=alice.coop.rne)
    assert told(staff(), leave, {"annee": str(YEAR), "reason": "L’école ferme"}) == ["C’est noté : elle ne renouvelle pas."]
    page = hub(alice, book)
    assert ("Motif : L’école ferme" in page, "Payer" in page, "Corriger mes effectifs" in page) == (True, False, False)
    assert validated(alice, 1) == "Elle est notée « non renouvelée » : annulez cela d’abord."
    assert noted(alice, "119,60", "06/10/2025", kind="refund") == KEPT
    booked(alice, book)
    assert [bank for _, bank, _ in cahier(book)] == [-119_60, 119_60]
    told(staff(), leave, {"annee": str(YEAR), "reste": "oui"})
    assert "Payer 119,60 €" in hub(alice, book)
    assert faults_of_rows() == []


def test_a_coop_that_is_made_in_the_year_pays_a_whole_adhesion(clock: Clock, db: None) -> None:
    clock.set(2026, 2, 20, 10, 0)
    zoe = keeper("0911111C")
    book = a_book(zoe)
    [word] = home_words(books_of(zoe.coop), date(2026, 2, 20))
    assert plain(word.title) == "L’adhésion est à déclarer"
    declared_membership(zoe)
    row = membership_of(zoe.coop, YEAR)
    assert row is not None
    noted(zoe, "119,60", "20/02/2026")
    assert validated(zoe, 1) == VALIDATED
    assert [bank for _, bank, _ in cahier(book)] == [-119_60]
    assert Coop.objects.get(pk=zoe.coop.pk).closed_on is None
