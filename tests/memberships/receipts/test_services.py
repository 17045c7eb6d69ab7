"""Payments: announced, received in parts, given back, come back; who may do what, and nothing twice."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.test import override_settings
from django.utils import timezone

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted, writing
from retkoop.books.writable import Refused
from retkoop.domain.membership import MembershipState
from retkoop.mailing.models import Letter
from retkoop.memberships.access import CLOSED, LEFT, NOT_THEIRS
from retkoop.memberships.models import Membership, MembershipAttestation, Payment, PaymentState, PaymentWay
from retkoop.memberships.queries import facts_of, memberships
from retkoop.memberships.receipts.services import (
    CHANGED,
    FUTURE,
    GONE,
    BeyondOwed,
    ReceivedFacts,
    announce_transfer,
    cancel_payment,
    payment_came_back,
    receive_payment,
    record_payment,
    refund,
    withdraw_announcement,
)
from retkoop.network.access import Access
from retkoop.network.models import Coop
from tests.books.coops import keeper, plain
from tests.cast import CHARLIE
from tests.memberships.at_hand import declared_membership, drafted, faults_of_rows
from tests.memberships.receipts.at_hand import DAY, OWED, announced, comptable, deposited, helper, received

pytestmark = pytest.mark.django_db

FACTS = ReceivedFacts(PaymentWay.TRANSFER, OWED, DAY)


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def membership(alice: Access) -> Membership:
    return declared_membership(alice)


def standing(membership: Membership) -> tuple[MembershipState, int]:
    facts = facts_of(memberships().get(pk=membership.pk))
    return facts.state, facts.owed


def refusal_of(verb: object, **given: object) -> str:
    assert callable(verb)
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return plain(str(refusal.value))


def validate(membership: Membership) -> None:
    """Have the AD validate, and give an attestation."""
    with writing(membership.coop.chain, SYSTEM) as trail:
        row = Membership.objects.get(pk=membership.pk)
        before = row.snapshot()
        row.validated, row.validated_at = 1, trail.at
        row.save()
        trail.changed(row, before, action="membership.validated")
        declaration = row.declarations.get(number=1)
        proof = MembershipAttestation(membership=row, declaration=declaration, code="ABC", facts={"year": "2025-2026"}, issued_at=trail.at)
        proof.save()
        trail.created(proof, action="attestation.issued")


def test_a_payment_in_two_parts_pays_the_adhesion(membership: Membership) -> None:
    received(membership, 100_00)
    assert standing(membership) == (MembershipState.PART_PAID, 19_60)
    received(membership, 19_60, PaymentWay.CHEQUE, cheque="12")
    assert standing(membership) == (MembershipState.PAID, 0)
    assert [row.action for row in AuditEvent.objects.filter(subject__startswith="memberships.payment")] == ["payment.received"] * 2
    assert faults_of_rows() == []


def test_more_than_what_is_owed_is_recorded_where_it_is_meant(membership: Membership) -> None:
    given = {"access": comptable(), "membership": membership}
    assert (
        refusal_of(record_payment, **given, facts=replace(FACTS, amount=120_00)) == "Il reste 119,60 € à payer : ce montant est plus grand."
    )
    record_payment(access=comptable(), membership=membership, facts=replace(FACTS, amount=120_00, beyond=True))
    assert standing(membership) == (MembershipState.PAID, -40)
    with pytest.raises(BeyondOwed):
        record_payment(access=comptable(), membership=membership, facts=replace(FACTS, amount=1))
    assert refusal_of(refund, **given, facts=replace(FACTS, amount=120_01)) == (
        "Vous avez reçu 120,00 € de cette coopérative : vous ne pouvez pas rendre davantage."
    )
    refund(access=comptable(), membership=membership, facts=replace(FACTS, amount=40))
    assert standing(membership) == (MembershipState.PAID, 0)


@pytest.mark.parametrize("amount", [0, -5, 100_000_01])
def test_an_amount_that_is_none_is_refused(membership: Membership, amount: int) -> None:
    said = refusal_of(record_payment, access=comptable(), membership=membership, facts=replace(FACTS, amount=amount))
    assert said == "Indiquez un montant plus grand que zéro, et plausible pour une adhésion."


def test_the_same_is_not_recorded_twice(alice: Access, membership: Membership) -> None:
    once = uuid.uuid4()
    record_payment(access=comptable(), membership=membership, facts=replace(FACTS, amount=10_00), submission=once)
    with pytest.raises(AlreadySubmitted):
        record_payment(access=comptable(), membership=membership, facts=replace(FACTS, amount=10_00), submission=once)
    announced(alice, membership, "77", 20_00)
    cheque = replace(FACTS, way=PaymentWay.CHEQUE, cheque="77", amount=20_00)
    assert refusal_of(record_payment, access=comptable(), membership=membership, facts=cheque) == (
        "Le chèque n° 77 de cette coopérative est déjà noté."
    )


def test_a_coop_announces_what_it_owes_and_may_take_it_back(alice: Access, membership: Membership) -> None:
    row = announced(alice, membership)
    assert (row.state, row.announced_on, standing(membership)) == (
        PaymentState.ANNOUNCED,
        timezone.localdate(),
        (MembershipState.DECLARED, OWED),
    )
    assert refusal_of(announce_transfer, access=alice, membership=membership, amount=1_00) == (
        "Cette adhésion n’attend plus de paiement : ce montant est plus grand."
    )
    withdraw_announcement(access=alice, key=row.pk)
    announce_transfer(access=alice, membership=membership, amount=OWED)
    assert [one.state for one in Payment.objects.all()] == [PaymentState.CANCELLED, PaymentState.ANNOUNCED]
    assert faults_of_rows() == []


def test_what_a_coop_may_not_announce(alice: Access, membership: Membership) -> None:
    charlie = keeper(CHARLIE)
    assert refusal_of(announced, access=alice, membership=membership, number=" ") == (
        "Indiquez le numéro du chèque : il est imprimé en bas, à gauche."
    )
    assert refusal_of(announced, access=charlie, membership=membership) == plain(GONE)
    drafted(charlie)
    begun = Membership.objects.get(coop=charlie.coop)
    assert refusal_of(announced, access=charlie, membership=begun) == "Déclarez d’abord votre adhésion : son montant en dépend."
    row = announced(alice, membership)
    assert refusal_of(withdraw_announcement, access=charlie, key=row.pk) == plain(GONE)
    deposited([row])
    assert refusal_of(withdraw_announcement, access=alice, key=row.pk) == "L’association a déjà ce paiement : demandez-lui de le changer."


@pytest.mark.parametrize(("gone", "told"), [({"left_on": DAY}, LEFT), ({"coop__closed_on": DAY}, CLOSED)])
def test_a_coop_that_adheres_no_more_announces_nothing(alice: Access, membership: Membership, gone: dict[str, date], told: str) -> None:
    for name, day in gone.items():
        rows = Coop.objects.filter(pk=alice.coop.pk) if name == "coop__closed_on" else Membership.objects.filter(pk=membership.pk)
        rows.update(**{name.removeprefix("coop__"): day})
    assert refusal_of(announced, access=alice, membership=membership) == plain(told)
    assert Payment.objects.count() == 0


def test_an_announced_payment_comes_or_is_cancelled(alice: Access, membership: Membership) -> None:
    first, second = announced(alice, membership, "1", 19_60), announced(alice, membership, "2", 100_00)
    receive_payment(access=comptable(), key=first.pk, version=1, day=DAY)
    assert refusal_of(receive_payment, access=comptable(), key=first.pk, version=1, day=DAY) == plain(CHANGED)
    assert refusal_of(receive_payment, access=comptable(), key=first.pk, version=2, day=DAY) == "Ce paiement n’est plus attendu."
    assert refusal_of(receive_payment, access=comptable(), key=second.pk, version=1, day=date(2200, 1, 1)) == plain(FUTURE)
    told = "Ce jour est bien avant l’adhésion 2025-2026 : vérifiez l’année."
    assert refusal_of(receive_payment, access=comptable(), key=second.pk, version=1, day=date(2024, 8, 31)) == told
    assert refusal_of(cancel_payment, access=comptable(), key=second.pk, version=1, reason=" ") == "Dites pourquoi, en une phrase."
    cancel_payment(access=comptable(), key=second.pk, version=1, reason="Perdu")
    assert refusal_of(cancel_payment, access=comptable(), key=second.pk, version=2, reason="?") == "Ce paiement ne peut plus être annulé."
    assert (standing(membership), faults_of_rows()) == ((MembershipState.PART_PAID, 100_00), [])


@override_settings(CAN_SEND_MAIL=True)
def test_a_payment_that_comes_back_undoes_the_validation_and_tells_the_coop(membership: Membership) -> None:
    membership.coop.email = "ecole@exemple.fr"
    membership.coop.save()
    row = received(membership, way=PaymentWay.CHEQUE, cheque="77")
    validate(membership)
    assert standing(membership) == (MembershipState.VALIDATED, 0)
    payment_came_back(access=comptable(), key=row.pk, version=1, day=DAY, reason="Provision insuffisante", submission=uuid.uuid4())
    assert standing(membership) == (MembershipState.DECLARED, OWED)
    assert [one.revoked_reason for one in MembershipAttestation.objects.all()] == ["Paiement revenu impayé\u202f: Provision insuffisante"]
    letter = Letter.objects.get(address="ecole@exemple.fr")
    assert plain(letter.subject) == "École Jean-Jaurès : le paiement de votre adhésion est revenu impayé"
    assert [line for line in plain(letter.body).splitlines() if line] == [
        "Bonjour,",
        (
            "Le chèque n° 77 de 119,60 € pour l’adhésion 2025-2026 de la coopérative « École Jean-Jaurès » est revenu impayé le "
            "14 novembre 2025."
        ),
        "Motif : Provision insuffisante",
        "Votre adhésion est donc de nouveau à payer. Sa validation est reprise, et l’attestation délivrée ne vaut plus.",
        "Voyez votre banque, puis payez de nouveau :",
        f"{letter.body.partition('http')[1]}{letter.body.partition('http')[2].splitlines()[0]}",
        "OCCE 91",
        "Retkoop, la comptabilité des coopératives scolaires",
    ]
    again = {"access": comptable(), "key": row.pk, "version": 2, "reason": "?"}
    assert refusal_of(payment_came_back, **again, day=DAY) == "Seul un paiement reçu peut revenir impayé."


def test_a_payment_recorded_by_mistake_is_cancelled(membership: Membership) -> None:
    row = received(membership)
    validate(membership)
    cancel_payment(access=comptable(), key=row.pk, version=1, reason="Autre école")
    kept = Payment.objects.get()
    assert (kept.state, kept.received_on, kept.returned_on) == (PaymentState.CANCELLED, DAY, timezone.localdate())
    assert standing(membership) == (MembershipState.DECLARED, OWED)


def test_it_cannot_come_back_before_it_was_received(membership: Membership) -> None:
    row = received(membership)
    given = {"access": comptable(), "key": row.pk, "version": 1, "reason": "?"}
    assert refusal_of(payment_came_back, **given, day=date(2025, 11, 13)) == "Ce paiement n’est reçu que le 14 novembre 2025."


def test_only_those_of_the_money_act(alice: Access, membership: Membership) -> None:
    row = announced(alice, membership)
    given = {"access": helper(), "key": row.pk, "version": 1}
    assert refusal_of(record_payment, access=helper(), membership=membership, facts=FACTS) == NOT_THEIRS
    assert refusal_of(refund, access=helper(), membership=membership, facts=FACTS) == NOT_THEIRS
    assert refusal_of(receive_payment, **given, day=DAY) == NOT_THEIRS
    assert refusal_of(cancel_payment, **given, reason="?") == NOT_THEIRS
    assert refusal_of(payment_came_back, **given, day=DAY, reason="?") == NOT_THEIRS


def test_a_cheque_of_a_bordereau_is_not_cancelled(alice: Access, membership: Membership) -> None:
    row = announced(alice, membership)
    deposited([row])
    assert refusal_of(cancel_payment, access=comptable(), key=row.pk, version=2, reason="?") == (
        "Ce chèque est dans un bordereau : défaites d’abord la remise, ou notez-le revenu impayé."
    )


def test_a_cotisation_given_back_is_validated_no_more(alice: Access) -> None:
    membership = declared_membership(alice)
    record_payment(access=comptable(), membership=membership, facts=replace(FACTS, amount=OWED + 10_00, beyond=True))
    with writing(alice.coop.chain, SYSTEM) as trail:
        row = Membership.objects.get()
        before = row.snapshot()
        row.validated, row.validated_at, row.validated_by = 1, trail.at, "Nadine"
        row.save()
        trail.changed(row, before, action="membership.validated")
    access = comptable()
    refund(access=access, membership=membership, facts=replace(FACTS, amount=10_00), submission=uuid.uuid4())
    assert Membership.objects.get().validated == 1
    refund(access=access, membership=membership, facts=replace(FACTS, amount=1), submission=uuid.uuid4())
    assert Membership.objects.get().validated == 0
    assert faults_of_rows() == []


@pytest.mark.parametrize("number", ["0002000101", "n° 2 000 101", " 2000101 "])
def test_a_cheque_is_one_however_its_number_is_written(alice: Access, number: str) -> None:
    membership = declared_membership(alice)
    announced(alice, membership, "2000101", OWED)
    facts = ReceivedFacts(PaymentWay.CHEQUE, OWED, DAY, number)
    with pytest.raises(Refused, match="est déjà noté"):
        record_payment(access=comptable(), membership=membership, facts=facts, submission=uuid.uuid4())
    assert Payment.objects.count() == 1
