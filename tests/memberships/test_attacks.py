"""What somebody might try on an adhésion: another's address, a role too small, a form sent again, a forged number, a name full of signs."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.memberships.models import BookedPayment, Declaration, Membership, MembershipAttestation, Payment
from retkoop.memberships.validating.services import validate
from retkoop.network.access import Access
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting
from tests.books.coops import YEAR, a_book, animateur, at, client_of, keeper, plain, said, stranger
from tests.cast import FAR_AWAY, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.memberships.at_hand import declared_membership, faults_of_rows
from tests.memberships.validating.at_hand import CLASSES, declared, money, ready, received
from tests.pages import notices, title

PAGES = (
    "membership",
    "membership_form",
    "membership_engagement",
    "membership_proof",
    "membership_attestation",
    "membership_here",
    "fee_call",
)
VERBS = ("membership_form", "membership_amount", "membership_engagement", "declare_membership", "book_membership")
EVIL = "École <script>alert(1)</script> & « L’Été » #emph[x] $a^2$ \\u{41} *gras*"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 20, 10, 0)
    return clock


def place(name: str, department: str = "91", **parts: Any) -> str:  # noqa: ANN401 -- parts of an address
    return f"{reverse(name, kwargs={'department': department, **parts})}?annee={YEAR}"


def submission(**more: object) -> dict[str, object]:
    return {"submission": str(uuid.uuid4()), "annee": str(YEAR), **more}


def paper(answer: Any) -> str:  # noqa: ANN401 -- an answer of the client
    told = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return plain(" ".join(told.split()))


def refusals(client: Client, address: str, given: dict[str, object]) -> list[str]:
    return [plain(one) for one in notices(client.post(address, given, follow=True))]


def test_another_coop_finds_nothing(alice: Access, book: Book) -> None:
    ready(alice.coop)
    validate(access=money(), coop=alice.coop, year=YEAR)
    charlie, key = stranger(), Payment.objects.get().pk
    assert {charlie.get(at(book, name)).status_code for name in PAGES} == {404}
    assert {charlie.post(at(book, name), submission(version=1)).status_code for name in VERBS} == {404}
    assert charlie.post(at(book, "withdraw_membership_payment", key=key)).status_code == 404
    assert Declaration.objects.count() == 1


def test_a_payment_of_another_coop_is_not_taken_back_from_ones_own_pages(alice: Access, book: Book, client: Client) -> None:
    charlie = keeper("0911111C")
    other = a_book(charlie)
    row = received(declared(alice.coop), state="announced", day=None)  # type: ignore[arg-type]  # no day yet
    told = refusals(client_of(charlie), at(other, "withdraw_membership_payment", key=row.pk), {})
    assert told == ["Ce paiement n’est plus là : rechargez la page."]
    assert refusals(client, at(book, "withdraw_membership_payment", key=row.pk), {})[0].startswith("C’est repris")


def test_another_association_finds_nothing(alice: Access, book: Book) -> None:
    ready(alice.coop)
    far = logged_in(make_staff("far", RoleKind.ADMINISTRATEUR, "33"))
    make_coop(FAR_AWAY)
    key, coop = Payment.objects.get().pk, {"rne": alice.coop.rne}
    for department in ("91", "33"):
        assert far.get(place("membership_of_coop", department, **coop)).status_code == 404
        assert far.get(place("attestation_of_coop", department, **coop)).status_code == 404
        assert far.post(place("validate_membership", department, **coop), submission(number=1)).status_code == 404
        assert far.post(place("leave_membership", department, **coop), submission(reason="Non")).status_code == 404
        assert far.post(reverse("membership_payment", kwargs={"department": department, "key": key}), {}).status_code == 404
    given = submission(membership=Membership.objects.get().pk, amount="1", day="20/11/2025", kind="transfer")
    answer = far.post(place("new_membership_payment", "33"), given)
    assert (answer.status_code, Payment.objects.count()) == (422, 1)
    assert (Membership.objects.get().validated, Membership.objects.get().left_on) == (0, None)


def test_an_animateur_validates_and_receives_nothing(alice: Access, book: Book) -> None:
    ready(alice.coop)
    helper, coop = animateur(), {"rne": alice.coop.rne}
    assert helper.post(place("validate_membership", **coop), submission(number=1)).status_code == 404
    assert helper.post(place("leave_membership", **coop), submission(reason="Non")).status_code == 404
    assert helper.get(place("new_membership_payment")).status_code == 404
    assert helper.post(reverse("membership_payment", kwargs={"department": "91", "key": Payment.objects.get().pk}), {}).status_code == 404
    assert Membership.objects.get().validated == 0


def test_a_form_that_is_sent_again_does_nothing(alice: Access, book: Book) -> None:
    ready(alice.coop)
    staff, once = logged_in(money().user), submission(number=1)
    address = place("validate_membership", rne=alice.coop.rne)
    assert len(refusals(staff, address, once)) == 1
    declared(alice.coop, CLASSES[:1])
    assert refusals(staff, address, once) == ["L’adhésion est validée."]
    assert refusals(staff, address, submission(number=1)) == ["La coopérative a corrigé sa déclaration entre-temps : relisez-la."]
    assert refusals(staff, address, submission(number=99)) == ["La coopérative a corrigé sa déclaration entre-temps : relisez-la."]
    assert (Membership.objects.get().validated, MembershipAttestation.objects.count(), BookedPayment.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("amount", [0, 119_59])
def test_what_is_not_paid_is_not_validated(alice: Access, book: Book, amount: int) -> None:
    row = declared_membership(alice)
    if amount:
        received(row, amount)
    staff = logged_in(money().user)
    [told] = refusals(staff, place("validate_membership", rne=alice.coop.rne), submission(number=1))
    assert told.startswith("Il manque ")
    assert MembershipAttestation.objects.count() == 0
    assert client_of(alice).get(at(book, "membership_attestation")).status_code == 404
    assert staff.get(place("attestation_of_coop", rne=alice.coop.rne)).status_code == 404


def test_signs_of_a_page_or_of_a_paper_are_only_text(alice: Access, book: Book) -> None:
    label = '<b>Malle</b> & #link("x")'
    extra = {"key": "x1", "label": label, "basis": "coop", "price": 5_00, "account": "62810008", "optional": False}
    change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name="extra_fees", value=[extra])
    with writing(alice.coop.chain, SYSTEM) as trail:
        coop = Coop.objects.get(pk=alice.coop.pk)
        before = coop.snapshot()
        coop.name = EVIL
        coop.save()
        trail.changed(coop, before, action="coop.changed")
    alice = keeper_again(alice)
    row = declared_membership(alice)
    received(row, 124_60)
    client, staff = client_of(alice), logged_in(money().user)
    staff.post(place("validate_membership", rne=alice.coop.rne), submission(number=1))
    code = MembershipAttestation.objects.get().code
    pages = [
        client.get(at(book, "membership")),
        client.get(at(book, "membership_proof")),
        staff.get(place("membership_of_coop", rne=alice.coop.rne)),
        staff.get(place("memberships")),
        staff.get(place("membership_payments")),
        Client().get(reverse("check_attestation", kwargs={"code": code})),
    ]
    for page in pages:
        assert (page.status_code, "<script>alert" in page.content.decode(), "<b>Malle" in page.content.decode()) == (200, False, False)
    name = " ".join(EVIL.split())
    assert name in paper(client.get(at(book, "membership_attestation")))
    call = paper(client.get(at(book, "fee_call")))
    assert (name in call, label in call) == (True, True)


def keeper_again(access: Access) -> Access:
    return Access(user=access.user, role=access.role, coop=Coop.objects.get(pk=access.coop.pk))


def test_the_code_of_a_coop_that_ended_still_tells(alice: Access, book: Book) -> None:
    ready(alice.coop)
    code = validate(access=money(), coop=alice.coop, year=YEAR).attestation.code
    heir = make_coop("0911111C", "École du Port")
    with writing(alice.coop.chain, SYSTEM) as trail:
        coop = Coop.objects.get(pk=alice.coop.pk)
        before = coop.snapshot()
        coop.closed_on, coop.merged_into = date(2025, 11, 15), heir
        coop.save()
        trail.changed(coop, before, action="coop.closed")
    answer = Client().get(reverse("check_attestation", kwargs={"code": code}))
    assert (answer.status_code, title(answer)) == (200, "Attestation authentique")
    assert "École Jean-Jaurès, Évry-Courcouronnes, RNE 0910000A" in said(answer)
    assert faults_of_rows() == []
