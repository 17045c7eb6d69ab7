"""What an AD decides about an adhésion: validated once all is there, with its attestation and the operation; not renewed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import override_settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.models import Operation
from retkoop.books.writable import Refused
from retkoop.domain.attestation_code import read_code
from retkoop.domain.fees import ClassCount, Level
from retkoop.domain.membership import MembershipState
from retkoop.mailing.models import Letter
from retkoop.memberships.models import BookedPayment, Membership, MembershipAttestation
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.memberships.validating.attestations import REPLACED
from retkoop.memberships.validating.services import ALREADY, CHANGED, NOT_YOURS, mark_left, unmark_left, validate
from retkoop.network.access import Access
from retkoop.network.models import MandateRank, RoleKind
from retkoop.network.services import change_setting
from tests.books.coops import YEAR, a_book, keeper, plain
from tests.cast import CHARLIE, FAR_AWAY, make_coop
from tests.clock import Clock
from tests.memberships.validating.at_hand import CLASSES, DUE, FEES, INSURANCE, accepted, declared, mandate, money, ready, received, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 20, 10, 0)
    return clock


@pytest.fixture
def access() -> Access:
    return keeper()


@pytest.fixture(autouse=True)
def mail() -> Iterator[None]:
    with override_settings(CAN_SEND_MAIL=True):
        yield


def state_of(access: Access) -> MembershipState:
    row = membership_of(access.coop, YEAR)
    assert row is not None
    return facts_of(row).state


def refusal_of(access: Access) -> str:
    with pytest.raises(Refused) as refused:
        validate(access=money(), coop=access.coop, year=YEAR)
    return plain(str(refused.value))


def test_an_adhesion_that_is_paid_is_validated_with_its_attestation_its_operation_and_a_letter(access: Access) -> None:
    book, row = a_book(access), ready(access.coop)
    done = validate(access=money(), coop=access.coop, year=YEAR, number=1, submission=uuid.uuid4())
    kept = Membership.objects.get(pk=row.pk)
    assert (kept.validated, kept.validated_by, kept.version, state_of(access)) == (1, "Nadine", 2, MembershipState.VALIDATED)
    attestation = MembershipAttestation.objects.get()
    assert (done.attestation, read_code(attestation.code), attestation.revoked_at, done.left) == (attestation, attestation.code, None, [])
    assert attestation.facts == {
        "coop": access.coop.name,
        "rne": access.coop.rne,
        "commune": access.coop.commune,
        "association": "OCCE 91",
        "association_name": access.coop.association.name,
        "year": "2025-2026",
        "pupils": 50,
        "adults": 2,
        "insured": True,
        "holders": [["Mme Perrin", "Mandataire"]],
    }
    operation = Operation.objects.get(book=book)
    assert (operation.label, operation.bank, operation.cheque, operation.tiers) == (
        "Adhésion OCCE 2025-2026",
        -DUE,
        "2000101",
        "OCCE 91",
    )
    booked = BookedPayment.objects.get()
    assert (booked.operation_id, booked.parts) == (operation.pk, {"62810008": FEES, "61681008": INSURANCE})
    letter = Letter.objects.get(purpose="attestation")
    assert (letter.address, letter.chain) == (access.coop.email, access.coop.chain)
    assert f"/coop/{access.coop.rne}/2025-2026/adhesion/attestation/" in letter.body


def test_the_chain_of_the_coop_tells_all_of_it_in_order(access: Access) -> None:
    a_book(access)
    ready(access.coop)
    validate(access=money(), coop=access.coop, year=YEAR)
    told = AuditEvent.objects.filter(chain=access.coop.chain, actor_name="Nadine").order_by("sequence").values_list("action", flat=True)
    assert list(told) == ["membership.validated", "attestation.issued", "operation.recorded", "operation.on_paper", "booking.made"]


def test_nothing_is_validated_before_it_is_declared(access: Access) -> None:
    assert refusal_of(access) == "Rien n’est encore déclaré."


def test_what_is_still_owed_is_told(access: Access) -> None:
    row = declared(access.coop)
    assert refusal_of(access) == "Il manque 119,60 €."
    received(row, 100_00)
    assert refusal_of(access) == "Il manque 19,60 €, 100,00 € reçus sur 119,60 €."


def test_each_mandataire_must_have_accepted_the_engagement(access: Access) -> None:
    text()
    row = declared(access.coop)
    received(row)
    assert refusal_of(access) == "L’engagement n’est pas encore accepté."
    first = mandate(access.coop)
    for holder in ("M. Petit", "Mme Grand"):
        mandate(access.coop, holder, rank=MandateRank.ADJOINT)
    assert refusal_of(access) == "L’engagement n’est pas encore accepté par Mme Perrin, M. Petit et Mme Grand."
    accepted(row, of=first)
    accepted(row, "PETIT")
    assert refusal_of(access) == "L’engagement n’est pas encore accepté par Mme Grand."
    accepted(row, "Mme Grand")
    validate(access=money(), coop=access.coop, year=YEAR)


def test_a_coop_whose_mandates_nobody_noted_is_named_by_who_accepted(access: Access) -> None:
    row = declared(access.coop)
    received(row)
    accepted(row, "M. Durand")
    assert validate(access=money(), coop=access.coop, year=YEAR).attestation.facts["holders"] == [["M. Durand", "Mandataire"]]


def test_what_is_validated_is_not_validated_again(access: Access) -> None:
    ready(access.coop)
    validate(access=money(), coop=access.coop, year=YEAR)
    assert refusal_of(access) == ALREADY
    assert MembershipAttestation.objects.count() == 1


def test_a_form_sent_twice_validates_once(access: Access) -> None:
    ready(access.coop)
    submission = uuid.uuid4()
    validate(access=money(), coop=access.coop, year=YEAR, submission=submission)
    with pytest.raises(AlreadySubmitted):
        validate(access=money(), coop=access.coop, year=YEAR, submission=submission)


def test_a_declaration_that_was_corrected_meanwhile_is_read_again(access: Access) -> None:
    ready(access.coop)
    declared(access.coop)
    with pytest.raises(Refused, match=CHANGED):
        validate(access=money(), coop=access.coop, year=YEAR, number=1)


def test_an_animateur_does_not_decide(access: Access) -> None:
    ready(access.coop)
    bob = money(RoleKind.ANIMATEUR, "bob")
    verbs: list[Callable[[], object]] = [
        lambda: validate(access=bob, coop=access.coop, year=YEAR),
        lambda: mark_left(access=bob, coop=access.coop, year=YEAR, reason="Non"),
        lambda: unmark_left(access=bob, coop=access.coop, year=YEAR),
    ]
    for verb in verbs:
        with pytest.raises(Refused, match=NOT_YOURS):
            verb()


def test_nobody_validates_a_coop_of_another_association() -> None:
    with pytest.raises(Refused, match=NOT_YOURS):
        validate(access=money(), coop=make_coop(FAR_AWAY), year=YEAR)


def test_a_complement_paid_makes_another_attestation_and_a_second_operation(access: Access) -> None:
    book, row = a_book(access), ready(access.coop)
    validate(access=money(), coop=access.coop, year=YEAR)
    declared(access.coop, (*CLASSES, ClassCount(Level.ULIS, 9)))
    assert state_of(access) is MembershipState.PART_PAID
    received(row, 10 * 2_30, date(2026, 1, 15))
    validate(access=money(), coop=access.coop, year=YEAR, number=2)
    former, latest = MembershipAttestation.objects.order_by("pk")
    assert (former.revoked_reason, former.revoked_at == latest.issued_at, latest.revoked_at) == (REPLACED, True, None)
    assert [attestation.facts["pupils"] for attestation in (former, latest)] == [50, 59]
    assert list(Operation.objects.filter(book=book).order_by("pk").values_list("bank", flat=True)) == [-DUE, -23_00]
    assert BookedPayment.objects.latest("pk").parts == {"62810008": 20_50, "61681008": 2_50}


def test_an_association_that_does_not_book_leaves_it_to_the_coop(access: Access) -> None:
    a_book(access)
    ready(access.coop)
    change_setting(author=SYSTEM, association=access.coop.association, from_year=2025, name="book_on_validation", value=False)
    done = validate(access=money(), coop=access.coop, year=YEAR)
    assert (done.booked, Operation.objects.count()) == ((), 0)


def test_a_payment_that_cannot_go_into_the_cahier_does_not_keep_from_validating(access: Access) -> None:
    ready(access.coop)
    done = validate(access=money(), coop=access.coop, year=YEAR)
    assert (done.left, state_of(access)) == (["Le cahier 2025-2026 n’est pas ouvert."], MembershipState.VALIDATED)


def test_without_insurance_the_attestation_says_so(access: Access) -> None:
    ready(access.coop, insured=False)
    assert validate(access=money(), coop=access.coop, year=YEAR).attestation.facts["insured"] is False


def test_a_coop_that_does_not_renew_is_noted_with_why_and_taken_back(access: Access) -> None:
    mark_left(access=money(), coop=access.coop, year=YEAR, reason=" L’école ferme. ", submission=uuid.uuid4())
    row = Membership.objects.get()
    assert (row.left_on, row.left_reason, row.reference) == (date(2025, 11, 20), "L’école ferme.", f"RF{row.reference[2:4]}0910000A2025")
    assert state_of(access) is MembershipState.LEFT
    mark_left(access=money(), coop=access.coop, year=YEAR, reason="Elle passe au 77.")
    assert refusal_of(access) == "Elle est notée « non renouvelée » : annulez cela d’abord."
    unmark_left(access=money(), coop=access.coop, year=YEAR)
    assert state_of(access) is MembershipState.TO_DECLARE
    with pytest.raises(Refused, match="Rien ne dit que cette coopérative"):
        unmark_left(access=money(), coop=access.coop, year=YEAR)


def test_what_is_validated_is_not_noted_as_left(access: Access) -> None:
    ready(access.coop)
    validate(access=money(), coop=access.coop, year=YEAR)
    with pytest.raises(Refused, match="n’est plus à relancer"):
        mark_left(access=money(), coop=access.coop, year=YEAR, reason="Non")


def test_two_coops_of_one_association_have_each_their_attestation(access: Access) -> None:
    for coop in (access.coop, make_coop(CHARLIE)):
        ready(coop)
        validate(access=money(), coop=coop, year=YEAR)
    assert len(set(MembershipAttestation.objects.values_list("code", flat=True))) == 2
